"""Scores out of paired comparisons by people of whom some do not look, or look the other way.

CrowdBT: Chen, Bennett, Collins-Thompson & Horvitz (2013), "Pairwise ranking aggregation in a
crowdsourced setting", WSDM. Of items i and j with log-strengths θ, annotator k says that i wins
with probability

    η_k σ(θi - θj) + (1 - η_k) σ(θj - θi).

η is near 1 of who looks, 1/2 of who throws coins, near 0 of who confuses the two ends.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from annotation.agreement.aggregation import Reliability
from annotation.agreement.answers import sums_by
from annotation.agreement.bradley_terry import ROUGH, SPREAD, Comparisons, Floats, Ints

ROUNDS, SETTLED = 100, 1e-6
LOOKS_ERRS = (9.0, 1.0)


@dataclass(frozen=True, eq=False)
class CrowdScores:
    """Log-strengths (n_items,) around zero, and the η of each annotator with its interval."""

    value: Floats
    reliability: Reliability


def fit(
    said: Comparisons,
    annotator: Ints,
    n_items: int,
    n_annotators: int,
    *,
    prior: tuple[float, float] = LOOKS_ERRS,
) -> CrowdScores:
    """Return the strength of each item and the reliability of each annotator.

    Args:
        said: comparisons; a tie counts as half a win of each.
        annotator: (m,) who made each, numbered from 0.
        prior: of η, a Beta with more of the first, so that the order is not reversed.

    EM over who meant what was said, from θ = 0; the strengths are those of a Bradley-Terry model
    with labels turned as far as they are thought to be meant the other way.

    >>> pairs = np.array([(i, j) for i in range(6) for j in range(6) if i < j])
    >>> first, second = np.tile(pairs, (4, 1)).T
    >>> annotator = np.arange(4).repeat(len(pairs))
    >>> said = Comparisons(first, second, np.where(annotator == 3, 1.0, 0.0))
    >>> found = fit(said, annotator, 6, 4)
    >>> found.value.argsort().tolist(), found.reliability.value.round(1).tolist()
    ([0, 1, 2, 3, 4, 5], [1.0, 1.0, 1.0, 0.4])
    """
    looks, errs = prior
    order = np.lexsort((said.outcome, said.second, said.first, annotator))
    said, annotator = said.at(order), annotator[order]
    strength = np.zeros(n_items)
    eta = np.full(n_annotators, looks / (looks + errs))
    n = np.bincount(annotator, minlength=n_annotators).astype(np.float64)
    for _ in range(ROUNDS):
        meant = _meant(said, strength, eta[annotator])
        right = sums_by(annotator, meant, n_annotators)
        turned = meant * said.outcome + (1 - meant) * (1 - said.outcome)
        found = _strengths(said, turned, strength)
        moved = np.abs(found - strength).max(initial=0.0)
        strength = found
        eta = (right + looks) / (n + looks + errs)
        if moved < SETTLED:
            break
    reliability = Reliability.of_beta(right + looks, n - right + errs)
    return CrowdScores(strength - strength.mean(), reliability)


def _meant(said: Comparisons, strength: Floats, eta: Floats) -> Floats:
    """Return how likely each answer was meant as it was said, (m,); a tie says nothing of it."""
    wins = expit(strength[said.first] - strength[said.second])
    as_said = eta * (said.outcome * wins + (1 - said.outcome) * (1 - wins))
    turned = (1 - eta) * (said.outcome * (1 - wins) + (1 - said.outcome) * wins)
    meant: Floats = as_said / (as_said + turned)
    return meant


def _strengths(said: Comparisons, outcome: Floats, start: Floats) -> Floats:
    """Return the strengths that fit shares of wins (m,) best, under their prior."""
    n = len(start)

    def loss(x: Floats) -> tuple[float, Floats]:
        gap = x[said.first] - x[said.second]
        value = (np.logaddexp(0, gap) - outcome * gap).sum() + (x**2).sum() / (2 * SPREAD**2)
        excess = expit(gap) - outcome
        slope = sums_by(said.first, excess, n) - sums_by(said.second, excess, n)
        return float(value), slope + x / SPREAD**2

    options = {"maxiter": 200, "ftol": ROUGH * 1e-6, "gtol": ROUGH}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)  # type: ignore[call-overload] # Its stubs know one shape only.
    return np.asarray(found.x, dtype=np.float64)
