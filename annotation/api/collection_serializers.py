"""The shapes of collections, their clips, and exports."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from annotation import flags
from annotation.api.strict import StrictMixin
from annotation.models import Clip, Collection, Export
from annotation.saying import said


class CollectionSerializer(StrictMixin, serializers.ModelSerializer[Collection]):
    class Meta:
        model = Collection
        fields = ["id", "name", "description", "created_at"]


class ClipSerializer(StrictMixin, serializers.ModelSerializer[Clip]):
    participants: Any = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Clip
        fields = [
            "id",
            "external_id",
            "kind",
            "duration",
            "sha256",
            "participants",
            "attributes",
            "flags",
        ]
        read_only_fields = ["external_id", "kind", "duration", "sha256", "attributes"]

    def validate_flags(self, given: Any) -> list[str]:
        if not isinstance(given, list) or not all(isinstance(word, str) for word in given):
            raise serializers.ValidationError(_("Give a list of flags."))
        try:
            return flags.checked(given)
        except flags.UnknownFlag as error:
            raise serializers.ValidationError(said(error)) from error


class ExportSerializer(StrictMixin, serializers.ModelSerializer[Export]):
    url = serializers.SerializerMethodField()

    class Meta:
        model = Export
        fields = [
            "id",
            "format",
            "state",
            "rows",
            "sha256",
            "error",
            "created_at",
            "finished_at",
            "url",
        ]
        read_only_fields = ["state", "rows", "sha256", "error", "created_at", "finished_at"]

    def get_url(self, export: Export) -> str | None:
        return f"/api/v1/exports/{export.pk}/file/" if export.state == Export.State.READY else None
