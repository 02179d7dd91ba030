"""A collection's own vectors over HTTP."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from active_learning import own_vectors
from active_learning.models import VectorSet
from active_learning.vector_files import VectorFileError
from annotation.api.access import IsResearcher, Pages, not_possible, page_of
from annotation.launching import NotPossibleError
from annotation.models import Collection
from web.problems import Problem


class VectorSetSerializer(serializers.ModelSerializer[VectorSet]):
    class Meta:
        model = VectorSet
        fields = ["id", "name", "version", "dimension", "n", "sha256", "created_at"]


class BroughtSerializer(VectorSetSerializer):
    """A new set, with the external ids of the clips that it leaves without features."""

    without = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(VectorSetSerializer.Meta):
        fields = [*VectorSetSerializer.Meta.fields, "without"]


class UploadSerializer(serializers.Serializer[Any]):
    name = serializers.RegexField(r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)
    file = serializers.FileField(
        help_text=_(
            "An .npz file with the arrays ids and vectors, or Parquet with the column external_id "
            "and a column of lists or numeric columns."
        )
    )


class CollectionVectorsView(GenericAPIView[VectorSet]):
    """Vectors that researchers brought for a collection's clips."""

    permission_classes = [IsResearcher]
    pagination_class = Pages
    parser_classes = [MultiPartParser]
    serializer_class = VectorSetSerializer
    queryset = VectorSet.objects.none()

    @extend_schema(responses=VectorSetSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """Return the sets of a collection, every version of each."""
        found = get_object_or_404(Collection, pk=pk)
        return page_of(self, found.vector_sets.all(), VectorSetSerializer)

    @extend_schema(request=UploadSerializer, responses={201: BroughtSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Bring vectors; a name that there is already gets a new version."""
        found = get_object_or_404(Collection, pk=pk)
        body = UploadSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        name, upload = body.validated_data["name"], body.validated_data["file"]
        try:
            taken = _bring(found, name, upload, cast("User", request.user))
        except VectorFileError as error:
            detail = "Some fields are not right."
            raise Problem(422, detail, errors={"file": [str(error)]}) from error
        told = VectorSetSerializer(taken.row).data | {"without": taken.without}
        return Response(told, status=201)


class VectorSetView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int, vectors: int) -> Response:
        """Delete one version of a set that no campaign learns from."""
        row = get_object_or_404(VectorSet, pk=vectors, collection=pk)
        try:
            own_vectors.remove(row, cast("User", request.user))
        except NotPossibleError as error:
            raise not_possible(error) from error
        return Response(status=204)


def _bring(
    collection: Collection, name: str, upload: UploadedFile[Any], actor: User
) -> own_vectors.Taken:
    """Read the upload from a file of its own: what is big is not held in memory twice."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors"
        with path.open("wb") as file:
            for chunk in upload.chunks():
                file.write(chunk)
        return own_vectors.bring(collection, name, path, actor)
