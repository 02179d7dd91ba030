"""Proposals of fewer labels over HTTP: how they stand, and deciding."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, cast

from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, path
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from active_learning import proposals
from active_learning.models import Proposal
from annotation.api.access import IsResearcher, Pages, managed_campaign, not_possible, page_of
from annotation.launching import NotPossibleError


class EvidenceSerializer(serializers.Serializer[Any]):
    """Of `n` clips that chance picked, at least `confidence` sure: right about, surely at least."""

    confidence = serializers.FloatField()
    n = serializers.IntegerField()
    right = serializers.FloatField()
    low = serializers.FloatField()


class StandingSerializer(serializers.Serializer[Any]):
    """Counts of clips, and of `checked` ones how many the learner was `right` about."""

    clips = serializers.IntegerField()
    kept = serializers.IntegerField()
    lowered = serializers.IntegerField()
    saves = serializers.IntegerField()
    answered = serializers.IntegerField()
    contradicted = serializers.IntegerField()
    checked = serializers.IntegerField()
    right = serializers.IntegerField()
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    doubtful = serializers.BooleanField()


class ProposalSerializer(serializers.ModelSerializer[Proposal]):
    round = serializers.IntegerField(source="round.number")
    evidence = EvidenceSerializer()
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        fields = ["id", "round", "state", "evidence", "standing", "decided_at", "created_at"]

    @extend_schema_field(StandingSerializer)
    def get_standing(self, proposal: Proposal) -> dict[str, Any]:
        return asdict(proposals.standing(proposal))


class ProposalDecisionSerializer(serializers.Serializer[Any]):
    decision = serializers.ChoiceField(choices=sorted(proposals.DECISIONS))


class NewestProposalsFirst(Pages):
    ordering = "-pk"
    page_size = 20


class ProposalsView(GenericAPIView[Proposal]):
    """What a campaign's learner proposed to ask fewer people about."""

    permission_classes = [IsResearcher]
    pagination_class = NewestProposalsFirst
    serializer_class = ProposalSerializer
    queryset = Proposal.objects.none()

    @extend_schema(responses=ProposalSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return the proposals, the newest first, each with how it stands."""
        rows = managed_campaign(request, campaign).proposals.select_related("round", "campaign")
        return page_of(self, rows, ProposalSerializer)


class ProposalView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(request=ProposalDecisionSerializer, responses=ProposalSerializer)
    def post(self, request: Request, campaign: int, proposal: int) -> Response:
        """Accept or decline a proposal that waits, or take back one that was accepted."""
        rows = managed_campaign(request, campaign).proposals.all()
        found = get_object_or_404(rows, pk=proposal)
        body = ProposalDecisionSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            proposals.DECISIONS[body.validated_data["decision"]](found, cast("User", request.user))
        except NotPossibleError as error:
            raise not_possible(error) from error
        return Response(ProposalSerializer(rows.get(pk=found.pk)).data)


urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:campaign>/proposals/", ProposalsView.as_view(), name="api-proposals"),
    path(
        "campaigns/<int:campaign>/proposals/<int:proposal>/",
        ProposalView.as_view(),
        name="api-proposal",
    ),
]
