"""Putting work in: a row in the caller's transaction, and a nudge to the workers after it."""

import logging
import time
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs import registry
from jobs.claims import LeaseLostError, finish, held
from jobs.models import Job, JobQuerySet

__all__ = ["LeaseLostError", "enqueue", "finish", "nudge", "report_progress"]

logger = logging.getLogger(__name__)

# After a broker failed to answer, nobody waits for it again so soon: the sweep sends the rest.
SILENCE_SECONDS = 10.0
PROGRESS_SECONDS = 1.0
_silent_until = 0.0


def enqueue(
    name: str, /, *, key: str | None = None, delay: timedelta | None = None, **args: Any
) -> Job:
    """Store a job of the kind `name`, to be run with `args` once the transaction is committed.

    With a `key`, which has to name the work and its arguments, a job that already waits is
    returned instead, brought forward if need be. One that is running may have read the data
    before this transaction: it gets a successor.
    """
    wanted_at = timezone.now() + (delay or timedelta(0))
    with transaction.atomic():
        job = _waiting(key, wanted_at) if key else None
        if job is not None:
            return job
        job = Job(
            kind=name,
            args=args,
            dedupe_key=key,
            available_at=wanted_at,
            queue=registry.queue_of(name),
        )
        if not _inserted(job):
            # Another transaction stored the same work first and is committed by now.
            return enqueue(name, key=key, delay=delay, **args)
        if not delay:
            nudge_after_commit(job)
        return job


def _inserted(job: Job) -> bool:
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        if job.dedupe_key is None:
            raise
        return False
    return True


def _waiting(key: str, wanted_at: datetime) -> Job | None:
    """Return the ready job for `key`, held so that no worker begins it before we commit."""
    ready = Job.objects.filter(dedupe_key=key, state=Job.State.READY)
    # First the exclusive lock: two holders of the shared one could never both go on to it.
    moved = ready.filter(available_at__gt=wanted_at).update(available_at=wanted_at)
    job = _hold(ready, key)
    if job is not None and moved and wanted_at <= timezone.now():
        nudge_after_commit(job)
    return job


def _hold(ready: JobQuerySet, key: str) -> Job | None:
    """Read the ready job under a shared lock, which many submissions can hold at once.

    SQLite needs none: its write transactions stand in line anyway.
    """
    if connection.vendor != "postgresql":
        return ready.first()
    sql = "SELECT * FROM jobs_job WHERE dedupe_key = %s AND state = 'ready' FOR SHARE"
    return next(iter(Job.objects.raw(sql, [key])), None)


def nudge_after_commit(job: Job) -> None:
    """Tell the workers of `job` when the transaction that stored it is committed."""
    transaction.on_commit(partial(nudge, job), robust=True)


def nudge(job: Job) -> bool:
    """Tell the workers that `job` waits. A broker that is down costs nothing but time."""
    global _silent_until  # noqa: PLW0603
    if time.monotonic() < _silent_until:
        return False
    known = registry.kinds.get(job.kind)
    limits: dict[str, Any] = (
        {"soft_time_limit": known.seconds, "time_limit": known.seconds + 30} if known else {}
    )
    try:
        current_app.send_task("jobs.run", (job.pk,), queue=job.queue, retry=False, **limits)
    except OperationalError as error:
        logger.warning("The broker does not answer, the sweep will send %s: %s", job, error)
        _silent_until = time.monotonic() + SILENCE_SECONDS
        return False
    return True


def report_progress(job: Job, share: float, message: str = "") -> None:
    """Show how far `job` is, once a second at most; also the place to learn that it was lost.

    Raises:
        LeaseLostError: if another worker has taken the job over.
    """
    now = time.monotonic()
    if share < 1 and now - getattr(job, "_reported_at", 0.0) < PROGRESS_SECONDS:
        return
    job.progress, job.message = min(max(share, 0.0), 1.0), message[:200]
    if not held(job).update(progress=job.progress, message=job.message):
        raise LeaseLostError(f"Another worker has taken over {job}.")
    vars(job)["_reported_at"] = now
