"""One learning round and its model card over HTTP."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from active_learning import cards
from active_learning.round_serializer import RoundSerializer
from annotation.api.access import IsResearcher, managed_campaign


class RoundView(APIView):
    """One learning round of a campaign."""

    permission_classes = [IsResearcher]

    @extend_schema(responses=RoundSerializer)
    def get(self, request: Request, campaign: int, number: int) -> Response:
        """Return a round with its metrics and their intervals."""
        rounds = managed_campaign(request, campaign).rounds.all()
        return Response(RoundSerializer(get_object_or_404(rounds, number=number)).data)


class CardView(APIView):
    """The model card of a finished round."""

    permission_classes = [IsResearcher]

    @extend_schema(responses={(200, "text/markdown"): OpenApiTypes.STR})
    def get(self, request: Request, campaign: int, number: int) -> HttpResponse:
        """Return the card as Markdown."""
        rounds = managed_campaign(request, campaign).rounds.done()
        card = cards.markdown(get_object_or_404(rounds, number=number))
        return HttpResponse(card, content_type="text/markdown; charset=utf-8")


_ROUND = "campaigns/<int:campaign>/rounds/<int:number>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path(_ROUND, RoundView.as_view(), name="api-round"),
    path(f"{_ROUND}card/", CardView.as_view(), name="api-card"),
]
