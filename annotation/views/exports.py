"""Exports: asked for on the campaign's page, made by a job, taken away as a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from annotation import export
from annotation.models import Campaign, Export
from annotation.views.access import managed_campaign, person


@login_required
@require_POST
def export_create(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Ask for an export of the campaign."""
    campaign = managed_campaign(request, pk)
    wish = request.POST.get("format", "")
    if wish in export.FORMATS:
        export.request_export(campaign, wish, person(request))
        messages.success(request, _("The export is being made. It appears below when it is ready."))
    return redirect("annotation:campaign", campaign.pk)


@login_required
def export_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the file of an export, as long as all in it still consent."""
    campaigns = Campaign.objects.managed_by(person(request))
    row = get_object_or_404(
        Export.objects.select_related("campaign"), pk=pk, campaign__in=campaigns
    )
    path = export.path_of(row)
    if row.state != Export.State.READY or not path.is_file():
        raise Http404
    if not export.is_still_allowed(row):
        messages.error(request, _("A consent was withdrawn or ran out since. Make a new export."))
        return redirect("annotation:campaign", row.campaign_id)
    file = path.open("rb")
    return FileResponse(file, as_attachment=True, filename=export.filename(row))
