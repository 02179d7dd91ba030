"""Alpha where answers are numbers of any kind: intensities, valence, a rating from 0 to 100."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement import bootstrap
from annotation.agreement.alpha import alpha_for, alpha_with
from annotation.agreement.answers import Floats, Ints, sums_by
from annotation.agreement.distances import Level


@dataclass(frozen=True)
class MomentAlpha:
    """Interval alpha from how many numbers a task has, their sum and the sum of their squares.

    Squared differences need no pairs: those of m numbers add up to `2 (m sum x^2 - (sum x)^2)`.
    """

    def rows(self, table: Floats) -> Floats:
        """Per task its disagreement, then its moments (n_tasks, 4); one number adds nothing."""
        n, total, squares = table.T
        pairs = 2 * np.maximum(n * squares - total**2, 0.0) / np.maximum(n - 1, 1)
        rows = np.column_stack([pairs, table])
        rows[n < 2] = 0.0
        return rows

    def disagreement(self, sums: Floats) -> Floats:
        observed, n, total, squares = np.moveaxis(sums, -1, 0)
        expected = 2 * (n * squares - total**2)
        with np.errstate(invalid="ignore", divide="ignore"):
            # Of numbers all alike nothing is left but rounding.
            spread = expected > 1e-12 * n * squares
            return np.where(spread, (n - 1) * observed / expected, np.nan)


def alpha_of_numbers(task: ArrayLike, numbers: ArrayLike, level: Level = Level.INTERVAL) -> float:
    """Return alpha of `numbers` (n_labels,) given to `task` (n_labels,), numbered from 0.

    NaN is no label. Tasks with one label are left out. The interval distance costs one pass over
    the labels; the others cost a column for every different number. Raises ValueError for
    arrays of unequal length and where alpha is undefined.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C:

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> task = np.arange(12).repeat([len(unit) for unit in units])
    >>> round(alpha_of_numbers(task, [float(c) for c in "".join(units)]), 3)
    0.849
    """
    measure, table = _measured(task, numbers, level)
    return alpha_with(measure, table) if level is not Level.INTERVAL else _by_moments(table)


def numbers_interval(
    task: ArrayLike,
    numbers: ArrayLike,
    persons: ArrayLike | None = None,
    *,
    measured: Level = Level.INTERVAL,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval of `alpha_of_numbers` over clusters, see `bootstrap`.

    `persons` (n_tasks,) has one entry for each task from 0 to the last.
    """
    measure, table = _measured(task, numbers, measured)
    return bootstrap.interval(measure, table, persons, level=level, seed=seed)


def _measured(
    task: ArrayLike, numbers: ArrayLike, level: Level
) -> tuple[bootstrap.Coefficient, Floats]:
    where, x = np.asarray(task), np.asarray(numbers, dtype=np.float64)
    if where.shape != x.shape or where.ndim != 1:
        raise ValueError("Tasks and numbers need the same length.")
    n_tasks = int(where.max(initial=-1)) + 1
    where, x = where[np.isfinite(x)], x[np.isfinite(x)]
    if not (np.bincount(where, minlength=1) > 1).any():
        raise ValueError("Alpha is undefined: no task has two labels.")
    if level is Level.INTERVAL:
        return MomentAlpha(), _moments(where, x - x.mean(), n_tasks)
    values, index = np.unique(x, return_inverse=True)
    k = len(values)
    table = np.bincount(where * k + index, minlength=n_tasks * k).reshape(n_tasks, k)
    return alpha_for(level, k, values), table.astype(np.float64)


def _moments(task: Ints, x: Floats, n_tasks: int) -> Floats:
    weights = (np.ones_like(x), x, x**2)
    return np.column_stack([sums_by(task, w, n_tasks) for w in weights])


def _by_moments(table: Floats) -> float:
    measure = MomentAlpha()
    disagreement = float(measure.disagreement(measure.rows(table).sum(axis=0)))
    if np.isnan(disagreement):
        raise ValueError("Alpha is undefined: every label is of the same class.")
    return 1 - disagreement
