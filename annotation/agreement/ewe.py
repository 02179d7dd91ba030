"""The evaluator-weighted estimator: numbers fused by how well each annotator agrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Floats
from annotation.agreement.ccc import mean_of_known, mean_of_others

KAPPA = 20.0


class NoAgreementError(ValueError):
    """No annotator agrees with the others, so that there is nothing to weigh by."""


@dataclass(frozen=True, eq=False)
class Fused:
    """What the annotators say together of each of n items or moments."""

    value: Floats
    """(n,) the weighted mean; NaN where nobody of weight has answered."""

    spread: Floats
    """(n,) the weighted standard deviation: the item's own ambiguity."""

    weights: Floats
    """(n_annotators,) from 0 to 1: the shrunk correlation with the others."""


def fuse(values: Floats, *, kappa: float = KAPPA, samples_per_answer: float = 1.0) -> Fused:
    """Return the weighted mean of `values` (n_annotators, n) per item; NaN is no answer.

    Each weight is the annotator's correlation with the mean of the others, see `reliability`.
    In a trace neighbouring samples repeat each other: `samples_per_answer` says how many of
    them tell as much as one answer. Raises NoAgreementError when no weight is above 0.

    Source: Grimm & Kroschel (2005), "Evaluation of natural emotions using self assessment
    manikins", with the annotator left out of the mean that he or she is compared with.

    >>> fused = fuse(np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 5, 4], [5, 1, 4, 2, 2]]), kappa=0)
    >>> fused.weights.round(2), fused.value.round(2)
    (array([0.38, 0.38, 0.  ]), array([1. , 2. , 3. , 4.5, 4.5]))
    """
    weights = reliability(values, kappa=kappa, samples_per_answer=samples_per_answer)
    if not (weights > 0).any():
        raise NoAgreementError("No annotator agrees with the others: there is no fused value.")
    return weighted(values, weights)


def weighted(values: Floats, weights: Floats) -> Fused:
    """Return the mean and the spread of `values` (n_annotators, n) under given weights.

    >>> fused = weighted(np.array([[0.0, 2.0], [4.0, np.nan]]), np.array([0.75, 0.25]))
    >>> fused.value, fused.spread.round(2)
    (array([1., 2.]), array([1.73, 0.  ]))
    """
    present = np.where(np.isfinite(values), weights[:, None], 0.0)
    filled = np.where(np.isfinite(values), values, 0.0)
    total = present.sum(axis=0)
    with np.errstate(invalid="ignore"):
        value = (present * filled).sum(axis=0) / total
        variance = (present * (filled - value) ** 2).sum(axis=0) / total
    return Fused(value, np.sqrt(variance), weights)


def reliability(values: Floats, *, kappa: float = KAPPA, samples_per_answer: float = 1.0) -> Floats:
    """Return each annotator's shrunk correlation with the mean of the others, (n_annotators,).

    Of n answers the Fisher z is pulled to the crowd's mean z as if by `kappa` further answers,
    `((n - 3) z + kappa z_mean) / (n - 3 + kappa)`, then turned back and clipped at 0. Who
    shares three answers or fewer has the crowd's value; who never moves counts as r = 0. Raises
    ValueError for fewer than two annotators.

    >>> values = np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 5, 4], [5, 1, 4, 2, 2]])
    >>> reliability(values).round(2), reliability(values, kappa=0).round(2)
    (array([0.12, 0.12, 0.03]), array([0.38, 0.38, 0.  ]))
    """
    if values.ndim != 2 or len(values) < 2:
        raise ValueError("Weights need the values of two annotators or more.")
    pairs = [_correlation(row, mean_of_others(values, w)) for w, row in enumerate(values)]
    r = np.array([correlation for correlation, _ in pairs])
    shared = np.array([shared for _, shared in pairs])
    return shrunken(r, shared / samples_per_answer, kappa)


def shrunken(r: Floats, answers: Floats, kappa: float = KAPPA) -> Floats:
    """Return correlations (n_annotators,) pulled to the crowd's, by how many answers they rest on.

    >>> shrunken(np.array([0.9, 0.0]), np.array([23.0, 3.0])).round(2)
    array([0.9, 0.9])
    """
    freedom = np.maximum(answers - 3, 0.0)
    z = np.arctanh(np.clip(r, -0.999, 0.999))
    crowd = float((freedom * z).sum() / freedom.sum()) if freedom.any() else 0.0
    with np.errstate(invalid="ignore"):
        shrunk = (freedom * z + kappa * crowd) / (freedom + kappa)
    clipped: Floats = np.clip(np.nan_to_num(np.tanh(shrunk)), 0.0, 1.0)
    return clipped


def standardised(values: Floats) -> Floats:
    """Return each annotator's values (n_annotators, n) with mean 0 and standard deviation 1.

    For unbounded (relative) traces, whose zero and unit are each annotator's own: only their
    shape can be compared. One who never moves becomes 0 throughout.

    >>> standardised(np.array([[0.0, 2, 4], [100, 300, 500], [7, 7, 7]])).round(2)
    array([[-1.22,  0.  ,  1.22],
           [-1.22,  0.  ,  1.22],
           [ 0.  ,  0.  ,  0.  ]])
    """
    centred = values - mean_of_known(values.T)[:, None]
    deviation = np.sqrt(mean_of_known(centred.T**2))[:, None]
    lively = deviation > 1e-9 * np.maximum(
        1.0, np.abs(np.nan_to_num(values)).max(axis=1, keepdims=True)
    )
    return np.where(np.isfinite(values), centred / np.where(lively, deviation, np.inf), np.nan)


def _correlation(own: Floats, others: Floats) -> tuple[float, int]:
    """Pearson's r and the number of shared answers; 0 where one of the two is constant."""
    known = np.isfinite(own) & np.isfinite(others)
    shared = int(known.sum())
    if shared < 2 or np.ptp(own[known]) == 0 or np.ptp(others[known]) == 0:
        return 0.0, shared
    return float(np.corrcoef(own[known], others[known])[0, 1]), shared
