"""Gwet's AC1 and AC2: agreement beyond chance that does not fall where one class is common."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement import bootstrap
from annotation.agreement.answers import Answers, Floats


@dataclass(frozen=True, eq=False)
class GwetCoefficient:
    """AC1 or, with `weights` (K, K) other than the identity, AC2, from counts."""

    weights: Floats

    def rows(self, table: Floats) -> Floats:
        """Per task what its pairs disagree by, whether it has pairs, and its shares (n, 2 + K)."""
        totals = table.sum(axis=1)
        paired = totals > 1
        apart = ((table @ (1 - self.weights)) * table).sum(axis=1)
        observed = np.where(paired, apart / np.maximum(totals * (totals - 1), 1), 0.0)
        shares = table / np.maximum(totals, 1)[:, None]
        return np.column_stack([observed, paired, shares])

    def disagreement(self, sums: Floats) -> Floats:
        k = len(self.weights)
        shares = sums[..., 2:] / sums[..., 2:].sum(axis=-1, keepdims=True)
        chance = self.weights.sum() / (k * (k - 1)) * (shares * (1 - shares)).sum(axis=-1)
        with np.errstate(invalid="ignore", divide="ignore"):
            observed = sums[..., 0] / sums[..., 1]
            return np.where(sums[..., 1] > 0, observed / (1 - chance), np.nan)


def gwet_ac(counts: Answers | ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return Gwet's AC1 from labels per task and class, shape (n_tasks, K), or from answers.

    Any number of raters and labels a task: tasks with one label tell how often a class is
    chosen, those with two or more how raters agree. With `weights` (K, K) of agreement, see
    `kappa.agreement_weights`, it is AC2. Classes that nobody chose count: give the table the
    columns that could be chosen. Raises ValueError where no task has two labels.

    Source: Gwet (2008), "Computing inter-rater reliability and its variance in the presence of
    high agreement", and Gwet (2014), "Handbook of Inter-Rater Reliability", 4th edition: its
    twelve subjects with missing ratings, whose AC1 is 0.775.

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> round(gwet_ac([[unit.count(c) for c in "12345"] for unit in units]), 3)
    0.775
    """
    coefficient, table = _prepared(counts, weights)
    return 1 - float(coefficient.disagreement(coefficient.rows(table).sum(axis=0)))


def gwet_interval(
    counts: Answers | ArrayLike,
    persons: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval of `gwet_ac` over clusters; `persons` (n_tasks,), see `bootstrap`."""
    coefficient, table = _prepared(counts, weights)
    return bootstrap.interval(coefficient, table, persons, level=level, seed=seed)


def _prepared(
    counts: Answers | ArrayLike, weights: ArrayLike | None
) -> tuple[GwetCoefficient, Floats]:
    table = np.asarray(counts.counts() if isinstance(counts, Answers) else counts, dtype=float)
    if table.ndim != 2 or table.shape[1] < 2:
        raise ValueError("AC1 takes counts of shape (n_tasks, K), of at least two classes.")
    k = table.shape[1]
    known = np.eye(k) if weights is None else np.asarray(weights, dtype=np.float64)
    if known.shape != (k, k):
        raise ValueError("There must be one weight for any two classes.")
    if not (table.sum(axis=1) > 1).any():
        raise ValueError("AC1 is undefined: no task has two labels.")
    return GwetCoefficient(known), table
