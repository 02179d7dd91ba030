"""Input that no learner can use is refused before any fit."""

import numpy as np

from active_learning.learners.learner import Array, Groups, NotEnoughLabelsError, Vectors


def checked(
    vectors: Vectors, soft: Array, weights: Array, groups: Groups | None
) -> tuple[Vectors, Array, Array, Groups]:
    """Return the four as arrays of fitting types and shapes; rows without a group get their own.

    Raises:
        NotEnoughLabelsError: fewer than two clips carry weight.
        ValueError: shapes do not fit together, or a number is not finite or negative.
    """
    vectors = np.asarray(vectors, dtype=np.float32)
    soft, weights = np.asarray(soft, dtype=np.float64), np.asarray(weights, dtype=np.float64)
    groups = np.arange(len(vectors)) if groups is None else np.asarray(groups)
    _check_shapes(vectors, soft, weights, groups)
    _check_numbers(vectors, soft, weights)
    if np.count_nonzero(weights) < 2:
        raise NotEnoughLabelsError("A learner needs at least two clips with weight.")
    return vectors, soft, weights, groups


def _check_shapes(vectors: Vectors, soft: Array, weights: Array, groups: Groups) -> None:
    if vectors.ndim != 2 or soft.ndim != 2 or soft.shape[1] < 2:
        raise ValueError("Vectors are (n, d) and soft labels (n, K) with at least two classes.")
    if not len(vectors) == len(soft) == len(weights) == len(groups):
        raise ValueError("Vectors, soft labels, weights and groups differ in length.")


def _check_numbers(vectors: Vectors, soft: Array, weights: Array) -> None:
    if not (np.isfinite(vectors).all() and np.isfinite(soft).all() and np.isfinite(weights).all()):
        raise ValueError("A vector, soft label or weight is not finite.")
    if (weights < 0).any() or (soft < 0).any() or not np.allclose(soft.sum(axis=1), 1, atol=1e-6):
        raise ValueError("Weights are not negative, and each soft label sums to 1.")
