"""Who runs a job: claimed by compare-and-set, kept by heartbeats, ended by the same claim."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from jobs.models import LEASE, MAX_ATTEMPTS, Job, JobQuerySet

FIRST_PAUSE_SECONDS = 10
LONGEST_PAUSE_SECONDS = 600


class LeaseLostError(RuntimeError):
    """The job was taken over by another worker: what this one did must not be committed."""


class JobFailedError(Exception):
    """The job cannot be done, and trying again would not help; the message is for people."""


class RetryLater(Exception):
    """The job cannot be done now; it asks to be run again after a pause."""

    def __init__(self, reason: str = "", *, delay: timedelta = timedelta(seconds=30)) -> None:
        super().__init__(reason)
        self.delay = delay


def held(job: Job) -> JobQuerySet:
    """The row of `job`, as long as the claim under which it runs is the latest."""
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.RUNNING)


def claim(pk: int) -> Job | None:
    """Take the job for this worker, or return None if it is not due or another one has it."""
    now = timezone.now()
    token = uuid4().hex
    same_work = Job.objects.filter(dedupe_key=OuterRef("dedupe_key"), state=Job.State.RUNNING)
    free = Job.objects.filter(~Exists(same_work.exclude(pk=OuterRef("pk"))), pk=pk)
    try:
        with transaction.atomic():
            taken = free.due().update(
                state=Job.State.RUNNING,
                claim=token,
                attempts=F("attempts") + 1,
                lease_until=now + LEASE,
                heartbeat_at=now,
            )
    except IntegrityError:
        # Another worker began the same work between our look and our step.
        return None
    return Job.objects.get(pk=pk) if taken else None


def renew(job: Job) -> bool:
    """Extend the lease; False if the job is no longer ours."""
    now = timezone.now()
    return bool(held(job).update(lease_until=now + LEASE, heartbeat_at=now))


def finish(job: Job, result: dict[str, Any] | None = None) -> None:
    """Mark the job done. Called inside the handler's transaction, work and mark are one.

    Raises:
        LeaseLostError: if another worker has taken the job over.
    """
    _end(job, Job.State.DONE, result=result, progress=1.0, error="")


def fail(job: Job, reason: str) -> None:
    """Give the job up for good, with a reason for people."""
    _end(job, Job.State.FAILED, error=reason)


def postpone(job: Job, reason: str, delay: timedelta) -> None:
    """Let the job run again after `delay`; waiting is not an attempt."""
    _hand_back(job, reason, delay, attempts=F("attempts") - 1)


def retry(job: Job, reason: str) -> None:
    """Let the job run again after a pause that grows fourfold, or park it after the last one."""
    if job.attempts >= MAX_ATTEMPTS:
        _end(job, Job.State.PARKED, error=reason)
        return
    pause = min(FIRST_PAUSE_SECONDS * 4 ** (job.attempts - 1), LONGEST_PAUSE_SECONDS)
    _hand_back(job, reason, timedelta(seconds=pause))


def park_abandoned() -> int:
    """Park the jobs whose worker died at every attempt."""
    return (
        Job.objects.abandoned()
        .filter(attempts__gte=MAX_ATTEMPTS)
        .update(
            state=Job.State.PARKED,
            error=f"The worker died at each of {MAX_ATTEMPTS} attempts.",
            finished_at=timezone.now(),
            lease_until=None,
        )
    )


def successor(job: Job) -> Job | None:
    """The job that waits to do the same work again."""
    if job.dedupe_key is None:
        return None
    return Job.objects.filter(dedupe_key=job.dedupe_key, state=Job.State.READY).first()


def _hand_back(job: Job, reason: str, delay: timedelta, **changes: Any) -> None:
    with transaction.atomic():
        if heir := successor(job):
            _end(job, Job.State.FAILED, error=f"{reason} Job {heir.pk} does the same work again.")
            return
        _change(
            job,
            state=Job.State.READY,
            claim="",
            lease_until=None,
            available_at=timezone.now() + delay,
            error=reason,
            **changes,
        )


def _end(job: Job, state: Job.State, **changes: Any) -> None:
    _change(job, state=state, finished_at=timezone.now(), lease_until=None, **changes)


def _change(job: Job, **changes: Any) -> None:
    if not held(job).update(**changes):
        raise LeaseLostError(f"{job} was taken over by another worker.")
