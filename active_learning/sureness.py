"""From which confidence on a learner is right so often that fewer labels may be proposed; pure."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
from scipy.special import betaincinv

from active_learning import evaluation
from active_learning.evaluation import Array, Groups

# How often a sure learner has to name the people's answer, at least, and how surely that is known.
LEAST_RIGHT = 0.95
DOUBT = 0.05
CONFIDENCES = (0.8, 0.9, 0.95, 0.975, 0.99)


class Sure(TypedDict):
    """Of `n` clips at least `confidence` sure, `right` were right, surely `low` or more.

    Without a confidence that will do, the figures are those of the highest that any clip had.
    """

    confidence: float | None
    n: int
    right: float | None
    low: float | None


def sure_from(predicted: Array, soft: Array, persons: Groups, *, seed: int) -> Sure:
    """Return the lowest of CONFIDENCES at which the learner is right about 95 of 100 clips.

    Each confidence is tested by itself, at a doubt of .05 shared among them (Bonferroni), so that
    choosing the lowest is covered: "learn then test" of Angelopoulos et al. (2021). The bound is
    Clopper and Pearson's, or that over persons where it is lower: clips of one person are alike.

    Args:
        predicted: (n, K), calibrated, of clips picked by chance, by learners that saw nobody of
            the people in them.
        soft: (n, K) the consensus on them.
        persons: (n,).
        seed: of the bootstrap over persons.
    """
    told: Sure = {"confidence": None, "n": 0, "right": None, "low": None}
    confidence = predicted.max(axis=1) if len(predicted) else np.zeros(0)
    hits = evaluation.accuracy(predicted, soft) if len(predicted) else np.zeros(0)
    for least in sorted(CONFIDENCES, reverse=True):
        sure = confidence >= least
        if not sure.any():
            continue
        low = _low(hits[sure], persons[sure], seed)
        if low >= LEAST_RIGHT or told["n"] == 0:
            told = _told(least if low >= LEAST_RIGHT else None, hits[sure], low)
    return told


def at_least(right: int, n: int, doubt: float = DOUBT) -> float:
    """Return the share that `right` of `n` show at least, with this doubt.

    >>> [round(at_least(n, n), 3) for n in (10, 59, 90)]
    [0.741, 0.95, 0.967]
    """
    return float(betaincinv(right, n - right + 1, doubt)) if right else 0.0


def at_most(right: int, n: int, doubt: float = DOUBT) -> float:
    """Return the share that `right` of `n` show at most.

    >>> round(at_most(7, 10), 3)
    0.913
    """
    return 1 - at_least(n - right, n, doubt)


def _low(hits: Array, persons: Groups, seed: int) -> float:
    exact = at_least(int(np.floor(hits.sum())), len(hits), DOUBT / len(CONFIDENCES))
    by_person = evaluation.mean_estimate(hits, persons, seed=seed).low
    return exact if by_person is None else min(exact, by_person)


def _told(confidence: float | None, hits: Array, low: float) -> Sure:
    return {
        "confidence": confidence,
        "n": len(hits),
        "right": round(float(hits.mean()), 6),
        "low": round(low, 6),
    }
