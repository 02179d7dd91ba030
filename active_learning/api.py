"""Learning rounds over HTTP."""

from __future__ import annotations

from typing import Any, cast

from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import DefaultRouter
from rest_framework.views import APIView

from accounts.models import User
from active_learning import plan_api, proposal_api, round_api, triggering, voice
from active_learning.models import Round
from active_learning.round_serializer import RoundSerializer
from active_learning.vectors_api import CollectionVectorsView, VectorSetView
from annotation import scheme
from annotation.api.access import IsResearcher, Pages, managed_campaign, not_possible, page_of
from annotation.launching import NotPossibleError
from annotation.models import Campaign
from jobs.models import Job
from web.problems import Problem


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


class VoiceClipSerializer(serializers.Serializer[Any]):
    clip = serializers.CharField()
    people = serializers.DictField(child=serializers.FloatField())
    with_learner = serializers.DictField(child=serializers.FloatField())
    n_labels = serializers.IntegerField()


class VoiceSerializer(serializers.Serializer[Any]):
    """What people and the learner say together; no consensus and no training set holds it."""

    n_clips = serializers.IntegerField()
    divergence = serializers.FloatField(help_text=gettext_lazy("Jensen-Shannon, in nats."))
    temperature = serializers.FloatField()
    weight = serializers.FloatField()
    clips = VoiceClipSerializer(many=True)


class WeightSerializer(serializers.Serializer[Any]):
    weight = serializers.FloatField(
        min_value=0,
        max_value=1,
        default=0.5,
        help_text=gettext_lazy("How many labels the learner counts as."),
    )


class VoiceView(APIView):
    """The learner as one more voice, in this report alone."""

    permission_classes = [IsResearcher]

    @extend_schema(parameters=[WeightSerializer], responses=VoiceSerializer)
    def get(self, request: Request, campaign: int) -> Response:
        """Return what people and the learner say together of the clips that both spoke of."""
        found = managed_campaign(request, campaign)
        asked = WeightSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        told = voice.hear(found, asked.validated_data["weight"])
        if told is None:
            error = _("The learner foretold no clip that was labelled since. Run a round first.")
            raise Problem(409, error, code="not_possible")
        return Response(_voice(found, told))


def _voice(campaign: Campaign, told: voice.Heard) -> dict[str, Any]:
    options = scheme.categories(campaign.scheme.questions)
    rows = [
        {
            "clip": clip,
            "people": dict(zip(options, people, strict=True)),
            "with_learner": dict(zip(options, both, strict=True)),
            "n_labels": n,
        }
        for clip, people, both, n in told.rows
    ]
    figures = {name: value for name, value in vars(told).items() if name != "rows"}
    return {**figures, "clips": rows}


router = DefaultRouter(use_regex_path=False)
router.include_root_view = False
router.include_format_suffixes = False
router.register("plans", plan_api.PlanViewSet, basename="plan")

urlpatterns: list[URLPattern | URLResolver] = [
    path("campaigns/<int:campaign>/rounds/", RoundsView.as_view(), name="api-rounds"),
    *round_api.urlpatterns,
    *proposal_api.urlpatterns,
    path("campaigns/<int:campaign>/with-learner/", VoiceView.as_view(), name="api-voice"),
    path(
        "collections/<int:pk>/vectors/",
        CollectionVectorsView.as_view(),
        name="api-collection-vectors",
    ),
    path(
        "collections/<int:pk>/vectors/<int:vectors>/",
        VectorSetView.as_view(),
        name="api-vector-set",
    ),
    path("", include(router.urls)),
]
