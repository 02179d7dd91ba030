"""Fleiss' kappa for as many labels a task, and Cohen's kappa, weighted or not, for two raters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement import bootstrap
from annotation.agreement.answers import Bools, Floats

ROUNDING = 1e-12


class Weighting(StrEnum):
    """How much two classes agree by their places in an order."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def agreement_weights(n_classes: int, weighting: Weighting = Weighting.NONE) -> Floats:
    """Return the weights (K, K): 1 for the same class, 0 for the farthest, and between.

    >>> agreement_weights(3, Weighting.LINEAR).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    if weighting is Weighting.NONE:
        return np.eye(n_classes)
    place = np.arange(n_classes) / max(n_classes - 1, 1)
    apart = np.abs(place[:, None] - place)
    return 1 - (apart if weighting is Weighting.LINEAR else apart**2)


@dataclass(frozen=True)
class FleissKappa:
    """Fleiss' kappa as a function of sums over tasks."""

    def rows(self, table: Floats) -> Floats:
        """Per task the share of its pairs that disagree, 1, and its counts (n, 2 + K)."""
        totals = table.sum(axis=1)
        pairs = totals * (totals - 1)
        apart = (totals**2 - (table**2).sum(axis=1)) / pairs
        return np.column_stack([apart, np.ones(len(table)), table])

    def disagreement(self, sums: Floats) -> Floats:
        shares = sums[..., 2:] / sums[..., 2:].sum(axis=-1, keepdims=True)
        return _over(sums[..., 0] / sums[..., 1], 1 - (shares**2).sum(axis=-1))


@dataclass(frozen=True, eq=False)
class CohenKappa:
    """Cohen's kappa with agreement `weights` (K, K), from one cell (K * K,) a task."""

    weights: Floats

    def rows(self, table: Floats) -> Floats:
        return table

    def disagreement(self, sums: Floats) -> Floats:
        shape = self.weights.shape
        joint = sums.reshape(*sums.shape[:-1], *shape)
        joint = joint / joint.sum(axis=(-2, -1), keepdims=True)
        apart = 1 - self.weights
        one, other = joint.sum(axis=-1), joint.sum(axis=-2)
        expected = ((one @ apart) * other).sum(axis=-1)
        return _over((joint * apart).sum(axis=(-2, -1)), expected)


def fleiss_kappa(counts: ArrayLike) -> float:
    """Return Fleiss' kappa from labels per task and class, shape (n_tasks, K).

    Every task needs the same number of labels, two or more; tasks without any are left out.
    Raises ValueError where that is not so, and where all labels are of one class.

    Source: Fleiss (1971), "Measuring nominal scale agreement among many raters". Fourteen
    raters of ten subjects, as worked in many texts:

    >>> table = [[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0]]
    >>> table += [[2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2]]
    >>> table += [[6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]
    >>> round(fleiss_kappa(table), 3)
    0.21
    """
    return _value(FleissKappa(), _even(counts))


def fleiss_interval(
    counts: ArrayLike, persons: ArrayLike | None = None, *, level: float = 0.95, seed: int = 0
) -> tuple[float, float]:
    """Return the interval of `fleiss_kappa` over `persons` (n_tasks,), see `bootstrap`."""
    table = np.asarray(counts, dtype=np.float64)
    even = _even(table)
    who = bootstrap.persons_of(persons, table.sum(axis=1) > 0)
    return bootstrap.interval(FleissKappa(), even, who, level=level, seed=seed)


def contingency(first: ArrayLike, second: ArrayLike, n_classes: int) -> Floats:
    """Return how often two raters, classes (n_tasks,) from 0, chose what; shape (K, K).

    Below 0 stands for a missing label: such a task is left out.

    >>> contingency([0, 1, 1, -1], [0, 1, 0, 1], 2).tolist()
    [[1.0, 0.0], [1.0, 1.0]]
    """
    cells, _ = _cells(first, second, n_classes)
    table: Floats = cells.sum(axis=0).reshape(n_classes, n_classes)
    return table


def cohen_kappa(table: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return kappa of two raters from how often they chose what (K, K), counts or shares.

    `weights` (K, K) are of agreement, 1 where it is full: see `agreement_weights`; without them
    only the same class agrees. Raises ValueError for other shapes, for no task, and where the
    raters could not have disagreed.

    Source: Cohen (1968), "Weighted kappa": two judges and 200 patients, who disagree on neurosis
    and psychosis six times as gravely as on neurosis and personality disorder.

    >>> judged = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    >>> grave = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    >>> round(cohen_kappa(judged), 3), round(cohen_kappa(judged, 1 - grave / 6), 3)
    (0.492, 0.348)
    """
    joint = np.asarray(table, dtype=np.float64)
    if joint.ndim != 2 or joint.shape[0] != joint.shape[1]:
        raise ValueError("Cohen's kappa takes a square table of two raters' classes.")
    if not joint.sum() > 0:
        raise ValueError("Kappa is undefined: the two raters share no task.")
    return _value(_cohen(len(joint), weights), joint.reshape(1, -1))


def cohen_interval(
    raters: tuple[ArrayLike, ArrayLike],
    n_classes: int,
    persons: ArrayLike | None = None,
    *,
    weights: ArrayLike | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval of `cohen_kappa` over clusters, from two raters' classes (n_tasks,).

    Missing labels as in `contingency`; `persons` (n_tasks,), see `bootstrap`.
    """
    cells, both = _cells(*raters, n_classes)
    who = bootstrap.persons_of(persons, both)
    return bootstrap.interval(_cohen(n_classes, weights), cells, who, level=level, seed=seed)


def _cohen(n_classes: int, weights: ArrayLike | None) -> CohenKappa:
    known = np.eye(n_classes) if weights is None else np.asarray(weights, dtype=np.float64)
    if known.shape != (n_classes, n_classes):
        raise ValueError("There must be one weight for any two classes.")
    return CohenKappa(known)


def _cells(first: ArrayLike, second: ArrayLike, n_classes: int) -> tuple[Floats, Bools]:
    one, other = np.asarray(first), np.asarray(second)
    if one.shape != other.shape or one.ndim != 1:
        raise ValueError("The two raters must have one place each for every task.")
    if max(one.max(initial=0), other.max(initial=0)) >= n_classes:
        raise ValueError(f"Every class must lie below {n_classes}.")
    both = (one >= 0) & (other >= 0)
    return np.eye(n_classes**2)[one[both] * n_classes + other[both]], both


def _even(counts: ArrayLike) -> Floats:
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("Kappa takes counts of shape (n_tasks, K).")
    totals = table.sum(axis=1)
    known: Floats = table[totals > 0]
    if not len(known) or totals.max() < 2 or (known.sum(axis=1) != totals.max()).any():
        raise ValueError("Fleiss' kappa needs the same number of labels, two or more, everywhere.")
    return known


def _value(coefficient: bootstrap.Coefficient, table: Floats) -> float:
    disagreement = float(coefficient.disagreement(coefficient.rows(table).sum(axis=0)))
    if np.isnan(disagreement):
        raise ValueError("Kappa is undefined: every label is of the same class.")
    return 1 - disagreement


def _over(observed: Floats, expected: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > ROUNDING, observed / expected, np.nan)
