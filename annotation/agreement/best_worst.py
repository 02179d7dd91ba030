"""Scores out of best-worst scaling: which of several items is most so, and which least.

Counts after Orme (2009), as used by Kiritchenko & Mohammad (2016, 2017), "Best-Worst Scaling More
Reliable than Rating Scales": how often an item was best, less how often it was worst, of the times
it was shown. And the pairs that an answer implies: of four items, five of the six orders are told.
"""

from __future__ import annotations

import numpy as np

from annotation.agreement.bradley_terry import Comparisons, Floats, Ints


def counts_score(shown: Ints, best: Ints, worst: Ints, n_items: int) -> Floats:
    """Return (n,) from -1, always worst, to 1, always best; nan for what was never shown.

    Args:
        shown: (m, k) the items of each answer, numbered from 0.
        best, worst: (m,) the items chosen.
        n_items: how many items there are.

    >>> shown = np.array([[0, 1, 2, 3], [0, 1, 2, 3]])
    >>> counts_score(shown, np.array([0, 0]), np.array([3, 1]), 5).tolist()
    [1.0, -0.5, 0.0, -0.5, nan]
    """
    times = np.bincount(shown.ravel(), minlength=n_items)
    more = np.bincount(best, minlength=n_items) - np.bincount(worst, minlength=n_items)
    score: Floats = np.full(n_items, np.nan)
    np.divide(more, times, out=score, where=times > 0)
    return score


def implied_pairs(shown: Ints, best: Ints, worst: Ints) -> Comparisons:
    """Return the comparisons that the answers imply, each with the answer it comes from.

    >>> said = implied_pairs(np.array([[0, 1, 2, 3]]), np.array([1]), np.array([2]))
    >>> list(zip(said.first.tolist(), said.second.tolist()))
    [(1, 0), (1, 2), (1, 3), (0, 2), (3, 2)]
    """
    answer = np.arange(len(shown))
    below = shown != best[:, None]
    between = below & (shown != worst[:, None])
    wins = [(best[answer[rows]], shown[rows, places]) for rows, places in [np.nonzero(below)]]
    losses = [(shown[rows, places], worst[answer[rows]]) for rows, places in [np.nonzero(between)]]
    source = np.concatenate([np.nonzero(below)[0], np.nonzero(between)[0]])
    first, second = (np.concatenate(part) for part in zip(*wins, *losses, strict=True))
    return Comparisons(first, second, np.ones(len(first)), source)
