"""How well scores repeat: split the answers in halves, score each, and correlate the two.

Split-half reliability after Kiritchenko & Mohammad (2016, 2017): the answers to each comparison are
halved at random, and the rank correlation of the two scores is averaged over many splits. It is the
reliability of half the answers, not stepped up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import rankdata

from annotation.agreement.bradley_terry import Floats, Ints

SPLITS = 40
FEWEST = 3

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Reliability:
    """The mean rank correlation over the splits, and where 95 % of the splits lie."""

    value: float
    low: float
    high: float


def split_half(
    task: Ints, scored: Callable[[Mask], Floats], *, seed: int, splits: int = SPLITS
) -> Reliability | None:
    """Return the split-half reliability of scores, None where it is not defined.

    Args:
        task: (m,) the comparison that each answer is about.
        scored: from which answers are kept (m,) to the scores (n,), nan where there is none.
        seed: of the splits.
        splits: how many are averaged.

    >>> task = np.repeat(np.arange(6), 2)
    >>> split_half(task, lambda kept: np.arange(4.0), seed=0).value
    1.0
    """
    chance = np.random.default_rng(seed)
    found = []
    for _ in range(splits):
        half = _half(task, chance)
        found.append(_rank_correlation(scored(half), scored(~half)))
    known = np.array([r for r in found if not np.isnan(r)])
    if not len(known):
        return None
    low, high = np.quantile(known, [0.025, 0.975])
    return Reliability(float(known.mean()), float(low), float(high))


def _half(task: Ints, chance: np.random.Generator) -> Mask:
    """Return a mask with half the answers to each comparison; which half gets the odd one varies.

    Comparisons with one answer fall into the halves in turn, in random order.
    """
    order = np.lexsort(
        [chance.random(len(task)), chance.permutation(task.max(initial=0) + 1)[task]]
    )
    half = np.zeros(len(task), dtype=np.bool_)
    half[order[int(chance.integers(2)) :: 2]] = True
    return half


def _rank_correlation(one: Floats, other: Floats) -> float:
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < FEWEST:
        return np.nan
    rank_of_one, rank_of_other = rankdata(one[both]), rankdata(other[both])
    if np.ptp(rank_of_one) == 0 or np.ptp(rank_of_other) == 0:
        return np.nan
    return float(np.corrcoef(rank_of_one, rank_of_other)[0, 1])
