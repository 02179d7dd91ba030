"""Learning rounds over HTTP."""

from __future__ import annotations

from typing import cast

from django.urls import URLPattern, URLResolver, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from active_learning import triggering
from active_learning.models import Round
from annotation.api.access import IsResearcher, Pages, managed_campaign, not_possible, page_of
from annotation.launching import NotPossibleError
from jobs.models import Job


class RoundSerializer(serializers.ModelSerializer[Round]):
    class Meta:
        model = Round
        fields = [
            "number",
            "state",
            "trigger",
            "step",
            "seed",
            "n_labels",
            "learner_sha256",
            "output_sha256",
            "metrics",
            "error",
            "started_at",
            "finished_at",
        ]


class RoundJobSerializer(serializers.ModelSerializer[Job]):
    """The job that will run a round."""

    job = serializers.IntegerField(source="pk")

    class Meta:
        model = Job
        fields = ["job", "state", "created_at"]


class NewestRoundsFirst(Pages):
    ordering = "-number"


class RoundsView(GenericAPIView[Round]):
    """The learning rounds of a campaign."""

    permission_classes = [IsResearcher]
    pagination_class = NewestRoundsFirst
    serializer_class = RoundSerializer
    queryset = Round.objects.none()

    @extend_schema(responses=RoundSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return the rounds, the newest first, each with its metrics and their intervals."""
        return page_of(self, managed_campaign(request, campaign).rounds.all(), RoundSerializer)

    @extend_schema(request=None, responses={202: RoundJobSerializer})
    def post(self, request: Request, campaign: int) -> Response:
        """Ask for a round now; a job runs it."""
        found = managed_campaign(request, campaign)
        try:
            job = triggering.request(found, cast("User", request.user))
        except NotPossibleError as error:
            raise not_possible(error) from error
        return Response(RoundJobSerializer(job).data, status=202)


urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:campaign>/rounds/", RoundsView.as_view(), name="api-rounds"),
]
