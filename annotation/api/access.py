"""Who may call what, and which rows they get to see."""

from __future__ import annotations

from typing import Any, cast

from django.shortcuts import get_object_or_404
from rest_framework.pagination import CursorPagination
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from annotation.launching import NotPossibleError
from annotation.models import Campaign
from web.problems import Problem


class Pages(CursorPagination):
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
    ordering = "pk"


class IsResearcher(IsAuthenticated):
    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and cast("User", request.user).is_researcher


class SeesConsents(IsAuthenticated):
    def has_permission(self, request: Request, view: APIView) -> bool:
        user = cast("User", request.user)
        return super().has_permission(request, view) and (
            user.is_researcher or user.is_consent_reviewer
        )


def managed_campaign(request: Request, key: int) -> Campaign:
    """Return a campaign whose figures this person may see; a stranger's is not there."""
    campaigns = Campaign.objects.managed_by(cast("User", request.user)).select_related("scheme")
    return get_object_or_404(campaigns, pk=key)


def not_possible(error: NotPossibleError) -> Problem:
    return Problem(409, str(error), code="not_possible")


def page_of(view: Any, rows: Any, serializer: Any) -> Response:
    """Return a page of rows other than the view's own."""
    page = view.paginate_queryset(rows)
    return cast("Response", view.get_paginated_response(serializer(page, many=True).data))
