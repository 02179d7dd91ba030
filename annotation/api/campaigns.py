"""Campaigns over HTTP, and the statistics of each."""

from __future__ import annotations

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from annotation import comparing, launching, reports, reports_annotators
from annotation.api.access import IsResearcher, Pages, managed_campaign, not_possible, page_of
from annotation.api.campaign_serializers import CampaignSerializer
from annotation.models import Campaign, Consensus, Score, Summary


class ConsensusSerializer(serializers.ModelSerializer[Consensus]):
    external_id = serializers.CharField(source="task.clip.external_id")

    class Meta:
        model = Consensus
        fields = [
            "task",
            "external_id",
            "population",
            "distribution",
            "n_labels",
            "effective_n",
            "entropy",
            "divergence",
            "information",
            "state",
            "updated_at",
        ]


class SummarySerializer(serializers.ModelSerializer[Summary]):
    external_id = serializers.CharField(source="task.clip.external_id")

    class Meta:
        model = Summary
        fields = ["task", "external_id", "population", "question", "value", "updated_at"]


class ScoreSerializer(serializers.ModelSerializer[Score]):
    """Where a clip stands among those it was compared with."""

    external_id = serializers.CharField(source="clip.external_id")

    class Meta:
        model = Score
        fields = [
            "clip",
            "external_id",
            "population",
            "value",
            "low",
            "high",
            "balance",
            "n_comparisons",
            "n_labels",
        ]


class CampaignViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    mixins.UpdateModelMixin,
    viewsets.GenericViewSet[Campaign],
):
    """Campaigns: their settings, their states, and what their labels amount to."""

    serializer_class = CampaignSerializer
    pagination_class = Pages
    http_method_names = ["get", "post", "patch", "head", "options"]
    lookup_value_converter = "int"

    def get_permissions(self) -> list[Any]:
        if self.action in ("list", "retrieve"):
            return list(super().get_permissions())
        return [IsResearcher()]

    def get_queryset(self) -> QuerySet[Campaign]:
        user = cast("User", self.request.user)
        campaigns = Campaign.objects.select_related("scheme", "collection", "owner")
        if self.action in ("list", "retrieve"):
            return campaigns.visible_to(user)
        return campaigns.managed_by(user)

    def perform_create(self, serializer: serializers.BaseSerializer[Campaign]) -> None:
        serializer.save(owner=self.request.user)

    def perform_update(self, serializer: serializers.BaseSerializer[Campaign]) -> None:
        try:
            serializer.save()
        except launching.NotPossibleError as error:
            raise not_possible(error) from error

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: int) -> Response:
        """Start a draft, or go on after a pause."""
        return self._go(request, pk, launching.start)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def pause(self, request: Request, pk: int) -> Response:
        """Serve nothing more for now."""
        return self._go(request, pk, launching.pause)

    @extend_schema(request=None, responses=CampaignSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: int) -> Response:
        """End the campaign for good."""
        return self._go(request, pk, launching.finish)

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def agreement(self, request: Request, pk: int) -> Response:
        """Return alpha with its interval, the choice of aggregator and the counts of states.

        Of a campaign that compares clips, the split-half reliability of their scores.
        """
        return Response(reports.agreement(managed_campaign(request, pk)))

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True)
    def annotators(self, request: Request, pk: int) -> Response:
        """Return each annotator's labels, reliability and mean weight, pace and skips.

        `mean_seconds` is null where no times were sent. A skip counts against nobody.
        """
        return Response(reports_annotators.plain(managed_campaign(request, pk)))

    @extend_schema(
        responses=PolymorphicProxySerializer(
            component_name="ConsensusOrScore",
            serializers=[ConsensusSerializer, ScoreSerializer],
            resource_type_field_name=None,
            many=True,
        )
    )
    @action(detail=True)
    def consensus(self, request: Request, pk: int) -> Response:
        """Return the distribution and the state of every task, page by page.

        Of a campaign that compares clips, the score of every clip.
        """
        campaign = managed_campaign(request, pk)
        if comparing.compares(campaign):
            found = Score.objects.consented().filter(campaign=campaign).select_related("clip")
            return page_of(self, found, ScoreSerializer)
        rows = (
            Consensus.objects.consented()
            .filter(task__campaign=campaign)
            .select_related("task__clip")
        )
        return page_of(self, rows, ConsensusSerializer)

    @extend_schema(responses=SummarySerializer(many=True))
    @action(detail=True)
    def summaries(self, request: Request, pk: int) -> Response:
        """Return what the answers to each question add up to, task by task, page by page."""
        rows = (
            Summary.objects.consented()
            .filter(task__campaign=managed_campaign(request, pk))
            .select_related("task__clip")
        )
        return page_of(self, rows, SummarySerializer)

    def _go(self, request: Request, pk: int, change: Any) -> Response:
        campaign = managed_campaign(request, pk)
        try:
            change(campaign, cast("User", request.user))
        except launching.NotPossibleError as error:
            raise not_possible(error) from error
        return Response(CampaignSerializer(campaign, context={"request": request}).data)
