"""The vectors of a snapshot's clips: from consented media alone, cached, in one space."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.conf import settings

from active_learning.features import EXTRACTORS, Kind, UnreadableClipError, cached
from active_learning.snapshots import Snapshot
from annotation.models import Task

BATCH = 500

Vectors = npt.NDArray[np.float32]
Report = Callable[[float, str], None]


class Source(NamedTuple):
    """Where a clip's vector comes from."""

    path: Path
    sha256: str
    kind: Kind

    def vector(self) -> Vectors:
        extractor = EXTRACTORS[self.kind]
        return cached(self.path, self.sha256, extractor, Path(settings.FEATURE_ROOT))


@dataclass(frozen=True)
class Gathered:
    """Which tasks have a vector, and the space the vectors live in.

    A snapshot with clips of several kinds gets one block of columns a kind, zero for clips of
    another, and one column that says so. One learner then serves the whole campaign: what the
    kinds share (people, how frequent a class is) is learned once, and probabilities compare.
    """

    kinds: list[Kind]
    sources: dict[int, Source] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    without_vector: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)

    def matrix(self, tasks: Sequence[int]) -> Vectors:
        """Return the vectors (n, d) of tasks that have one."""
        starts = self._starts()
        rows = np.zeros((len(tasks), self.dimension), dtype=np.float32)
        for row, task in zip(rows, tasks, strict=True):
            source = self.sources[task]
            start = starts[source.kind]
            row[start : start + EXTRACTORS[source.kind].dimension] = source.vector()
            if len(self.kinds) > 1:
                row[-1 - self.kinds.index(source.kind)] = 1.0
        return rows

    @property
    def dimension(self) -> int:
        flags = len(self.kinds) if len(self.kinds) > 1 else 0
        return sum(EXTRACTORS[kind].dimension for kind in self.kinds) + flags

    def _starts(self) -> dict[Kind, int]:
        widths = [EXTRACTORS[kind].dimension for kind in self.kinds]
        return dict(zip(self.kinds, np.cumsum([0, *widths]).tolist(), strict=False))


def gather(snapshot: Snapshot, report: Report, *, without: Iterable[int] = ()) -> Gathered:
    """Read every clip of the snapshot whose people consent now, `without` those left out before.

    A clip that cannot be decoded is named in `unreadable` and does without a vector; one whose
    people do not consent is not touched, and its task is in `withheld`.
    """
    gathered = Gathered(snapshot.kinds, withheld=set(without))
    _fill(gathered, sorted(snapshot.tasks - gathered.withheld), report)
    return gathered


def look_up(kinds: list[Kind], tasks: Iterable[int]) -> Gathered:
    """Return some tasks of a snapshot with clips of `kinds`, as `gather` would."""
    gathered = Gathered(kinds)
    _fill(gathered, sorted(tasks), lambda _share, _what: None)
    return gathered


def _fill(gathered: Gathered, tasks: list[int], report: Report) -> None:
    for start in range(0, len(tasks), BATCH):
        some = tasks[start : start + BATCH]
        rows = Task.objects.cleared().filter(pk__in=some).select_related("clip").in_bulk()
        gathered.withheld.update(set(some) - set(rows))
        for number, key in enumerate(sorted(rows), start=start + 1):
            report(number / len(tasks), f"clip {number} of {len(tasks)}")
            _read(rows[key], gathered)


def missing_consent(tasks: Iterable[int]) -> set[int]:
    """Return those of `tasks` whose people do not allow the campaign's purpose, now."""
    wanted = sorted(tasks)
    cleared: set[int] = set()
    for start in range(0, len(wanted), BATCH):
        rows = Task.objects.cleared().filter(pk__in=wanted[start : start + BATCH])
        cleared.update(rows.values_list("pk", flat=True))
    return set(wanted) - cleared


def _read(task: Task, gathered: Gathered) -> None:
    clip = task.clip
    kind: Kind = clip.kind  # type: ignore[assignment] # The column's choices are these words.
    source = Source(clip.media_path, clip.sha256, kind)
    try:
        source.vector()
    except UnreadableClipError:
        gathered.unreadable.append(clip.external_id)
        gathered.without_vector.add(task.pk)
    else:
        gathered.sources[task.pk] = source
