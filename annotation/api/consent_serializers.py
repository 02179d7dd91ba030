"""The shapes of participants, consent forms and consents."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from annotation.api.strict import StrictMixin
from consent import recording
from consent.models import Consent, ConsentForm, Participant


class ParticipantSerializer(StrictMixin, serializers.ModelSerializer[Participant]):
    class Meta:
        model = Participant
        fields = ["id", "code", "created_at"]


class ConsentSerializer(serializers.ModelSerializer[Consent]):
    participant = serializers.CharField(source="participant.code", read_only=True)
    form = serializers.CharField(source="form.key", read_only=True)

    class Meta:
        model = Consent
        fields = [
            "id",
            "participant",
            "form",
            "purposes",
            "state",
            "given_at",
            "expires_at",
            "reason",
        ]


class ConsentFormSerializer(StrictMixin, serializers.ModelSerializer[ConsentForm]):
    """The version counts itself: the next one of the key in its language."""

    class Meta:
        model = ConsentForm
        fields = ["id", "key", "version", "language", "title", "text", "purposes", "sha256"]
        read_only_fields = ["version", "sha256"]
        # The version is counted under a lock, not taken from what was sent.
        validators: list[Any] = []

    def create(self, validated_data: dict[str, Any]) -> ConsentForm:
        return recording.publish(**validated_data)


class NewConsentSerializer(StrictMixin, serializers.Serializer[Consent]):
    """`form` is the key of a form, or key@version; `purposes` are all it offers, if left out."""

    participant = serializers.SlugRelatedField(
        slug_field="code", queryset=Participant.objects.all()
    )
    form = serializers.CharField(max_length=80)
    purposes = serializers.ListField(child=serializers.CharField(), required=False)
    expires_at = serializers.DateTimeField()
    evidence = serializers.CharField(max_length=300, required=False, default="")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            form = recording.find_form(attrs["form"])
        except recording.UnknownFormError as error:
            raise serializers.ValidationError({"form": str(error)}) from error
        purposes = attrs.get("purposes") or form.purposes
        beyond = [purpose for purpose in purposes if purpose not in form.purposes]
        if beyond:
            sentence = _("The form does not offer %(purpose)s.") % {"purpose": beyond[0][:80]}
            raise serializers.ValidationError({"purposes": sentence})
        if attrs["expires_at"] <= timezone.now():
            raise serializers.ValidationError({"expires_at": _("Give a date to come.")})
        grant = {"form": form, "purposes": list(dict.fromkeys(purposes))}
        rest = {"expires_at": attrs["expires_at"], "evidence": attrs["evidence"]}
        return {"participant": attrs["participant"], "grant": grant | rest}
