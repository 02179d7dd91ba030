"""What agreement is without some of the annotators."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.alpha import alpha
from annotation.agreement.answers import Answers, Ints
from annotation.agreement.distances import Level


@dataclass(frozen=True)
class Change:
    """Alpha of all labels, alpha of those left, and how many labels are left."""

    everybody: float
    left: float
    n_left: int

    @property
    def difference(self) -> float:
        return self.left - self.everybody


def alpha_without(
    answers: Answers,
    annotators: Ints,
    level: Level = Level.NOMINAL,
    values: ArrayLike | None = None,
) -> Change | None:
    """Return how alpha changes without the labels of `annotators` (n,), None where it has none.

    It has none where no task keeps two labels, or all that are left are of one class. Leaving out
    whoever disagrees raises any alpha: the figure is meant for annotators who were flagged for
    something else than dissent.

    >>> task, who = np.arange(4).repeat(3), np.tile(np.arange(3), 4)
    >>> answers = Answers(task, who, [0, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1], 4, 3, 2)
    >>> change = alpha_without(answers, np.array([2]))
    >>> round(change.everybody, 2), change.left, change.n_left
    (0.39, 1.0, 8)
    """
    kept = answers.subset(~np.isin(answers.annotator, annotators))
    try:
        everybody, left = (alpha(part, level, values) for part in (answers, kept))
    except ValueError:
        return None
    return Change(everybody, left, len(kept))
