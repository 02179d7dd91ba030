"""Clips of known reading over HTTP."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import gold, scheme
from annotation.api.access import IsResearcher, managed_campaign
from annotation.api.strict import StrictMixin
from annotation.gold import InvalidGoldError, Known
from annotation.models import Campaign, Gold

MOST = 1000


class KnownSerializer(StrictMixin, serializers.Serializer[Known]):
    clip = serializers.CharField(max_length=200, help_text=gettext_lazy("Its external id."))
    reading = serializers.JSONField(
        help_text=gettext_lazy("One answer, or a share of 1 for each of several.")
    )
    teaches = serializers.BooleanField(
        default=False,
        help_text=gettext_lazy("Shown with feedback before the work, and never to test."),
    )
    explanation = serializers.CharField(
        max_length=1000, default="", allow_blank=True, help_text=gettext_lazy("For the training.")
    )

    def validate_reading(self, reading: Any) -> Any:
        if isinstance(reading, str):
            return reading
        if isinstance(reading, dict) and all(map(_is_number, reading.values())):
            return reading
        raise serializers.ValidationError(
            _('Give one answer, such as "joy", or shares, such as {"joy": 0.7, "calm": 0.3}.')
        )


class MarkSerializer(StrictMixin, serializers.Serializer[Any]):
    """Either `clips` by name, or so many that are `settled`."""

    clips = serializers.ListField(
        child=KnownSerializer(), required=False, min_length=1, max_length=MOST
    )
    settled = serializers.IntegerField(min_value=1, max_value=MOST, required=False)
    teaches = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("clips" in attrs) == ("settled" in attrs):
            raise serializers.ValidationError(
                _("Give clips with their readings, or the number of settled ones, not both.")
            )
        if "clips" in attrs and attrs["teaches"]:
            raise serializers.ValidationError({"teaches": _("Say it of each of the clips.")})
        return attrs


class GoldSerializer(serializers.ModelSerializer[Gold]):
    clip = serializers.CharField(source="task.clip.external_id")
    reading = serializers.SerializerMethodField()

    class Meta:
        model = Gold
        fields = ["task", "clip", "reading", "teaches", "explanation", "source", "created_at"]

    def get_reading(self, row: Gold) -> dict[str, float]:
        options = scheme.categories(row.campaign.scheme.questions)
        return dict(zip(options, row.distribution, strict=True))


class GoldView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses=GoldSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return the campaign's clips of known reading that may be shown."""
        return Response(GoldSerializer(_rows(managed_campaign(request, campaign)), many=True).data)

    @extend_schema(request=MarkSerializer, responses={201: GoldSerializer(many=True)})
    def post(self, request: Request, campaign: int) -> Response:
        """Mark clips as known: those named, or so many that labels have settled."""
        found = managed_campaign(request, campaign)
        body = MarkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            rows = _mark(found, body.validated_data, cast("User", request.user))
        except InvalidGoldError as error:
            raise serializers.ValidationError({error.field: str(error)}) from error
        kept = _rows(found).filter(pk__in=[row.pk for row in rows])
        return Response(GoldSerializer(kept, many=True).data, 201)


class KnownClipView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, campaign: int, task: int) -> Response:
        """Put a clip back among those that are to be labelled."""
        found = managed_campaign(request, campaign)
        row = get_object_or_404(found.gold.select_related("campaign"), task=task)
        gold.unmark(row, cast("User", request.user))
        return Response(status=204)


def _mark(campaign: Campaign, body: dict[str, Any], actor: User) -> list[Gold]:
    if "settled" in body:
        return gold.take_settled(campaign, body["settled"], actor, teaches=body["teaches"])
    return gold.mark(campaign, [Known(**one) for one in body["clips"]], actor)


def _rows(campaign: Campaign) -> Any:
    shown = campaign.gold.filter(task__in=campaign.tasks.cleared())
    return shown.select_related("task__clip", "campaign__scheme")


def _is_number(share: Any) -> bool:
    return isinstance(share, int | float) and not isinstance(share, bool)
