"""Whether the site is well: a page for people, JSON for machines."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from jobs.health import report

OK, UNWELL = 200, 503


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Say of each part whether it is at work."""
    findings = report()
    well = all(finding.ok for finding in findings)
    status = OK if well else UNWELL
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        context = {"findings": findings, "well": well}
        return render(request, "web/health.html", context, status=status)
    document = {
        "status": "ok" if well else "unwell",
        "findings": [finding._asdict() for finding in findings],
    }
    return JsonResponse(document, status=status)
