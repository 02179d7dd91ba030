"""An interval for any coefficient of agreement, by a bootstrap over clusters that covers.

Every coefficient of this package is a function of *sums over tasks*: a draw costs one product of
how often each cluster was drawn with what it adds up to, and all is computed anew from that.

Drawn are whole persons. What tasks vary by within a person is in that already; to draw tasks anew
within each drawn person counts it twice (Davison & Hinkley 1997, "Bootstrap Methods and their
Application", section 3.8).

The plain percentile interval covers too little with few persons. This one is studentised: each
draw is measured in standard errors of its own, on the scale of log(1 - coefficient), which keeps
the upper end below 1. Source: Cameron, Gelbach & Miller (2008), "Bootstrap-based improvements for
inference with clustered errors". `benchmarks/coverage.py` shows what each covers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from annotation.agreement.answers import Bools, Floats, Ints

RESAMPLES = 1000
BLOCK = 500_000  # counts in memory at once: 4 MB
UNDEFINED = 0.01  # with more draws than this share undefined, their quantiles say little
NOTHING = 1e-12
DENSE = 4  # rows are counted where not more are possible than so many times those there are


class Coefficient(Protocol):
    """A coefficient `1 - disagreement` of what is summed over tasks."""

    def rows(self, table: Floats) -> Floats:
        """Return what each task (n_tasks, any) adds to the sums, shape (n_tasks, P)."""

    def disagreement(self, sums: Floats) -> Floats:
        """Return observed over expected disagreement, (..., P) to (...); NaN where undefined."""


def interval(
    coefficient: Coefficient,
    table: Floats,
    persons: ArrayLike | None = None,
    *,
    resamples: int = RESAMPLES,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval (low, high) of `coefficient` over `table` (n_tasks, any).

    Clusters are the `persons` (n_tasks,), of any sortable kind; without them, or with one person
    alone, the tasks: the interval is then of this person's clips. Where so little varies that
    over 1 % of the draws have no logarithm, mostly with four clusters or fewer, their quantiles
    give way to Student's t with one degree of freedom less than clusters and the error to the
    jackknife's. Where nothing varies both ends are the value. Raises ValueError where the
    coefficient is undefined, and for persons not as many as tasks.
    """
    clusters, times = _clusters(coefficient, table, persons)
    total = times @ clusters
    value = float(coefficient.disagreement(total))
    if np.isnan(value):
        raise ValueError("Agreement is undefined: every label is of the same class.")
    n = int(times.sum())
    spread = float(_errors(coefficient, clusters, total[None], times[None].astype(float))[0])
    if value < NOTHING or n < 2 or not spread > NOTHING:
        return 1 - value, 1 - value

    tail = (1 - level) / 2
    drawn = np.concatenate(
        [
            _studentised(coefficient, clusters, counts, np.log(value))
            for counts in _draws(times, resamples, np.random.default_rng(seed))
        ]
    )
    known = drawn[np.isfinite(drawn)]
    if known.size < (1 - UNDEFINED) * resamples:
        above = float(student.ppf(1 - tail, n - 1))
        below = -above
        spread = max(spread, _jackknife(coefficient, clusters, times))
    else:
        below, above = np.quantile(known, [tail, 1 - tail])
    low, high = 1 - value * np.exp(-np.array([below, above]) * spread)
    return float(low), float(high)


def cluster_sums(rows: Floats, persons: ArrayLike) -> Floats:
    """Return `rows` (n_tasks, P) summed by person, shape (n_persons, P)."""
    names, person = np.unique(_one_each(persons, len(rows)), return_inverse=True)
    return np.column_stack([np.bincount(person, column, len(names)) for column in rows.T])


def persons_of(persons: ArrayLike | None, kept: Bools) -> NDArray[Any] | None:
    """Return the persons (n_tasks,) of the tasks that are `kept` (n_tasks,); None stays None."""
    return None if persons is None else _one_each(persons, len(kept))[kept]


def _one_each(persons: ArrayLike, n_tasks: int) -> NDArray[Any]:
    who = np.asarray(persons)
    if who.shape != (n_tasks,):
        raise ValueError("There must be one person for every task.")
    return who


def _clusters(
    coefficient: Coefficient, table: Floats, persons: ArrayLike | None
) -> tuple[Floats, Ints]:
    """Return the different sums of clusters (n, P), and how many clusters have each (n,)."""
    if persons is not None:
        sums = cluster_sums(coefficient.rows(table), persons)
        if len(sums) > 1:
            return sums, np.ones(len(sums), dtype=np.int64)
    rows, times = _different(table)
    return coefficient.rows(rows), times


