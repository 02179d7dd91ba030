"""Collections, clips, participants and their consents over HTTP."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from annotation import care
from annotation.api.access import IsResearcher, Pages, page_of
from annotation.api.collection_serializers import (
    ClipSerializer,
    CollectionSerializer,
)
from annotation.models import Clip, Collection


class CollectionViewSet(
    mixins.CreateModelMixin,
    mixins.ListModelMixin,
    mixins.RetrieveModelMixin,
    viewsets.GenericViewSet[Collection],
):
    serializer_class = CollectionSerializer
    permission_classes = [IsResearcher]
    pagination_class = Pages
    queryset = Collection.objects.order_by("pk")

    def perform_create(self, serializer: serializers.BaseSerializer[Collection]) -> None:
        serializer.save(owner=self.request.user)

    @extend_schema(responses=ClipSerializer(many=True))
    @action(detail=True)
    def clips(self, request: Request, pk: int) -> Response:
        """Return what is known of the collection's clips; their media only annotators see."""
        rows = Clip.objects.filter(collection=self.get_object()).prefetch_related("participants")
        return page_of(self, rows, ClipSerializer)


class ClipViewSet(
    mixins.RetrieveModelMixin, mixins.UpdateModelMixin, viewsets.GenericViewSet[Clip]
):
    """One clip, without its media; its `flags` may be changed, at once for every campaign."""

    serializer_class = ClipSerializer
    permission_classes = [IsResearcher]
    queryset = Clip.objects.prefetch_related("participants").order_by("pk")
    http_method_names = ["get", "patch", "head", "options"]
    lookup_value_converter = "int"

    def perform_update(self, serializer: serializers.BaseSerializer[Clip]) -> None:
        clip = cast("Clip", serializer.instance)
        wanted = serializer.validated_data.get("flags", clip.flags)
        care.flag(clip, wanted, cast("User", self.request.user))
