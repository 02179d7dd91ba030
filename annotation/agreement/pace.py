"""Answers that come faster than anybody can look at the clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Bools, Floats, Ints
from annotation.agreement.repeats import jeffreys

# A choice between two signs takes people 0.3 to 0.4 s, before they have looked at a face.
FLOOR = 0.3
PART_OF_CLIP = 0.1
QUANTILE, PART_OF_OTHERS = 0.25, 0.25
ENOUGH_OTHERS = 3
TOLERATED = 0.2
ENOUGH_ANSWERS = 10


@dataclass(frozen=True, eq=False)
class Pace:
    """The share of each annotator's answers that came too fast, each (n_annotators,).

    n: answers whose time is known; fast: those below their limit; share, low, high: fast / n with
    its 95 % interval, NaN without answers.
    """

    n: Ints
    fast: Ints
    share: Floats
    low: Floats
    high: Floats

    def alarming(self, tolerated: float = TOLERATED, least: int = ENOUGH_ANSWERS) -> Ints:
        """Return who answers too fast, for certain, more often than is tolerated."""
        return np.flatnonzero((self.n >= least) & (np.nan_to_num(self.low) > tolerated))


def pace(annotator: Ints, seconds: Floats, limit: Floats, n_annotators: int) -> Pace:
    """Return how often each annotator is faster than the `limit` (n_labels,), as `limits` gives it.

    `seconds` (n_labels,) from the clip's being shown to the answer; NaN where it is not known,
    which counts for nothing. The interval is Jeffreys' (Brown, Cai & DasGupta 2001, "Interval
    estimation for a binomial proportion").

    >>> found = pace(np.zeros(20, dtype=int), np.array([0.1] * 15 + [4.0] * 5), np.full(20, 0.3), 1)
    >>> float(found.share[0]), float(found.low[0].round(2)), found.alarming()
    (0.75, 0.54, array([0]))
    """
    known = np.isfinite(seconds)
    who = np.asarray(annotator)[known]
    too_fast = np.asarray(seconds)[known] < np.asarray(limit)[known]
    n = np.bincount(who, minlength=n_annotators)
    fast = np.bincount(who[too_fast], minlength=n_annotators)
    found = jeffreys(fast.astype(np.float64), n.astype(np.float64))
    return Pace(n, fast, found.value, found.low, found.high)


def limits(
    task: Ints,
    seconds: Floats,
    duration: Floats,
    *,
    floor: float = FLOOR,
    part_of_clip: float = PART_OF_CLIP,
    part_of_others: float = PART_OF_OTHERS,
) -> Floats:
    """Return the seconds below which each answer (n_labels,) was given without looking.

    The largest of an absolute floor, a share of the clip's `duration` (n_labels,), NaN for a
    picture, and a quarter of what the quickest quarter of the *others* needed for the same clip,
    where at least three are known. No more than that, because people differ: one who is twice as
    fast as the others is a quick reader. Where all are nearly as quick as one who does not look,
    times tell nothing, and nobody is said to be too fast.

    Source: the response-time thresholds of Wise & Kong (2005), "Response time effort", and the
    normative ones of Wise & Ma (2012), which are shares of 10 to 20 % of the mean time.

    >>> task, none = np.zeros(5, dtype=int), np.full(5, np.nan)
    >>> limits(task, np.array([6.0, 6.0, 6.0, 6.0, 0.5]), none).round(2)
    array([1.16, 1.16, 1.16, 1.16, 1.5 ])
    """
    clip = np.nan_to_num(part_of_clip * np.asarray(duration, dtype=np.float64))
    others = np.nan_to_num(part_of_others * of_the_others(task, seconds))
    return np.maximum(np.maximum(clip, others), floor)


def of_the_others(
    task: Ints, seconds: Floats, *, quantile: float = QUANTILE, least: int = ENOUGH_OTHERS
) -> Floats:
    """Return the quantile of the other answers' times for the same task, (n_labels,).

    NaN where fewer than `least` others have a time. Interpolated as numpy does.

    >>> of_the_others(np.zeros(4, dtype=int), np.array([1.0, 2.0, 3.0, 4.0]), quantile=0.5)
    array([3., 3., 2., 2.])
    """
    times = np.asarray(seconds, dtype=np.float64)
    order = np.lexsort((times, task))
    sizes = np.bincount(task, np.isfinite(times)).astype(np.int64)
    starts = np.cumsum(np.bincount(task)) - np.bincount(task)
    of, first = task[order], starts[task[order]]
    rank = np.arange(len(order)) - first
    known = np.isfinite(times[order])
    n = sizes[of] - known
    enough = n >= least
    at = np.maximum(n - 1, 0) * quantile
    below = np.floor(at).astype(np.int64)
    low, high = (
        _without(times[order], first, np.minimum(i, np.maximum(n - 1, 0)), rank, known)
        for i in (below, below + 1)
    )
    found = np.full(len(order), np.nan)
    found[order] = np.where(enough, low + (at - below) * (high - low), np.nan)
    return found


def _without(ordered: Floats, first: Ints, i: Ints, rank: Ints, known: Bools) -> Floats:
    """The i-th shortest time of each task, from 0, where one's own is left out."""
    at = first + i + (known & (i >= rank))
    found: Floats = ordered[np.minimum(at, len(ordered) - 1)]
    return found
