"""The evaluator-weighted estimator where each annotator has answered few of many items.

The same numbers as `ewe.fuse` and `ewe.weighted`, from answers listed one by one instead of a
table of annotators by items: a crowd's table is nearly empty, and the work grows with its size.
"""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Bools, Floats, Ints
from annotation.agreement.ewe import KAPPA, Fused, shrunken


def fuse_scattered(item: Ints, who: Ints, value: Floats, *, kappa: float = KAPPA) -> Fused:
    """Return the weighted mean and spread of each item, (n_items,), and weights (n_annotators,).

    `item`, `who` and `value` are (n_answers,), items and annotators numbered from 0, at most one
    answer of an annotator to an item. Where nobody of weight has answered, everybody who did
    counts alike; so do all where no annotator agrees with the others.

    >>> values = np.array([[1.0, 2, 3, 4, 5], [1, 2, 3, 5, 4], [5, 1, 4, 2, 2]])
    >>> who, item = np.indices(values.shape).reshape(2, -1)
    >>> fused = fuse_scattered(item, who, values.ravel(), kappa=0)
    >>> fused.weights.round(2), fused.value.round(2)
    (array([0.38, 0.38, 0.  ]), array([1. , 2. , 3. , 4.5, 4.5]))
    """
    weights = _reliability(item, who, value, kappa)
    value_of, spread_of = _weighted(item, weights[who], value)
    silent = ~np.isfinite(value_of)
    if silent.any():
        equal_value, equal_spread = _weighted(item, np.ones(len(item)), value)
        value_of[silent], spread_of[silent] = equal_value[silent], equal_spread[silent]
    return Fused(value_of, spread_of, weights)


def _weighted(item: Ints, weight: Floats, value: Floats) -> tuple[Floats, Floats]:
    total = np.bincount(item, weight)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(item, weight * value) / total
        off = np.where(weight > 0, value - mean[item], 0.0)
        spread = np.sqrt(np.bincount(item, weight * off**2) / total)
    return mean, spread


def _reliability(item: Ints, who: Ints, value: Floats, kappa: float) -> Floats:
    """Return each annotator's shrunk correlation with the mean of the others, as `ewe` does."""
    n_people = int(who.max()) + 1
    answers = np.bincount(item)[item]
    shared = answers > 1
    person, own = who[shared], value[shared]
    others = (np.bincount(item, value)[item][shared] - own) / (answers[shared] - 1)
    n = np.bincount(person, minlength=n_people)
    x, y = _centred(own, person, n), _centred(others, person, n)
    products = [np.bincount(person, part, minlength=n_people) for part in (x * y, x * x, y * y)]
    moves = _moves(own, person, n_people) & _moves(others, person, n_people)
    with np.errstate(invalid="ignore", divide="ignore"):
        r = np.where(moves, products[0] / np.sqrt(products[1] * products[2]), 0.0)
    return shrunken(np.nan_to_num(r), n.astype(float), kappa)


def _centred(values: Floats, person: Ints, n: Ints) -> Floats:
    means = np.bincount(person, values, minlength=len(n)) / np.maximum(n, 1)
    centred: Floats = values - means[person]
    return centred


def _moves(values: Floats, person: Ints, n_people: int) -> Bools:
    """Whether an annotator's values differ by more than rounding does."""
    low, high = np.full(n_people, np.inf), np.full(n_people, -np.inf)
    np.minimum.at(low, person, values)
    np.maximum.at(high, person, values)
    differs: Bools = high - low > 1e-12 * np.maximum(1.0, np.abs(high))
    return differs
