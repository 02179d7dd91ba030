"""Whether the labels of some groups of raters weigh less than those of the largest group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from annotation.agreement.answers import Bools, Floats, Ints

# A group whose labels weigh less than this share of the largest group's is read apart, where
# there are enough raters and labels to say so.
RATIO, RATERS, LABELS = 0.8, 5, 300
LEVEL = 0.95


@dataclass(frozen=True)
class GroupWeight:
    """The mean weight of a group's labels with its interval, and as a share of the largest's.

    `ratio` is NaN where the labels of the largest group weigh nothing, `low` and `high` where
    there is only one rater; `apart` says that the group should be fitted by itself.
    """

    group: int
    n_raters: int
    n_labels: int
    mean: float
    low: float
    high: float
    ratio: float
    apart: bool


def weights_by_group(
    weights: Floats, annotator: Ints, group: Ints, *, raters: int = RATERS, labels: int = LABELS
) -> list[GroupWeight]:
    """Return each group with at least `raters` raters, in the order of their numbers.

    Takes three arrays of shape (n_labels,): the weight in [0, 1] of each label, its annotator and
    the annotator's group, below 0 for one who named none. The largest group is the one with most
    raters, of equals the one with most labels, then with most weight. The interval is that of a
    ratio of two sums over raters (Cochran 1977, "Sampling Techniques", 3rd edition, section 6.4),
    with Student's t.

    Raises ValueError for arrays of unequal length.

    >>> who = np.repeat(np.arange(11), 60)
    >>> group = np.where(who < 5, 0, 1)
    >>> minor, major = weights_by_group(np.where(who < 5, 0.6, 0.9), who, group)
    >>> round(minor.ratio, 3), minor.apart, major.apart
    (0.667, True, False)
    """
    if not weights.shape == annotator.shape == group.shape:
        raise ValueError("Weights, annotators and groups need the same length.")
    found = [_weighed(g, weights, annotator, group == g) for g in np.unique(group[group >= 0])]
    kept = [one for one in found if one.n_raters >= raters]
    if not kept:
        return []
    largest = max(kept, key=lambda one: (one.n_raters, one.n_labels, one.mean))
    return [_compared(one, largest, labels) for one in kept]


def _weighed(number: int, weights: Floats, annotator: Ints, mine: Bools) -> GroupWeight:
    _who, rater = np.unique(annotator[mine], return_inverse=True)
    n = np.bincount(rater)
    total = np.bincount(rater, weights[mine])
    mean = float(total.sum() / n.sum())
    low, high = _interval(mean, total - mean * n, int(n.sum()))
    return GroupWeight(int(number), len(n), int(n.sum()), mean, low, high, np.nan, apart=False)


def _interval(mean: float, residuals: Floats, n_labels: int) -> tuple[float, float]:
    n = len(residuals)
    if n < 2:
        return np.nan, np.nan
    error = np.sqrt(n / (n - 1) * np.square(residuals).sum()) / n_labels
    half = float(t.ppf((1 + LEVEL) / 2, n - 1) * error)
    return max(mean - half, 0.0), min(mean + half, 1.0)


def _compared(one: GroupWeight, largest: GroupWeight, labels: int) -> GroupWeight:
    ratio = one.mean / largest.mean if largest.mean > 0 else np.nan
    apart = bool(ratio < RATIO and one.n_labels >= labels)
    counts = one.group, one.n_raters, one.n_labels
    return GroupWeight(*counts, one.mean, one.low, one.high, float(ratio), apart=apart)
