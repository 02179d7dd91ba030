"""Who runs a campaign's round: one job at a time, which a later one may take over from the dead."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone

from active_learning.models import Round, RoundQuerySet, RoundState, Trigger
from annotation.models import Campaign
from audit.log import record
from jobs.claims import LeaseLostError
from jobs.models import Job


class RoundRunningError(Exception):
    """Another worker runs a round of this campaign."""


def begin_or_resume(campaign: Campaign, trigger: Trigger, job: Job) -> Round:
    """Return the campaign's running round, a new one or what a dead worker left, now held by `job`.

    Raises:
        RoundRunningError: a living worker runs it.
    """
    row = campaign.rounds.running().select_related("job").first()
    if row is None:
        return _begin(campaign, trigger, job)
    if row.job_id != job.pk and row.job and _is_alive(row.job):
        raise RoundRunningError(f"Round {row.number} is being run. Wait until it is done.")
    if not Round.objects.running().filter(pk=row.pk, job=row.job_id).update(job=job):
        raise RoundRunningError(f"Round {row.number} was just taken up by another worker.")
    row.job = job
    return row


def held(row: Round) -> RoundQuerySet:
    """The row of a round, as long as it runs and its job holds it."""
    return Round.objects.running().filter(pk=row.pk, job=row.job_id)


def note(row: Round, **changes: Any) -> None:
    """Write down how far the round is.

    Raises:
        LeaseLostError: another job has taken it over.
    """
    if not held(row).update(**changes):
        raise LeaseLostError(f"{row} was taken over by another job.")
    for name, value in changes.items():
        setattr(row, name, value)


@transaction.atomic
def fail(row: Round, reason: str) -> None:
    """Give a round up; the order of the queue stays what it was."""
    note(row, state=RoundState.FAILED, error=reason, finished_at=timezone.now())
    record(None, "round.failed", row, number=row.number, step=row.step, reason=reason)


def fail_abandoned() -> int:
    """Mark failed the rounds whose job will not go on with them; return how many."""
    over = Q(job=None) | Q(job__state__in=[Job.State.DONE, Job.State.FAILED, Job.State.PARKED])
    rows = list(Round.objects.running().filter(over).select_related("job"))
    return sum(_failed(row) for row in rows)


def _failed(row: Round) -> bool:
    why = row.job.error if row.job else ""
    try:
        fail(row, why or "The worker was stopped and did not come back.")
    except LeaseLostError:
        # Just now a job took it up after all.
        return False
    return True


def _begin(campaign: Campaign, trigger: Trigger, job: Job) -> Round:
    numbers = campaign.rounds.aggregate(last=Max("number"))
    number = (numbers["last"] or 0) + 1
    last_label = campaign.labels.standing().aggregate(last=Max("pk"))["last"] or 0
    try:
        with transaction.atomic():
            row = Round.objects.create(
                campaign=campaign,
                number=number,
                trigger=trigger,
                seed=_seed(campaign, number),
                last_label_id=last_label,
                job=job,
            )
            record(None, "round.started", row, number=number, trigger=trigger)
    except IntegrityError as error:
        raise RoundRunningError(f"Round {number} was just begun by another worker.") from error
    return row


def _seed(campaign: Campaign, number: int) -> int:
    named = f"{campaign.seed}:{campaign.pk}:{number}".encode()
    return int.from_bytes(hashlib.sha256(named).digest()[:4]) >> 1


def _is_alive(job: Job) -> bool:
    lease = job.lease_until
    return job.state == Job.State.RUNNING and lease is not None and lease > timezone.now()
