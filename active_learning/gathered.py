"""Which of a snapshot's tasks have a vector, and where it is read from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class Source(NamedTuple):
    """Where one block of a clip's vector comes from."""

    block: str
    dimension: int
    read: Callable[[], Vectors]


@dataclass
class Gathered:
    """Which tasks have a vector, and the space the vectors live in.

    A snapshot with clips of several kinds gets one block of columns a kind, zero for clips of
    another, and one column that says so. One learner then serves the whole campaign: what the
    kinds share (people, how frequent a class is) is learned once, and probabilities compare.
    Transcripts are a block of their own, beside that of the kind.
    """

    blocks: dict[str, int]  # How wide each is, in their order.
    flagged: list[str] = field(default_factory=list)
    found: dict[int, list[Source]] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)  # Why, by the clip's external id.
    damaged: int = 0  # How many kept vectors had to be made anew.
    without_vector: set[int] = field(default_factory=set)
    withheld: set[int] = field(default_factory=set)

    @property
    def sources(self) -> Collection[int]:
        """The tasks that have a vector."""
        return self.found.keys()

    def matrix(self, tasks: Sequence[int]) -> Vectors:
        """Return the vectors (n, d) of tasks that have one."""
        starts = self._starts()
        rows = np.zeros((len(tasks), self.dimension), dtype=np.float32)
        for row, task in zip(rows, tasks, strict=True):
            for source in self.found[task]:
                start = starts[source.block]
                row[start : start + source.dimension] = source.read()
                if source.block in self.flagged:
                    row[-1 - self.flagged.index(source.block)] = 1.0
        return rows

    @property
    def dimension(self) -> int:
        return sum(self.blocks.values()) + len(self.flagged)

    def _starts(self) -> dict[str, int]:
        return dict(zip(self.blocks, np.cumsum([0, *self.blocks.values()]).tolist(), strict=False))
