"""Soft labels for estimators that take one class a row."""

import numpy as np
import numpy.typing as npt

from active_learning.learners.learner import Array

# Classes with less of a clip's label get no row of their own, but for its likeliest.
LEAST_SHARE = 0.05
DIGITS = 9
ABSENT = 1e-3  # Probability of a class that no row holds: rare, never impossible.

Ints = npt.NDArray[np.intp]


def expanded(rows: Array, soft: Array, weights: Array) -> tuple[Array, Ints, Array]:
    """Return a row for each class that a clip's label holds, with that share of its weight.

    The weighted log-loss over them is the divergence to the soft label, up to a constant, its
    shares below LEAST_SHARE given to the others: a clip keeps its weight, however it is spread.

    Args:
        rows: (n, p).
        soft: (n, K) rows sum to 1.
        weights: (n,); rows without weight are left out.

    Returns:
        (m, p) rows, (m,) classes, (m,) weights with a mean of 1.

    >>> _, classes, mass = expanded(np.zeros((1, 2)), np.array([[0.75, 0.25, 0.0]]), np.ones(1))
    >>> classes.tolist(), mass.tolist()
    ([0, 1], [1.5, 0.5])
    """
    least = np.minimum(LEAST_SHARE, soft.max(axis=1, keepdims=True))
    told = np.where(soft >= least, soft, 0.0)
    told *= (weights / told.sum(axis=1))[:, None]
    clips, classes = np.nonzero(told)
    mass = told[clips, classes]
    # Rounded, so that weights are ratios to the last bit and no tie of two splits turns on it.
    return rows[clips], classes, (mass / mass.mean()).round(DIGITS)


def spread_over(logs: Array, present: Ints, classes: int) -> Array:
    """Return log-probabilities (n, K) from those (n, k) of the classes that are present."""
    full = np.full((len(logs), classes), np.log(ABSENT))
    full[:, present] = logs
    return full
