"""Krippendorff's alpha from counts, for any distance, with an interval that is honest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement import bootstrap, distances
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.distances import Level


@dataclass(frozen=True, eq=False)
class FixedAlpha:
    """Alpha whose squared distances (K, K) do not hang on the labels: all but the ordinal."""

    distance: Floats

    def rows(self, table: Floats) -> Floats:
        """Per task its disagreement, then its counts (n, 1 + K); one label adds nothing."""
        totals = table.sum(axis=1)
        pairs = ((table @ self.distance) * table).sum(axis=1)
        return _pairable(np.column_stack([pairs / np.maximum(totals - 1, 1), table]), totals)

    def disagreement(self, sums: Floats) -> Floats:
        observed, counts = sums[..., 0], sums[..., 1:]
        expected = ((counts @ self.distance) * counts).sum(axis=-1)
        return _over(observed, expected, counts.sum(axis=-1))


@dataclass(frozen=True, eq=False)
class OrdinalAlpha:
    """Alpha for K ranked classes, whose distances are counted in the labels between them."""

    n_classes: int

    def rows(self, table: Floats) -> Floats:
        """Per task its coincidences of two different classes, then its counts."""
        totals = table.sum(axis=1)
        one, other = np.triu_indices(self.n_classes, 1)
        pairs = 2 * table[:, one] * table[:, other] / np.maximum(totals - 1, 1)[:, None]
        return _pairable(np.column_stack([pairs, table]), totals)

    def disagreement(self, sums: Floats) -> Floats:
        one, other = np.triu_indices(self.n_classes, 1)
        pairs, counts = sums[..., : len(one)], sums[..., len(one) :]
        ranks = distances.mid_ranks(counts)
        distance = (ranks[..., one] - ranks[..., other]) ** 2
        observed = (pairs * distance).sum(axis=-1)
        expected = (2 * counts[..., one] * counts[..., other] * distance).sum(axis=-1)
        return _over(observed, expected, counts.sum(axis=-1))


def alpha_for(
    level: Level, n_classes: int, values: ArrayLike | None = None
) -> FixedAlpha | OrdinalAlpha:
    """Return the coefficient of a level; `values` (K,) are what the classes stand for, 1 to K."""
    if level is Level.ORDINAL:
        return OrdinalAlpha(n_classes)
    known = np.arange(1.0, n_classes + 1) if values is None else np.asarray(values, dtype=float)
    if known.shape != (n_classes,):
        raise ValueError("There must be one value for every class.")
    measures = {
        Level.NOMINAL: distances.nominal,
        Level.INTERVAL: distances.interval,
        Level.RATIO: distances.ratio,
    }
    return FixedAlpha(measures[level](known))


def alpha(
    counts: Answers | ArrayLike, level: Level = Level.NOMINAL, values: ArrayLike | None = None
) -> float:
    """Return alpha from labels per task and class, shape (n_tasks, K), or from answers.

    Classes stand in their order; `values` (K,) are their numbers for the interval and the ratio
    distance, 1 to K if not given. Any number of labels a task; tasks with fewer than two say
    nothing of agreement and are left out. Raises ValueError where alpha is undefined: no such
    task, or one class only.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C, whose
    twelve units give 0.743, 0.815, 0.849 and 0.797:

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> table = [[unit.count(c) for c in "12345"] for unit in units]
    >>> [round(alpha(table, level), 3) for level in Level]
    [0.743, 0.815, 0.849, 0.797]
    """
    table = _table(counts)
    return alpha_with(alpha_for(level, table.shape[1], values), table)


def alpha_with(coefficient: bootstrap.Coefficient, table: Floats) -> float:
    """Return the alpha that `coefficient` makes of `table` (n_tasks, K); errors as in `alpha`."""
    _check(table)
    disagreement = float(coefficient.disagreement(coefficient.rows(table).sum(axis=0)))
    if np.isnan(disagreement):
        raise ValueError("Alpha is undefined: every label is of the same class.")
    return 1 - disagreement


def nominal_alpha(counts: Answers | ArrayLike) -> float:
    """Return nominal alpha from labels per task and class; see `alpha`."""
    return alpha(counts)


def alpha_per_class(counts: Answers | ArrayLike) -> Floats:
    """Return alpha of each class against the rest, shape (K,); NaN where it is undefined.

    >>> alpha_per_class([[2, 0, 0], [0, 1, 1], [0, 1, 1], [2, 0, 0]]).round(2)
    array([ 1.  , -0.17, -0.17])
    """
    table = _table(counts)
    _check(table)
    totals = table.sum(axis=1)
    two = alpha_for(Level.NOMINAL, 2)
    sums = [two.rows(np.column_stack([c, totals - c])).sum(axis=0) for c in table.T]
    return 1 - two.disagreement(np.array(sums))


def alpha_interval(
    counts: Answers | ArrayLike,
    persons: ArrayLike | None = None,
    *,
    measure: bootstrap.Coefficient | None = None,
    resamples: int = bootstrap.RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval (low, high) of alpha by a studentised bootstrap over clusters.

    Drawn anew are the persons in the clips; without `persons` (n_tasks,), of any sortable kind,
    the tasks. `measure` is what `alpha_for` gives, nominal if not given. See `bootstrap`.

    >>> low, high = alpha_interval([[9, 1], [1, 9], [8, 2], [0, 10]] * 25, seed=1)
    >>> round(low, 2), round(high, 2)
    (0.58, 0.66)
    """
    table = _table(counts)
    enough = _totals(table) > 1
    who = bootstrap.persons_of(persons, enough)
    _check(table)
    return bootstrap.interval(
        measure or alpha_for(Level.NOMINAL, table.shape[1]),
        table if enough.all() else table[enough],
        who,
        resamples=resamples,
        level=level,
        seed=seed,
    )


def labels_needed(alpha: float, reliability: float = 0.8) -> float:
    """Return how many labels a task needs for their aggregate to reach `reliability`.

    Spearman-Brown, with alpha as the reliability of one annotator.

    >>> [round(labels_needed(a), 1) for a in (0.28, 0.46, 0.50)]
    [10.3, 4.7, 4.0]
    """
    if not 0 < alpha < 1:
        raise ValueError("The number of labels needed is defined for alpha between 0 and 1.")
    return reliability * (1 - alpha) / (alpha * (1 - reliability))


def _table(counts: Answers | ArrayLike) -> Floats:
    table = np.asarray(counts.counts() if isinstance(counts, Answers) else counts, dtype=float)
    if table.ndim != 2:
        raise ValueError("Alpha takes counts of shape (n_tasks, K).")
    return table


def _totals(table: Floats) -> Floats:
    """Sum few columns of many rows: numpy's own sum takes them a row at a time."""
    totals: Floats = np.einsum("ij->i", table)
    return totals


def _check(table: Floats) -> None:
    if not (_totals(table) > 1).any():
        raise ValueError("Alpha is undefined: no task has two labels.")


def _pairable(rows: Floats, totals: Floats) -> Floats:
    rows[totals < 2] = 0.0
    return rows


def _over(observed: Floats, expected: Floats, n: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, (n - 1) * observed / expected, np.nan)
