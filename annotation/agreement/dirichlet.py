"""How alike tasks are: the Dirichlet that the tasks' distributions of labels come from."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import gammaln

from annotation.agreement.answers import Floats, Ints, sums_by

SMALLEST, LARGEST = 0.02, 200.0
WITHOUT_EVIDENCE = 1.0
SPREAD_OF_LOG_S = 1.0


def fit_prior(counts: Ints | Floats) -> tuple[float, Floats]:
    """Return the concentration s and the mean m, shape (K,), of the prior Dir(s m).

    `counts` are (weighted) labels per task and class, shape (n_tasks, K). m is the overall share
    with half a label added to every class; s maximises the Dirichlet-multinomial likelihood
    (Minka 2000, "Estimating a Dirichlet distribution") times its own prior, ln s ~ N(0, 1), within
    [0.02, 200]. A few tasks alone can make any s likely, up to infinity; recorded emotions have
    1.0 to 2.9, and some hundred tasks outweigh the prior. Where no task has more than one label
    nothing is known of s, and it is 1.

    >>> s, m = fit_prior(np.array([[9, 1], [1, 9], [8, 2], [2, 8], [10, 0], [0, 10]]))
    >>> round(s, 2), m
    (0.88, array([0.5, 0.5]))
    """
    table = np.asarray(counts, dtype=np.float64)
    m = (table.sum(axis=0) + 0.5) / (table.sum() + 0.5 * table.shape[1])
    sizes = table.sum(axis=1)
    if not bool(np.any(sizes > 1)):
        return WITHOUT_EVIDENCE, m

    columns = [_occurrences(column) for column in table.T]
    totals = _occurrences(sizes)

    def loss(log_s: float) -> float:
        s = float(np.exp(log_s))
        within = sum(_rising(share * s, column) for share, column in zip(m, columns, strict=True))
        return _rising(s, totals) - within + log_s**2 / (2 * SPREAD_OF_LOG_S**2)

    bounds = (np.log(SMALLEST), np.log(LARGEST))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x)), m


def _occurrences(counts: Floats) -> Floats:
    """How often each whole number occurs; 2.3 counts as 0.7 of a 2 and 0.3 of a 3.

    A weighted count stands for a number of labels that is not known, not for a part of a label:
    taken as it is, ln Gamma would charge a class with 0.3 labels nearly as much as one with 1,
    and s would run off to infinity where weights are low.
    """
    whole = np.floor(counts).astype(np.int64)
    part = counts - whole
    size = int(whole.max(initial=0)) + 2
    return sums_by(whole, 1 - part, size) + sums_by(whole + 1, part, size)


def _rising(a: float, occurrences: Floats) -> float:
    """Sum of ln(Gamma(a + n) / Gamma(a)) over n = 0, 1, ..., each as often as it occurs."""
    n = np.arange(len(occurrences))
    return float(occurrences @ (gammaln(a + n) - gammaln(a)))
