"""How far apart two labels are: squared distances for every level of measurement, and for sets."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.answers import Floats


class Level(StrEnum):
    """What the classes are to each other: names, ranks, numbers, or numbers with a true zero."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def nominal(values: ArrayLike) -> Floats:
    """Return 1 for any two different of K `values` (K,), shape (K, K)."""
    return 1.0 - np.eye(np.asarray(values).size)


def interval(values: ArrayLike) -> Floats:
    """Return `(c - k)^2` of any two of K `values` (K,), shape (K, K).

    >>> interval([1, 2, 4])
    array([[0., 1., 9.],
           [1., 0., 4.],
           [9., 4., 0.]])
    """
    v = np.asarray(values, dtype=np.float64)
    squares: Floats = (v[:, None] - v) ** 2
    return squares


def ratio(values: ArrayLike) -> Floats:
    """Return `((c - k) / (c + k))^2` of any two of K `values` (K,), shape (K, K); 0 for two zeros.

    Raises ValueError for a value below 0: a ratio has a true zero.

    >>> ratio([1, 3]).tolist()
    [[0.0, 0.25], [0.25, 0.0]]
    """
    v = np.asarray(values, dtype=np.float64)
    if (v < 0).any():
        raise ValueError("The ratio distance is defined for values from 0 on.")
    total = v[:, None] + v
    shares: Floats = np.divide(v[:, None] - v, total, out=np.zeros_like(total), where=total > 0)
    return shares**2


def ordinal(totals: ArrayLike) -> Floats:
    """Return the distances of K ranked classes used `totals` times, (..., K) to (..., K, K).

    The labels from the one class to the other, each end counted by half, squared: that is the
    squared difference of the classes' mid-ranks. Krippendorff (2011), section E.

    >>> ordinal([9, 13, 10, 5, 3])[0].tolist()
    [0.0, 121.0, 506.25, 900.0, 1156.0]
    """
    ranks = mid_ranks(np.asarray(totals, dtype=np.float64))
    squares: Floats = (ranks[..., :, None] - ranks[..., None, :]) ** 2
    return squares


def mid_ranks(totals: Floats) -> Floats:
    """Return the mean rank, less a half, of the labels of each class, both (..., K).

    >>> mid_ranks(np.array([2.0, 4.0, 1.0]))
    array([1. , 4. , 6.5])
    """
    ranks: Floats = np.cumsum(totals, axis=-1) - totals / 2
    return ranks


def jaccard(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Return 1 - the shared part of two sets; two empty sets are alike.

    >>> jaccard({"joy", "fear"}, {"joy"})
    0.5
    """
    union = len(one | other)
    return 1.0 - len(one & other) / union if union else 0.0


def masi(one: AbstractSet[object], other: AbstractSet[object]) -> float:
    """Return 1 - Jaccard's share x monotonicity: the distance that forgives leaving something out.

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they only overlap
    and 0 where they do not. Source: Passonneau (2006), "Measuring agreement on set-valued items
    (MASI) for semantic and pragmatic annotation", with thirds that are not rounded.

    >>> round(masi({1, 2}, {1, 2, 3, 4}), 4)
    0.6667
    """
    if one == other:
        return 0.0
    monotonicity = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1.0 - (1.0 - jaccard(one, other)) * monotonicity
