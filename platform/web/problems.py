"""Errors of the API as RFC 9457 problem details: what went wrong, where, and what to do."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
RETRY_SECONDS = 2


class Problem(exceptions.APIException):
    """An error with a status, a sentence, and the fields it is about."""

    def __init__(
        self, status_code: int, detail: str, *, code: str = "", errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(detail, code or None)
        self.status_code = status_code
        self.errors = errors or {}
        self.wait: int | None = None


def problem_response(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what an API view raised into a problem document."""
    if isinstance(exception, exceptions.ValidationError):
        exception.status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    if isinstance(exception, OperationalError):
        exception = _busy(exception)
    response = exception_handler(exception, context)
    if response is None:
        return None
    response.data = _document(exception, response)
    response.content_type = CONTENT_TYPE
    set_rollback()
    return response


def _busy(error: OperationalError) -> Problem:
    """Return what to say when the database is away, or others hold it for too long.

    Whatever was sent is rolled back, and may be sent again: it is stored once.
    """
    logger.error("The database did not answer a request", exc_info=error)
    problem = Problem(503, _("The database is busy. Send the same again in a moment."), code="busy")
    problem.wait = RETRY_SECONDS  # what DRF makes Retry-After of
    return problem


def not_found(request: HttpRequest, rest: str) -> JsonResponse:
    """Answer for an address of the API that there is none."""
    document = {
        "type": "about:blank",
        "title": HTTPStatus.NOT_FOUND.phrase,
        "status": HTTPStatus.NOT_FOUND.value,
        "detail": _("The API has no such address. See /api/docs/."),
    }
    return JsonResponse(document, status=HTTPStatus.NOT_FOUND, content_type=CONTENT_TYPE)


def _document(exception: Exception, response: Response) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(response.status_code).phrase,
        "status": response.status_code,
    }
    if isinstance(exception, exceptions.ValidationError):
        document["detail"] = _("Some fields are not right.")
        document["errors"] = (
            response.data if isinstance(response.data, dict) else {"body": response.data}
        )
    elif isinstance(response.data, dict):
        document["detail"] = str(response.data.get("detail", ""))
    if isinstance(exception, Problem):
        document["code"] = exception.get_codes()
        if exception.errors:
            document["errors"] = exception.errors
    return document
