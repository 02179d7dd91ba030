"""Batches that spread out: k-centre, and k-means++ with known probabilities."""

import numpy as np

from active_learning.strategies.drawing import Indices, Mask, Pick, draw
from active_learning.strategies.utilities import Array, Vectors

CHUNK = 256  # Covered clips compared at once: the block stays small even for a large pool.


def k_centre(vectors: Vectors, count: int, covered: Vectors | None = None) -> Indices:
    """Return `count` clips, each the farthest from all chosen before and from `covered`.

    Gonzalez 1985; Sener & Savarese 2018. Without `covered` the first is the one nearest to the
    middle. Chance has no part, so these picks serve comparisons, not risk estimates.

    Args:
        vectors: (n, d).
        count: at most n.
        covered: (m, d) clips that have labels.

    >>> k_centre(np.array([[0.0], [1.0], [10.0], [4.0]]), 3).tolist()
    [3, 2, 0]
    """
    left = np.ones(len(vectors), dtype=np.bool_)
    lengths, distance = squared_lengths(vectors), distances_to(vectors, covered)
    chosen: list[int] = []
    for _ in range(count):
        if np.isinf(distance).all():
            index = int(squared_distance(vectors, lengths, vectors.mean(axis=0)).argmin())
        else:
            index = int(np.where(left, distance, -1.0).argmax())
        left[index] = False
        distance = np.minimum(distance, squared_distance(vectors, lengths, vectors[index]))
        chosen.append(index)
    return np.array(chosen, dtype=np.intp)


class Spread:
    """k-means++ seeding (Arthur & Vassilvitskii 2007) that goes on from what is covered.

    Each draw weighs a clip by its own weight times its squared distance to the nearest covered
    or drawn clip. A higher `power` of the distance comes nearer to k-centre.
    """

    def __init__(
        self, vectors: Vectors, covered: Vectors | None = None, power: float = 2.0
    ) -> None:
        self.vectors = vectors
        self.lengths = squared_lengths(vectors)
        self.power = power
        self.distance = distances_to(vectors, covered)

    def cover(self, index: int) -> None:
        """Take note that a clip is drawn, by whomever."""
        fresh = squared_distance(self.vectors, self.lengths, self.vectors[index])
        np.minimum(self.distance, fresh, out=self.distance)

    def draw(self, count: int, weights: Array, left: Mask, rng: np.random.Generator) -> list[Pick]:
        """Draw `count` of the clips left; `left` is updated."""
        picks = []
        for _ in range(count):
            pick = draw(self._weighed(weights), left, rng)
            left[pick.clip] = False
            self.cover(pick.clip)
            picks.append(pick)
        return picks

    def _weighed(self, weights: Array) -> Array:
        if np.isinf(self.distance).all():
            return weights
        weighed: Array = weights * self.distance ** (self.power / 2)
        return weighed


def distances_to(vectors: Vectors, covered: Vectors | None) -> Array:
    """Return the squared distance (n,) of each clip to the nearest of `covered`, or infinity."""
    nearest = np.full(len(vectors), np.inf)
    lengths = squared_lengths(vectors)
    for at in range(0, 0 if covered is None else len(covered), CHUNK):
        some = np.asarray(covered)[at : at + CHUNK]
        squared = squared_lengths(some) - 2 * (vectors @ some.T)
        np.minimum(nearest, np.clip(squared.min(axis=1) + lengths, 0, None), out=nearest)
    return nearest


def squared_distance(vectors: Vectors, lengths: Array, row: Vectors) -> Array:
    """Return the squared Euclidean distance (n,) of vectors (n, d) to one row (d,).

    By |x|^2 - 2 x.r + |r|^2, given |x|^2 (n,), so that a matrix product does the work.
    """
    squared: Array = lengths - 2 * (vectors @ row) + float(row @ row)
    return np.maximum(squared, 0.0)


def squared_lengths(vectors: Vectors) -> Array:
    """Return |x|^2 (n,) of vectors (n, d)."""
    lengths: Array = np.einsum("nd,nd->n", vectors, vectors).astype(np.float64)
    return lengths
