"""Whether a learner is as sure as it is right: the reliability diagram and what sums it up."""

from typing import Any

import numpy as np

from active_learning import evaluation
from active_learning.evaluation import BINS, Array, Groups


def diagram(predicted: Array, soft: Array, groups: Groups, *, seed: int) -> list[dict[str, Any]]:
    """Return ten even bins of confidence: how sure, and how many annotators agree.

    The reliability diagram (DeGroot & Fienberg 1983) of the likeliest class, for soft labels: the
    share of annotators who gave that class takes the place of right or wrong.

    Args:
        predicted: (n, K).
        soft: (n, K).
        groups: (n,) over which the intervals are drawn.
        seed: of the bootstrap.

    Returns:
        Of each bin `from`, `to`, `n`, and, where n > 0, the mean `confidence`, the mean `share`
        who agree and its interval `low` to `high`, None where all of it is one group.
    """
    confidence, agree = predicted.max(axis=1), evaluation.soft_accuracy(predicted, soft)
    in_bin = bins_of(confidence)
    return [
        {"from": number / BINS, "to": (number + 1) / BINS}
        | _bin(
            confidence[in_bin == number], agree[in_bin == number], groups[in_bin == number], seed
        )
        for number in range(BINS)
    ]


def _bin(confidence: Array, agree: Array, groups: Groups, seed: int) -> dict[str, Any]:
    if not len(confidence):
        return {"n": 0, "confidence": None, "share": None, "low": None, "high": None}
    share, low, high = evaluation.mean_estimate(agree, groups, seed=seed)
    mean = float(confidence.mean())
    return {"n": len(confidence), "confidence": mean, "share": share, "low": low, "high": high}


def debiased_error(predicted: Array, soft: Array) -> float:
    """Return the calibration error without what chance adds to it where clips are few.

    Per bin the squared gap less its own sampling variance, by bin size, then the root; 0 where the
    variance is all there is (after Kumar, Liang & Ma 2019, "Verified Uncertainty Calibration").
    Root mean square, so at least the plain error where there are many clips.

    >>> sure = np.array([[0.9, 0.1]] * 4)
    >>> round(debiased_error(sure, np.array([[0.6, 0.4]] * 4)), 6)
    0.3
    """
    gaps = predicted.max(axis=1) - evaluation.soft_accuracy(predicted, soft)
    in_bin = bins_of(predicted.max(axis=1))
    total = 0.0
    for number in np.unique(in_bin):
        gap = gaps[in_bin == number]
        if len(gap) > 1:
            total += len(gap) * (gap.mean() ** 2 - gap.var(ddof=1) / len(gap))
    return float(np.sqrt(max(total / len(gaps), 0.0)))


def bins_of(confidence: Array) -> "np.ndarray[Any, np.dtype[np.intp]]":
    """Return the bin (n,) of each confidence; 1 lies in the last."""
    return np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