def _different(table: Floats) -> tuple[Floats, Ints]:
    """Return the different rows of a table of counts: drawing them is drawing few things."""
    whole = bool((table == np.rint(table)).all())
    base = int(table.max(initial=0)) + 1 if whole else 0
    possible = base ** table.shape[1]
    if not whole or table.min(initial=0) < 0 or possible >= 2**62:
        return table, np.ones(len(table), dtype=np.int64)
    places = base ** np.arange(table.shape[1], dtype=np.int64)
    key = table.astype(np.int64) @ places
    if possible <= DENSE * len(table):
        often = np.bincount(key)  # much faster than to sort; the same rows in the same order
        found = np.flatnonzero(often)
        return (found[:, None] // places % base).astype(np.float64), often[found]
    _, first, times = np.unique(key, return_index=True, return_counts=True)
    return table[first], times


def _draws(times: Ints, resamples: int, rng: Generator) -> Iterator[Floats]:
    """Draw as many clusters as there are, with replacement; yield blocks of counts (b, n)."""
    size, n = len(times), int(times.sum())
    many = n > 20 * size
    block = max(1, BLOCK // (size if many else n))
    owner = np.arange(size) if many else np.arange(size).repeat(times)
    for start in range(0, resamples, block):
        b = min(block, resamples - start)
        if many:
            yield rng.multinomial(n, times / n, size=b).astype(np.float64)
            continue
        cells = owner[rng.integers(0, n, (b, n))] + size * np.arange(b)[:, None]
        yield np.bincount(cells.ravel(), minlength=b * size).reshape(b, size).astype(np.float64)


def _studentised(coefficient: Coefficient, rows: Floats, counts: Floats, centre: float) -> Floats:
    """Return how many standard errors each draw (b, n) lies from `centre`, shape (b,)."""
    sums = counts @ rows
    value = coefficient.disagreement(sums)
    errors = _errors(coefficient, rows, sums, counts)
    with np.errstate(divide="ignore", invalid="ignore"):
        away: Floats = (np.log(value) - centre) / errors
    return np.where((value > NOTHING) & (errors > NOTHING), away, np.nan)


def _errors(coefficient: Coefficient, rows: Floats, sums: Floats, counts: Floats) -> Floats:
    """Return the standard error of log disagreement for each draw, by linearisation, shape (b,).

    `rows` (n, P) are drawn `counts` (b, n) times and add up to `sums` (b, P).
    """
    n = counts.sum(axis=1)
    slopes = _slopes(coefficient, sums, np.abs(rows).sum(axis=0))
    pull = slopes @ rows.T
    pull -= ((slopes * sums).sum(axis=1) / n)[:, None]
    np.square(pull, out=pull)
    with np.errstate(invalid="ignore", divide="ignore"):
        errors: Floats = np.sqrt(np.einsum("bn,bn->b", counts, pull) * n / (n - 1))
    return errors


def _jackknife(coefficient: Coefficient, rows: Floats, times: Ints) -> float:
    """Return the standard error of log disagreement from leaving out each cluster in turn.

    Clusters without which there is no logarithm are passed over.
    """
    without = coefficient.disagreement(times @ rows - rows)
    known = without > NOTHING
    if not known.any():
        return 0.0
    logs, weights, n = np.log(without[known]), times[known], times.sum()
    mean = np.average(logs, weights=weights)
    return float(np.sqrt((n - 1) / n * (weights @ (logs - mean) ** 2)))


def _slopes(coefficient: Coefficient, sums: Floats, scale: Floats) -> Floats:
    """Return how log disagreement changes with each sum, by central differences, shape (b, P).

    Where there is no logarithm the slopes are 0, and so is the standard error.
    """
    value = coefficient.disagreement(sums)
    slopes = np.zeros_like(sums)
    for p in np.flatnonzero(scale > 0):
        step = 1e-5 * scale[p]
        up, down = sums.copy(), sums.copy()
        up[:, p] += step
        down[:, p] -= step
        change = coefficient.disagreement(up) - coefficient.disagreement(down)
        np.divide(change, 2 * step * value, out=slopes[:, p], where=value > NOTHING)
    return np.nan_to_num(slopes, copy=False)
