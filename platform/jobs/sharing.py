"""One piece of work divided among all workers, while the one who divided it works along.

A job that can be cut in chunks stores each as a job of its own, which any worker takes, and then
takes part itself until none is left. It never waits idle: with a single worker it does them all,
one after the other; with several it does what the others have not begun. What a worker that died
had taken comes back when its lease has run out, and is done by whoever is free.

    chunks = [{"clips": keys} for keys in batches]
    jobs = sharing.divide("extract", f"extract:round:{row.pk}", chunks)
    ended = sharing.take_part(jobs, report)
    results = [job.result for job in ended]
"""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.db import transaction

from jobs import claims, running
from jobs.models import Job
from jobs.queue import enqueue

CHUNKS_A_TRANSACTION = 50
PAUSE_SECONDS = 0.5

Report = Callable[[float, str], None]


def divide(kind: str, name: str, chunks: Sequence[dict[str, Any]]) -> list[Job]:
    """Store one job of `kind` a chunk, each with the chunk as its arguments, and return them.

    Args:
        kind: under which the handler of a chunk is registered.
        name: of this work and no other. Who divides it again under the same name, as a job does
            that goes on where a dead worker left, finds the chunks that are done or on their way;
            those that failed are stored anew. The same name has to mean the same chunks.
        chunks: the arguments of each chunk's job.
    """
    keys = [f"{name}:{number}" for number in range(len(chunks))]
    known = _known(kind, name)
    new = [(key, chunk) for key, chunk in zip(keys, chunks, strict=True) if key not in known]
    # In portions, for SQLite makes all who write wait for one long transaction.
    for start in range(0, len(new), CHUNKS_A_TRANSACTION):
        with transaction.atomic():
            for key, chunk in new[start : start + CHUNKS_A_TRANSACTION]:
                known[key] = enqueue(kind, key=key, **chunk)
    return [known[key] for key in keys]


def take_part(jobs: Sequence[Job], report: Report) -> list[Job]:
    """Work on `jobs` until every one is over, and return them as they ended, in their order.

    A job may have ended done, failed or parked: what that means is for the caller to decide.
    Whoever calls this from a job gives its own `report_progress` as `report`, which is asked
    before each chunk and while waiting, and ends the part of a worker that lost its job.

    Args:
        jobs: as `divide` returned them; not inside a transaction.
        report: takes the share that is over (0 to 1) and a message.
    """
    keys = [job.pk for job in jobs]
    for over in _steps(keys):
        report(over / max(1, len(keys)), f"part {min(over + 1, len(keys))} of {len(keys)}")
    found = Job.objects.in_bulk(keys)
    return [found[key] for key in keys]


def _steps(keys: list[int]) -> Iterator[int]:
    """Do what is free, wait where nothing is; yield how many are over before every step."""
    ours = Job.objects.filter(pk__in=keys)
    unfinished = ours.filter(state__in=[Job.State.READY, Job.State.RUNNING])
    while left := unfinished.count():
        yield len(keys) - left
        # From the end: the other workers are told of the chunks from the beginning.
        due = ours.due().order_by("-pk").first()
        if due is None or not running.run_within(due.pk):
            claims.park_abandoned()
            time.sleep(PAUSE_SECONDS)
    yield len(keys)


def _known(kind: str, name: str) -> dict[str, Job]:
    """The chunks that were stored under this name before and need not be stored again."""
    given_up = [Job.State.FAILED, Job.State.PARKED]
    rows = Job.objects.filter(kind=kind, dedupe_key__startswith=f"{name}:").exclude(
        state__in=given_up
    )
    return {str(job.dedupe_key): job for job in rows.order_by("pk")}
