"""What the workers do for annotation, and what the scheduler looks after."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from annotation import consensus, export, ingest, manifest, quality, releasing, watching
from annotation.models import (
    Campaign,
    CampaignState,
    ClipImport,
    Export,
    Fit,
    Population,
)
from annotation.saying import said
from jobs.models import Job
from jobs.queue import enqueue, report_progress
from jobs.registry import every, job

QUIET = timedelta(seconds=20)
TRIES = 3


@job("consensus", seconds=1800)
def refresh_consensus(job: Job, *, campaign: int, settle: bool) -> dict[str, Any]:
    found = Campaign.objects.get(pk=campaign)
    newest = found.fits.values_list("pk", flat=True)
    before = newest.first()
    refreshed = consensus.refresh(found, settle=settle)
    if newest.first() != before:
        enqueue("watch", key=f"watch:{campaign}", campaign=campaign)
    return refreshed


@job("watch", seconds=1800)
def watch_labels(job: Job, *, campaign: int) -> dict[str, int]:
    row = Fit.objects.filter(campaign=campaign, population=Population.CROWD).first()
    return {"alarms": watching.watch(row) if row else 0}


@job("quality", seconds=600)
def review_probes(job: Job, *, campaign: int, annotator: int) -> dict[str, int]:
    looked_at = Campaign.objects.get(pk=campaign), User.objects.get(pk=annotator)
    return {"alarms": quality.review(*looked_at)}


@job("export", seconds=3600)
def make_export(job: Job, *, export: int) -> None:
    _make_export(Export.objects.select_related("campaign__scheme").get(pk=export))


@job("ingest", seconds=3600)
def ingest_upload(job: Job, *, report: int) -> dict[str, int]:
    row = ClipImport.objects.select_related("collection").get(pk=report)
    if row.finished_at is None:
        # The report is written once, for who uploaded, in the language they asked in.
        with override(row.options.get("language", settings.LANGUAGE_CODE)):
            _ingest(job, row)
    # What was sent is not kept: the clips are normalised, and the report names the rest.
    shutil.rmtree(row.options.get("folder", ""), ignore_errors=True)
    return {"accepted": row.accepted, "refused": len(row.refused)}


def _ingest(job: Job, row: ClipImport) -> None:
    try:
        entries = manifest.read(Path(row.options["source"]), Path(row.options["media_root"]))
    except manifest.InvalidManifest as error:
        row.error, row.finished_at = said(error), timezone.now()
        row.save()
        return
    row.refused, row.accepted, row.already_there = [], 0, 0
    choices = ingest.Options(row.options.get("participant", ""), row.created_by)
    ingest.import_clips(
        entries, row, choices, lambda n, total, what: report_progress(job, n / total, what)
    )


@every(seconds=10)
def keep_leases_honest() -> None:
    """Give back what ran out, may no longer be shown, or its holder opted out of."""
    releasing.release_overdue()
    releasing.release_blocked()
    releasing.release_unwanted()


@every(seconds=3)
def notice_labels() -> None:
    """Ask for the consensus of every campaign that got labels; for a full fit once they rest."""
    for campaign in Campaign.objects.exclude(state=CampaignState.DRAFT):
        settle = consensus.is_unsettled(campaign, QUIET)
        if settle or consensus.needs_refresh(campaign):
            key = f"consensus:{campaign.pk}:{settle}"
            enqueue("consensus", key=key, campaign=campaign.pk, settle=settle)


def _make_export(row: Export) -> None:
    for _try in range(TRIES):
        try:
            export.make(row)
        except export.ConsentChangedError:
            # What is gone is gone: the next try leaves it out.
            continue
        return
    export.fail(row, _("Consents kept changing while it was written. Ask for it again."))
