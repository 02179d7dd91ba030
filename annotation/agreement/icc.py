"""Intraclass correlations after Shrout & Fleiss, with their intervals by F."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import f as fisher

from annotation.agreement.answers import Floats


@dataclass(frozen=True)
class Correlation:
    """A reliability and its interval; the lower end may be below 0."""

    value: float
    low: float
    high: float

    def stepped_up(self, k: int) -> Correlation:
        """Return the reliability of the mean of k raters, by Spearman-Brown."""
        value, low, high = (k * r / (1 + (k - 1) * r) for r in (self.value, self.low, self.high))
        return Correlation(value, low, high)


@dataclass(frozen=True)
class Correlations:
    """The six of Shrout & Fleiss: of one rater, and of the mean of all k.

    one_way: every target is rated by raters of its own. two_way: the raters are a sample and
    rate every target; their level counts as error. fixed: just these raters, whose level does not
    count: consistency.
    """

    one_way: Correlation
    two_way: Correlation
    fixed: Correlation
    one_way_mean: Correlation
    two_way_mean: Correlation
    fixed_mean: Correlation


@dataclass(frozen=True)
class _Squares:
    """Mean squares between targets, within them, between raters, and the rest."""

    n: int
    k: int
    targets: float
    within: float
    raters: float
    rest: float


def icc(ratings: ArrayLike, *, level: float = 0.95) -> Correlations:
    """Return the six intraclass correlations of complete `ratings` (n_targets, n_raters).

    Raises ValueError with fewer than two targets or raters, for missing ratings, and where all
    ratings, or all raters on all targets, are alike: there is no variance to share out.

    Source: Shrout & Fleiss (1979), "Intraclass correlations: uses in assessing rater
    reliability", tables 2 to 4; McGraw & Wong (1996) for the same. Their six targets:

    >>> judged = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9]]
    >>> found = icc([*judged, [6, 2, 4, 7]])
    >>> [round(r.value, 2) for r in (found.one_way, found.two_way, found.fixed)]
    [0.17, 0.29, 0.71]
    >>> [round(r.value, 2) for r in (found.one_way_mean, found.two_way_mean, found.fixed_mean)]
    [0.44, 0.62, 0.91]
    """
    squares = _mean_squares(_complete(ratings))
    one_way, two_way, fixed = (of(squares, (1 - level) / 2) for of in (_one_way, _two_way, _fixed))
    k = squares.k
    return Correlations(
        one_way,
        two_way,
        fixed,
        one_way.stepped_up(k),
        two_way.stepped_up(k),
        fixed.stepped_up(k),
    )


def _complete(ratings: ArrayLike) -> Floats:
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2:
        raise ValueError("An intraclass correlation needs two targets and two raters or more.")
    if not np.isfinite(table).all():
        raise ValueError("An intraclass correlation needs every rating of every target.")
    if np.ptp(table) == 0:
        raise ValueError("An intraclass correlation is undefined: all ratings are alike.")
    return table


def _mean_squares(table: Floats) -> _Squares:
    n, k = table.shape
    centred = table - table.mean()
    targets, raters = centred.mean(axis=1), centred.mean(axis=0)
    within = ((centred - targets[:, None]) ** 2).sum()
    rest = ((centred - targets[:, None] - raters) ** 2).sum()
    return _Squares(
        n,
        k,
        float(k * (targets**2).sum() / (n - 1)),
        float(within / (n * (k - 1))),
        float(n * (raters**2).sum() / (k - 1)),
        float(rest / ((n - 1) * (k - 1))),
    )


def _one_way(s: _Squares, tail: float) -> Correlation:
    return _by_f(s.targets, s.within, s, (s.n - 1, s.n * (s.k - 1)), tail)


def _fixed(s: _Squares, tail: float) -> Correlation:
    return _by_f(s.targets, s.rest, s, (s.n - 1, (s.n - 1) * (s.k - 1)), tail)


def _by_f(
    targets: float, error: float, s: _Squares, freedom: tuple[int, int], tail: float
) -> Correlation:
    """Return the correlation of the variance ratio targets / error, and those at its F bounds."""
    if error <= 1e-12 * targets:
        return Correlation(1.0, 1.0, 1.0)
    f = targets / error
    low, high = f / fisher.ppf(1 - tail, *freedom), f * fisher.ppf(1 - tail, *freedom[::-1])
    value, below, above = (float((x - 1) / (x + s.k - 1)) for x in (f, low, high))
    return Correlation(value, below, above)


def _two_way(s: _Squares, tail: float) -> Correlation:
    """Absolute agreement; the interval is Satterthwaite's, as in the paper's appendix."""
    n, k = s.n, s.k
    noise = k * s.raters + (k * n - k - n) * s.rest
    value = (s.targets - s.rest) / (s.targets + (k - 1) * s.rest + k * (s.raters - s.rest) / n)
    if s.rest <= 1e-12 * s.targets:
        return Correlation(value, value, value)
    by_rater, by_rest = k * value * s.raters / s.rest, n * (1 + (k - 1) * value) - k * value
    freedom = (k - 1) * (n - 1) * (by_rater + by_rest) ** 2
    freedom /= (n - 1) * by_rater**2 + by_rest**2
    upper, lower = fisher.ppf(1 - tail, n - 1, freedom), fisher.ppf(1 - tail, freedom, n - 1)
    low = n * (s.targets - upper * s.rest) / (upper * noise + n * s.targets)
    high = n * (lower * s.targets - s.rest) / (noise + n * lower * s.targets)
    return Correlation(value, float(low), float(high))
