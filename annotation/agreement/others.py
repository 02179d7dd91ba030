"""One annotator's labels beside those of the others on the same tasks, never beside their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import row_shares
from annotation.agreement.answers import Answers, Floats, Ints

LEAST_OTHERS = 2
MOSTLY = 0.75
FEWEST_LABELS = 20
FEWEST_OF_A_CLASS = 4.0
SURELY = 3.0


@dataclass(frozen=True, eq=False)
class Beside:
    """Labels of one annotator that at least `LEAST_OTHERS` others spoke on, too.

    own: (n,) the class of each label; shares: (n, K) what the others said there, as shares.
    """

    own: Ints
    shares: Floats

    @property
    def n(self) -> int:
        return len(self.own)

    def clear(self) -> tuple[int, int]:
        """Return on how many tasks the others mostly say the same, and how often this one too.

        >>> shares = np.array([[1.0, 0.0], [0.8, 0.2], [0.5, 0.5]])
        >>> Beside(np.array([0, 1, 1]), shares).clear()
        (2, 1)
        """
        agreed = self.shares.max(axis=1, initial=0.0) >= MOSTLY
        same = self.shares.argmax(axis=1)[agreed] == self.own[agreed]
        return int(agreed.sum()), int(same.sum())

    def confusion(self) -> Floats:
        """Return how often each class is said (columns) where others say each (rows), (K, K).

        Others who differ count with their shares, so that a row sums to what they said in all.
        """
        said = np.eye(self.shares.shape[1])[self.own]
        table: Floats = self.shares.T @ said
        return table

    def overused(self) -> tuple[int, float] | None:
        """Return the class that is said much oftener than by others on the same tasks, and by what.

        None unless it is said `SURELY` standard errors more often than others' shares foresee.

        >>> Beside(np.zeros(40, dtype=int), np.full((40, 2), 0.5)).overused()
        (0, 2.0)
        """
        if not self.n:
            return None
        said = np.bincount(self.own, minlength=self.shares.shape[1])
        foreseen = self.shares.sum(axis=0)
        spread = np.sqrt((self.shares * (1 - self.shares)).sum(axis=0))
        enough = (foreseen >= FEWEST_OF_A_CLASS) & (said - foreseen > SURELY * spread)
        if not enough.any():
            return None
        ratio = np.where(enough, said / np.maximum(foreseen, 1e-9), 0.0)
        return int(ratio.argmax()), float(ratio.max())


def beside_others(answers: Answers, annotator: int) -> Beside:
    """Return the labels of `annotator` with what others say of the same tasks.

    >>> answers = Answers([0, 0, 0, 1], [0, 1, 2, 0], [0, 0, 1, 1], 2, 3, 2)
    >>> beside_others(answers, 0).shares
    array([[0.5, 0.5]])
    """
    mine = answers.annotator == annotator
    counts = answers.subset(~mine).counts()[answers.task[mine]]
    known = counts.sum(axis=1) >= LEAST_OTHERS
    return Beside(answers.label[mine][known], row_shares(counts[known]))


def in_turn(values: Floats, runs: int = 12) -> list[tuple[int, int, float]]:
    """Return the mean of `values` (n,) run by run: from which label, to which, and the mean.

    >>> in_turn(np.array([1.0, 1.0, 0.0, 0.0]), runs=2)
    [(1, 2, 1.0), (3, 4, 0.0)]
    """
    parts = [part for part in np.array_split(np.arange(len(values)), runs) if len(part)]
    return [(int(p[0]) + 1, int(p[-1]) + 1, float(np.mean(values[p]))) for p in parts]
