"""Scores out of paired comparisons with ties: the Bradley-Terry model after Davidson (1970).

"On Extending the Bradley-Terry Model to Accommodate Ties in Paired Comparison Experiments", JASA
65. With strengths θ (on a log scale) and a threshold δ, of items i and j

    P(i wins) ∝ exp θi,   P(j wins) ∝ exp θj,   P(tie) ∝ exp((θi + θj)/2 + δ).

A wide normal prior keeps an item finite that always wins, and one that was never compared at zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import coo_array

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

SPREAD = 3.0
THRESHOLD, THRESHOLD_SPREAD = -1.0, 2.0
NORMAL_95 = 1.959964
EXACT, ROUGH = 1e-12, 1e-6
# The intervals need a matrix of items by items; beyond so many they are left out.
MOST_WITH_INTERVALS = 3000


@dataclass(frozen=True, eq=False)
class Comparisons:
    """Pairs of items and how each came out.

    Attributes:
        first, second: (m,) the items of each pair, numbered from 0.
        outcome: (m,) 1 where the first won, 0 where the second did, 0.5 for a tie.
        source: (m,) the answer that each comes from, where one answer implies several pairs;
            None where each is an answer of its own.
    """

    first: Ints
    second: Ints
    outcome: Floats
    source: Ints | None = None

    def __len__(self) -> int:
        return len(self.first)

    def at(self, kept: npt.NDArray[Any]) -> Comparisons:
        """Return the comparisons at some places."""
        source = None if self.source is None else self.source[kept]
        return Comparisons(self.first[kept], self.second[kept], self.outcome[kept], source)


@dataclass(frozen=True, eq=False)
class Scores:
    """Log-strengths (n,), around zero, with 95 % intervals, nan where there are none.

    `threshold` is δ, None where ties were not asked for.
    """

    value: Floats
    low: Floats
    high: Floats
    threshold: float | None


def fit(said: Comparisons, n_items: int, *, ties: bool = True, spread: float = SPREAD) -> Scores:
    """Return the strength of each item.

    Args:
        said: the comparisons; with `ties` False, none is a tie.
        n_items: how many items there are, compared or not.
        ties: whether a tie could be said.
        spread: the standard deviation of the prior of each strength.

    Two items, the first of which won three of four times and the rest were ties:

    >>> said = Comparisons(np.zeros(4, int), np.ones(4, int), np.array([1, 1, 1, 0.0]))
    >>> fit(said, 2, ties=False, spread=1e3).value.round(3).tolist()  # half of log 3
    [0.549, -0.549]
    """
    model = _Model(said, n_items, ties=ties, spread=spread)
    found = model.fit(EXACT)
    value = found[:n_items] - found[:n_items].mean()
    half = NORMAL_95 * model.deviations(found)
    return Scores(value, value - half, value + half, float(found[n_items]) if ties else None)


def strengths(said: Comparisons, n_items: int, *, ties: bool = True) -> Floats:
    """Return the strengths (n,) alone, near enough to rank by; nan for what was not compared."""
    found = _Model(said, n_items, ties=ties, spread=SPREAD).fit(ROUGH)[:n_items]
    times = np.bincount(said.first, minlength=n_items) + np.bincount(said.second, minlength=n_items)
    return np.where(times > 0, found - found.mean(), np.nan)


class _Model:
    """The penalised likelihood of strengths and threshold: its value, gradient and curvature."""

    def __init__(self, said: Comparisons, n: int, *, ties: bool, spread: float) -> None:
        self.said, self.n, self.ties = said, n, ties
        self.precision = np.append(np.full(n, spread**-2), THRESHOLD_SPREAD**-2)
        self.centre = np.append(np.zeros(n), THRESHOLD if ties else 0.0)
        self.tied = said.outcome == 0.5

    def fit(self, precision: float) -> Floats:
        options = {"maxiter": 1000, "ftol": precision, "gtol": precision}
        found = minimize(  # type: ignore[call-overload] # Its stubs know one shape only.
            self.loss,
            self.centre,
            jac=True,
            method="L-BFGS-B",
            options=options,
        )
        return np.asarray(found.x, dtype=np.float64)

    def _chances(self, x: Floats) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the chances (m,) of a win of the first, of the second, of a tie, and log Z."""
        one, other = x[self.said.first], x[self.said.second]
        tie = (one + other) / 2 + (x[self.n] if self.ties else -np.inf)
        log_z = np.logaddexp(np.logaddexp(one, other), tie)
        return np.exp(one - log_z), np.exp(other - log_z), np.exp(tie - log_z), log_z

    def loss(self, x: Floats) -> tuple[float, Floats]:
        said, (wins, _losses, ties, log_z) = self.said, self._chances(x)
        utility = said.outcome * x[said.first] + (1 - said.outcome) * x[said.second]
        likelihood = (utility - log_z).sum() + x[self.n] * self.tied.sum()
        gap = x - self.centre
        value = 0.5 * (self.precision * gap**2).sum() - likelihood
        excess = wins + ties / 2 - said.outcome
        gradient = self.precision * gap
        gradient[: self.n] += np.bincount(said.first, excess, self.n)
        gradient[: self.n] -= np.bincount(said.second, excess, self.n)
        gradient[self.n] += (ties - self.tied).sum()
        return float(value), gradient

    def deviations(self, x: Floats) -> Floats:
        """Return the standard deviation of each strength around their mean."""
        if self.n > MOST_WITH_INTERVALS:
            return np.full(self.n, np.nan)
        information = self._information(x)
        inverse: Floats = np.linalg.inv(information + np.diag(self.precision)).astype(np.float64)
        covariance = inverse[: self.n, : self.n]
        rows = covariance.mean(axis=1)
        variance = np.diag(covariance) - 2 * rows + rows.mean()
        deviations: Floats = np.sqrt(variance * self._design_effect(x, information, inverse))
        return deviations

    def _information(self, x: Floats) -> Floats:
        said, n, (wins, losses, ties, _) = self.said, self.n, self._chances(x)
        spread = (wins + losses) / 4 - ((wins - losses) / 2) ** 2
        with_tie = -(wins - losses) / 2 * ties
        threshold = np.full(len(said), n)
        entries = [
            (said.first, said.first, spread), (said.second, said.second, spread),
            (said.first, said.second, -spread), (said.second, said.first, -spread),
            (said.first, threshold, with_tie), (threshold, said.first, with_tie),
            (said.second, threshold, -with_tie), (threshold, said.second, -with_tie),
            (threshold, threshold, ties * (1 - ties)),
        ]  # fmt: skip
        rows, columns, values = (np.concatenate(part) for part in zip(*entries, strict=True))
        dense: Floats = coo_array((values, (rows, columns)), shape=(n + 1, n + 1)).toarray()
        return dense

    def _design_effect(self, x: Floats, information: Floats, inverse: Floats) -> float:
        """Return by how much pairs out of the same answers vary more than pairs of their own.

        It is the mean of the sandwich estimator over the model's, one number for all items: for
        each apart, it would be nothing where an item always wins.
        """
        said, n = self.said, self.n
        if said.source is None or not len(said):
            return 1.0
        wins, _losses, ties, _ = self._chances(x)
        excess = said.outcome - wins - ties / 2
        rows, columns = np.tile(said.source, 2), np.concatenate([said.first, said.second])
        shape = (int(said.source.max()) + 1, n)
        pulls = coo_array((np.append(excess, -excess), (rows, columns)), shape=shape).tocsr()
        outer = (pulls.T @ pulls).tocoo()
        robust = (outer.data * inverse[outer.row, outer.col]).sum()
        expected = (information[:n, :n] * inverse[:n, :n]).sum()
        return max(1.0, float(robust / expected))
