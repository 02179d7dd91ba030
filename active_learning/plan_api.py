"""Plans over HTTP: what a campaign would reach and cost."""

from __future__ import annotations

from typing import cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from active_learning.models import Plan
from active_learning.plan_serializers import AskSerializer, PlanSerializer, ask, may_ask_of
from annotation.api.access import IsResearcher, Pages


class NewestPlansFirst(Pages):
    ordering = "-pk"


class PlanViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Plan]):
    """What a campaign would reach and cost, simulated before anybody is paid."""

    permission_classes = [IsResearcher]
    pagination_class = NewestPlansFirst
    serializer_class = PlanSerializer
    queryset = Plan.objects.none()
    lookup_value_converter = "int"

    def get_queryset(self) -> QuerySet[Plan]:
        mine = Plan.objects.visible_to(cast("User", self.request.user))
        return mine.select_related("collection", "job")

    @extend_schema(request=AskSerializer, responses={202: PlanSerializer})
    def create(self, request: Request) -> Response:
        """Ask; a job simulates, and the plan has its answer once that is done."""
        user = cast("User", request.user)
        asked = AskSerializer(data=request.data, context=may_ask_of(user))
        asked.is_valid(raise_exception=True)
        return Response(PlanSerializer(ask(asked.validated_data, user)).data, status=202)
