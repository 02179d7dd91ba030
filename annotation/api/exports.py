"""Exports over HTTP: always a job, then a file with a checksum."""

from __future__ import annotations

from typing import Any, cast

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation import export
from annotation.api.access import IsResearcher, managed_campaign
from annotation.api.collection_serializers import ExportSerializer
from annotation.models import Campaign, Export
from web.problems import Problem


class CampaignExportsView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses=ExportSerializer(many=True))
    def get(self, request: Request, campaign: int) -> Response:
        """Return the campaign's exports, the newest first."""
        rows = managed_campaign(request, campaign).exports.all()[:100]
        return Response(ExportSerializer(rows, many=True).data)

    @extend_schema(request=ExportSerializer, responses={202: ExportSerializer})
    def post(self, request: Request, campaign: int) -> Response:
        """Ask for an export; it is made by a job."""
        found = managed_campaign(request, campaign)
        body = ExportSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        wish = body.validated_data["format"]
        if wish not in export.FORMATS:
            known = ", ".join(export.FORMATS)
            raise Problem(
                422, "Some fields are not right.", errors={"format": [f"Known: {known}."]}
            )
        made = export.request_export(found, wish, cast("User", request.user))
        return Response(ExportSerializer(made).data, status=202)


class ExportView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses=ExportSerializer)
    def get(self, request: Request, export: int) -> Response:
        """Return the state of an export and, when it is ready, its address and checksum."""
        return Response(ExportSerializer(_managed(request, export)).data)


class ExportFileView(APIView):
    permission_classes = [IsResearcher]

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, export: int) -> Any:
        """Download an export. One that no longer matches the consents is gone."""
        row = _managed(request, export)
        return download(row)


def download(row: Export) -> FileResponse:
    """Return an export's file, as long as all in it still consent."""
    path = export.path_of(row)
    if row.state != Export.State.READY or not path.is_file():
        raise Http404
    if not export.is_still_allowed(row):
        raise Problem(
            410, "A consent was withdrawn or ran out since. Make a new export.", code="stale"
        )
    return FileResponse(path.open("rb"), as_attachment=True, filename=export.filename(row))


def _managed(request: Request, key: int) -> Export:
    campaigns = Campaign.objects.managed_by(cast("User", request.user))
    return get_object_or_404(Export, pk=key, campaign__in=campaigns)
