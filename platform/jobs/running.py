"""Running one job in a worker: claim, keep alive, call the handler, write down how it ended."""

import logging
import threading
import time
from contextlib import AbstractContextManager
from datetime import timedelta
from types import TracebackType
from typing import Self

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, connection

from jobs import claims, registry
from jobs.health import beat
from jobs.models import Job
from jobs.queue import nudge

logger = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 5.0

WORTH_A_LINE = 1.0


def run(pk: int) -> None:
    """Run the job `pk` if it is due and nobody else runs it."""
    job = claims.claim(pk)
    if job is None:
        return
    started = time.monotonic()
    with Attempt(job), KeptAlive(job):
        kind = registry.find(job.kind)
        result = kind.handler(job, **job.args)
        if not _ended_by_handler(job):
            claims.finish(job, result)
        seconds = time.monotonic() - started
        # What takes no time is not worth a line.
        level = logging.INFO if seconds > WORTH_A_LINE else logging.DEBUG
        logger.log(level, "%s done in %.2f s", job, seconds)
    if heir := claims.successor(job):
        nudge(heir)


def run_due() -> int:
    """Run everything that is due here and now, each job once; return how many that were."""
    tried: set[int] = set()
    while job := Job.objects.due().exclude(pk__in=tried).order_by("available_at", "pk").first():
        run(job.pk)
        tried.add(job.pk)
    return len(tried)


def _ended_by_handler(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, claim=job.claim, state=Job.State.DONE).exists()


class Attempt(AbstractContextManager["Attempt"]):
    """Writes down how a handler failed; only the end of the process itself passes through."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        if error is None:
            return False
        try:
            self._write_down(error)
        except claims.LeaseLostError as lost:
            logger.warning("%s", lost)
        return isinstance(error, Exception)

    def _write_down(self, error: BaseException) -> None:
        match error:
            case claims.LeaseLostError():
                raise error
            case claims.JobFailedError():
                claims.fail(self.job, str(error))
            case claims.RetryLater():
                claims.postpone(self.job, str(error), error.delay)
            case SoftTimeLimitExceeded():
                claims.retry(self.job, "It took longer than a job of this kind may.")
            case Exception():
                logger.error("%s failed", self.job, exc_info=error)
                claims.retry(self.job, f"{type(error).__name__}: {error}")
            case _:
                claims.postpone(self.job, "The worker was stopped.", timedelta(0))


class KeptAlive:
    """Renews the lease of a job from a thread of its own, while the handler is busy."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _renew(self) -> None:
        try:
            while not self._ended.wait(HEARTBEAT_SECONDS):
                self._renew_once()
        finally:
            connection.close()

    def _renew_once(self) -> None:
        try:
            claims.renew(self.job)
            # A worker that is busy hears nothing, and is well.
            beat("worker")
        except DatabaseError as error:
            logger.warning("The heartbeat of %s failed: %s", self.job, error)
            connection.close()
