"""Files for others: raw labels with their weights, and the consensus as distributions."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from annotation.export import jsonl, long_csv
from annotation.models import Campaign, Export, TaskClip
from audit.log import record
from jobs.queue import enqueue

FORMATS = {module.NAME: module for module in (long_csv, jsonl)}


class ConsentChangedError(Exception):
    """A consent was withdrawn or ran out while the file was written."""


@transaction.atomic
def request_export(campaign: Campaign, wish: str, actor: User | None) -> Export:
    """Ask for an export; a job makes it."""
    row = Export.objects.create(
        campaign=campaign, created_by=actor, format=wish, purpose=campaign.purpose
    )
    record(actor, "export.requested", row, format=wish, purpose=campaign.purpose)
    enqueue("export", key=f"export:{row.pk}", export=row.pk)
    return row


def make(row: Export) -> Export:
    """Write the file of an export and say that it is ready."""
    folder = Path(settings.EXPORT_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{secrets.token_hex(16)}{FORMATS[row.format].SUFFIX}"
    rows, clips, sha256 = write(row.campaign, row.format, target)
    with transaction.atomic():
        row.file, row.rows, row.clips, row.sha256 = target.name, rows, clips, sha256
        row.state, row.finished_at = Export.State.READY, timezone.now()
        row.save()
        record(row.created_by, "export.made", row, rows=rows, clips=len(clips), sha256=sha256)
    return row


def write(campaign: Campaign, wish: str, path: Path) -> tuple[int, list[int], str]:
    """Write all that consent allows to `path` and return its rows, its clips and its SHA-256.

    Raises:
        ConsentChangedError: there is no file then; another try leaves out what is gone.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    clips: list[int] = []
    try:
        with draft.open("w", encoding="utf-8", newline="") as file, transaction.atomic():
            rows = FORMATS[wish].write(campaign, file, clips)
        with draft.open("rb") as finished:
            sha256 = hashlib.file_digest(finished, "sha256").hexdigest()
        if not _all_cleared(campaign, clips):
            raise ConsentChangedError
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return rows, clips, sha256


def is_still_allowed(row: Export) -> bool:
    """Return whether everybody in the file still consents."""
    return _all_cleared(row.campaign, row.clips)


def fail(row: Export, reason: str) -> None:
    """Say that an export cannot be made."""
    row.state, row.error, row.finished_at = Export.State.FAILED, reason, timezone.now()
    row.save(update_fields=["state", "error", "finished_at"])


def path_of(row: Export) -> Path:
    """Return where the file of an export lies."""
    return Path(settings.EXPORT_ROOT) / row.file


def filename(row: Export) -> str:
    """Return the name that a download is saved under."""
    suffix = FORMATS[row.format].SUFFIX
    return f"attune-campaign-{row.campaign_id}-{row.finished_at:%Y%m%d-%H%M}{suffix}"


def _all_cleared(campaign: Campaign, clips: list[int]) -> bool:
    cleared = campaign.tasks.cleared()
    allowed = set(cleared.values_list("clip", flat=True))
    beside = TaskClip.objects.filter(task__in=cleared)
    allowed.update(beside.values_list("clip", flat=True))
    return allowed.issuperset(clips)
