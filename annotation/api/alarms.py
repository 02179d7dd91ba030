"""Alarms over HTTP: what to look at, and what was decided."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import alarms
from annotation.api.access import IsResearcher, managed_campaign
from annotation.api.strict import StrictMixin
from annotation.models import Alarm, Outcome, Ruling
from web.problems import Problem


class RulingSerializer(serializers.ModelSerializer[Ruling]):
    class Meta:
        model = Ruling
        fields = ["outcome", "reasons", "made_at"]


class AlarmSerializer(serializers.ModelSerializer[Alarm]):
    rulings = RulingSerializer(many=True)

    class Meta:
        model = Alarm
        fields = [
            "id", "annotator", "kind", "state", "pauses", "evidence", "objection", "raised_at",
            "rulings",
        ]  # fmt: skip


class RuleSerializer(StrictMixin, serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(choices=Outcome.choices)
    reasons = serializers.CharField(min_length=alarms.SHORTEST, max_length=2000)


class AlarmsView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses=AlarmSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return the campaign's alarms, the newest first."""
        rows = managed_campaign(request, campaign).alarms.prefetch_related("rulings")
        return Response(AlarmSerializer(rows, many=True).data)


class RulingsView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(request=RuleSerializer, responses={201: AlarmSerializer})
    def post(self, request: Request, campaign: int, alarm: int) -> Response:
        """Decide about an alarm, with reasons that the annotator can read."""
        found = managed_campaign(request, campaign)
        row = get_object_or_404(found.alarms.select_related("campaign", "annotator"), pk=alarm)
        body = RuleSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            alarms.rule(row, cast("User", request.user), **body.validated_data)
        except alarms.NotPossibleError as error:
            raise Problem(409, str(error), code="not_possible") from error
        kept = found.alarms.prefetch_related("rulings").get(pk=row.pk)
        return Response(AlarmSerializer(kept).data, 201)
