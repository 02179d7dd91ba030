"""Work divided among the workers: a job for every part, and whoever divided it takes part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jobs import claims
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import KeptAlive

PAUSE_SECONDS = 0.2
GIVEN_UP = (Job.State.FAILED, Job.State.PARKED)

Work = Callable[[int], None]
Watch = Callable[[int], None]


def share(kind: str, parts: Mapping[str, Mapping[str, Any]], work: Work, watch: Watch) -> None:
    """Have every part of a piece of work done, by any worker, and return when all are.

    The caller does parts itself as long as some wait, so that one worker alone gets through. A
    part whose worker died comes back when its lease is over; one that others gave up the caller
    does, and what then goes wrong is raised here.

    Args:
        kind: of the jobs; their handler takes a part's arguments, and does nothing twice.
        parts: arguments by key; the key names the work, see `enqueue`.
        work: does the part with this position among `parts`.
        watch: is told now and then how many parts are done.
    """
    jobs = {enqueue(kind, key=key, **args).pk: at for at, (key, args) in enumerate(parts.items())}
    waiting = dict(jobs)
    while waiting:
        done, left = _over(waiting)
        for pk in left:
            work(waiting[pk])
        waiting = {pk: at for pk, at in waiting.items() if pk not in done | left}
        watch(len(jobs) - len(waiting))
        if not _take_part(waiting, work) and waiting:
            time.sleep(PAUSE_SECONDS)


def _over(waiting: Mapping[int, int]) -> tuple[set[int], set[int]]:
    """Return which parts are done, and which somebody tried in vain."""
    jobs = Job.objects.filter(pk__in=waiting)
    done = jobs.filter(state=Job.State.DONE)
    later = Q(state=Job.State.READY, available_at__gt=timezone.now())
    left = jobs.filter(later | Q(state__in=GIVEN_UP))
    return set(done.values_list("pk", flat=True)), set(left.values_list("pk", flat=True))


def _take_part(waiting: Mapping[int, int], work: Work) -> bool:
    """Do the first part that nobody does; say whether there was one."""
    due = Job.objects.due().filter(pk__in=waiting).order_by("pk").values_list("pk", flat=True)
    for pk in due:
        if job := claims.claim(pk):
            with KeptAlive(job):
                work(waiting[pk])
                claims.finish(job)
            return True
    return False
