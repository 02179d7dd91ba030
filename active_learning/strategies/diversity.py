"""Batches that spread out: distances to what is labelled or drawn, and k-centre."""

from collections.abc import Callable, Sequence

import numpy as np

from active_learning.strategies.drawing import Indices, Pick, Urn
from active_learning.strategies.utilities import Array, Vectors

MOST_LOOKS = 32
CHUNK = 256  # Covered clips compared at once: the block stays small even for a large pool.

Weigh = Callable[[Array], Array]
"""From squared distances (r,) to the nearest covered or drawn clip to weights (r,)."""


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
            index = int(distances_to(vectors, vectors.mean(axis=0)[None], lengths).argmin())
        else:
            index = int(np.where(left, distance, -1.0).argmax())
        left[index] = False
        distance = np.minimum(distance, distances_to(vectors, vectors[[index]], lengths))
        chosen.append(index)
    return np.array(chosen, dtype=np.intp)


class Spread:
    """Draws that keep away from what is covered: k-means++ seeding, and what else weighs distance.

    Only the vectors of `rows` are held, so that a draw costs what they cost however large the pool.
    """

    def __init__(self, vectors: Vectors, rows: Indices, covered: Vectors | None = None) -> None:
        """Weigh `rows` (r,) of the pool's vectors (n, d) by their distance to `covered` (m, d).

        Raises:
            ValueError: a vector is not finite.
        """
        self.pool = np.asarray(vectors)  # A mapped array would be slow to index, time and again.
        self.rows = rows
        self.vectors = np.asarray(vectors[rows])
        self.lengths = squared_lengths(self.vectors)
        self.distance = distances_to(self.vectors, covered)

    def cover(self, clips: Sequence[int]) -> None:
        """Take note that clips of the pool are drawn, by whomever."""
        if len(self.rows):
            fresh = distances_to(self.vectors, self.pool[list(clips)], self.lengths)
            np.minimum(self.distance, fresh, out=self.distance)

    def draw(self, count: int, urn: Urn, weigh: Weigh) -> list[Pick]:
        """Draw `count` clips out of the urn, mostly of the rows.

        Distances are taken anew after each draw, or after each of MOST_LOOKS equal parts of many
        (Bahmani et al. 2012, "Scalable k-means++").
        """
        picks: list[Pick] = []
        while len(picks) < count:
            some = min(-(-count // MOST_LOOKS), count - len(picks))
            fresh = urn.among(self.rows, weigh(self.distance), some)
            self.cover([pick.clip for pick in fresh])
            picks += fresh
        return picks


def distances_to(vectors: Vectors, covered: Vectors | None, lengths: Array | None = None) -> Array:
    """Return the squared distance (n,) of each clip to the nearest of `covered`, or infinity.

    By |x|^2 - 2 x.c + |c|^2, so that a matrix product does the work; |x|^2 (n,) may be given.
    """
    nearest = np.full(len(vectors), np.inf)
    lengths = squared_lengths(vectors) if lengths is None else lengths
    for at in range(0, 0 if covered is None else len(covered), CHUNK):
        some = np.asarray(covered)[at : at + CHUNK]
        squared = (-2 * some) @ vectors.T  # (c, n): the least of each column is found row by row.
        squared += squared_lengths(some).astype(squared.dtype)[:, None]
        np.minimum(nearest, np.maximum(squared.min(axis=0) + lengths, 0), out=nearest)
    return nearest


def squared_lengths(vectors: Vectors) -> Array:
    """Return |x|^2 (n,) of vectors (n, d).

    Raises:
        ValueError: a vector is not finite, or too long for its distances to be.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        lengths: Array = np.einsum("nd,nd->n", vectors, vectors).astype(np.float64)
    if not (lengths < np.finfo(vectors.dtype).max / 8).all():
        raise ValueError("A vector in the pool is not finite, or too long.")
    return lengths
