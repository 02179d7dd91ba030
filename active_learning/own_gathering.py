"""The researcher's own vectors of a snapshot's clips: rows of one file, found many at a time.

A million clips take no object each: a task has the number of its row.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from active_learning import own_vectors
from active_learning.gathered import Gathered, Vectors
from active_learning.own_vectors import Stored
from annotation.models import Clip, Task

BATCH = 2000


@dataclass
class OwnGathered(Gathered):
    """Tasks with own vectors, which are one block for all kinds of clips."""

    stored: Stored = field(kw_only=True)
    rows: dict[int, int] = field(default_factory=dict)

    @property
    def sources(self) -> Collection[int]:
        """The tasks that have a vector."""
        return self.rows.keys()

    def matrix(self, tasks: Sequence[int]) -> Vectors:
        """Return the vectors (n, d) of tasks that have one.

        Raises:
            VectorsGoneError: one is not finite, as all were when they were brought.
        """
        return self.stored.take([self.rows[task] for task in tasks])


def find(
    collection: int, key: str, tasks: Sequence[int], watch: Callable[[int], None] = lambda _: None
) -> OwnGathered:
    """Find the vectors of those `tasks` whose people consent now, in the set called `key`.

    Raises:
        VectorsGoneError: the set was removed, or cannot be read.
    """
    row, stored = own_vectors.stored(collection, key)
    gathered = OwnGathered({"vectors": row.dimension}, stored=stored)
    for start in range(0, len(tasks), BATCH):
        some = tasks[start : start + BATCH]
        cleared = Task.objects.cleared().filter(pk__in=some).values_list("pk", "clip")
        _put(gathered, dict(cleared), key)
        gathered.withheld.update(set(some) - gathered.rows.keys() - gathered.without_vector)
        watch(start + len(some))
    return gathered


def _put(gathered: OwnGathered, clip_of: dict[int, int], key: str) -> None:
    at = gathered.stored.places(np.fromiter(clip_of.values(), np.int64, len(clip_of))).tolist()
    gathered.rows.update((task, row) for task, row in zip(clip_of, at, strict=True) if row >= 0)
    left_out = {task: clip for task, clip in clip_of.items() if task not in gathered.rows}
    gathered.without_vector.update(left_out)
    names = Clip.objects.filter(pk__in=left_out.values()).values_list("external_id", flat=True)
    gathered.unreadable |= dict.fromkeys(names, f"The vectors {key} leave it out.")
