"""Krippendorff's alpha for categories, from counts, with an interval that is honest."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from numpy.typing import ArrayLike

from annotation.agreement.answers import Answers, Floats, Ints


def nominal_alpha(counts: Answers | ArrayLike) -> float:
    """Return nominal alpha from labels per task and class, shape (n_tasks, K), or from answers.

    Any number of labels a task; tasks with fewer than two say nothing of agreement and are
    left out. Raises ValueError where alpha is undefined: no such task, or one class only.

    Source: Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C,
    whose twelve units give 0.743:

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> table = [[unit.count(c) for c in "12345"] for unit in units]
    >>> round(nominal_alpha(table), 3)
    0.743
    """
    pairable = _pairable(counts)
    alpha = _alphas(_sums(pairable).sum(axis=0))
    if np.isnan(alpha):
        raise ValueError("Alpha is undefined: every label is of the same class.")
    return float(alpha)


def alpha_per_class(counts: Answers | ArrayLike) -> Floats:
    """Return alpha of each class against the rest, shape (K,); NaN where it is undefined.

    >>> alpha_per_class([[2, 0, 0], [0, 1, 1], [0, 1, 1], [2, 0, 0]]).round(2)
    array([ 1.  , -0.17, -0.17])
    """
    pairable = _pairable(counts)
    totals = pairable.sum(axis=1)
    return np.array(
        [float(_alphas(_sums(np.column_stack([c, totals - c])).sum(axis=0))) for c in pairable.T]
    )


def alpha_interval(
    counts: Answers | ArrayLike,
    persons: ArrayLike | None = None,
    *,
    resamples: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the percentile interval (low, high) of alpha by a bootstrap over clusters.

    Drawn anew are the persons in the clips and then, within each drawn person, their tasks;
    without `persons` (n_tasks,), of any sortable kind, the tasks alone. Observed and expected
    disagreement are both computed anew. Draws in which only one class is left are passed over.

    Drawing n tasks from n with replacement is one multinomial over their *different* rows of
    counts, which are few, so the cost hardly grows with the number of tasks.

    >>> low, high = alpha_interval([[9, 1], [1, 9], [8, 2], [0, 10]] * 25, seed=1)
    >>> round(low, 2), round(high, 2)
    (0.57, 0.66)
    """
    table = _table(counts)
    rng = np.random.default_rng(seed)
    who = np.zeros(len(table)) if persons is None else np.asarray(persons)
    if who.shape != (len(table),):
        raise ValueError("There must be one person for every task.")
    enough = table.sum(axis=1) > 1
    clusters = _clusters(_pairable(table), who[enough])

    alphas = _alphas(_resampled_sums(clusters, resamples, rng))
    alphas = alphas[~np.isnan(alphas)]
    if not alphas.size:
        raise ValueError("Alpha is undefined: every label is of the same class.")
    tail = (1 - level) / 2
    low, high = np.quantile(alphas, [tail, 1 - tail])
    return float(low), float(high)


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


def _pairable(counts: Answers | ArrayLike) -> Floats:
    table = _table(counts)
    pairable: Floats = table[table.sum(axis=1) > 1]
    if not len(pairable):
        raise ValueError("Alpha is undefined: no task has two labels.")
    return pairable


def _sums(table: Floats) -> Floats:
    """Per row what alpha sums up: its observed disagreement, then its counts; (n, 1 + K)."""
    totals = table.sum(axis=1)
    observed = (totals**2 - (table**2).sum(axis=1)) / (totals - 1)
    return np.column_stack([observed, table])


def _alphas(sums: Floats) -> Floats:
    """Alpha from summed disagreement and counts, shape (..., 1 + K); NaN where undefined."""
    observed, counts = sums[..., 0], sums[..., 1:]
    n = counts.sum(axis=-1)
    expected = n**2 - (counts**2).sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (n - 1) * observed / expected, np.nan)


def _clusters(table: Floats, who: Floats) -> list[tuple[Floats, Ints]]:
    """Per person the different rows' sums, and how many tasks have each."""
    _, person = np.unique(who, return_inverse=True)
    order = np.argsort(person, kind="stable")
    parts = np.split(table[order], np.flatnonzero(np.diff(person[order])) + 1)
    found = [np.unique(part, axis=0, return_counts=True) for part in parts]
    return [(_sums(rows), times) for rows, times in found]


def _resampled_sums(clusters: list[tuple[Floats, Ints]], resamples: int, rng: Generator) -> Floats:
    n = len(clusters)
    copies = rng.multinomial(n, np.full(n, 1 / n), size=resamples)
    total = np.zeros((resamples, clusters[0][0].shape[1]))
    for drawn, (sums, times) in zip(copies.T, clusters, strict=True):
        size = times.sum()
        total += rng.multinomial(drawn * size, times / size) @ sums
    return total
