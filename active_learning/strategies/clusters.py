"""Typical clips of clusters that nothing covers yet: where to begin with few labels; k-means."""

import numpy as np
import numpy.typing as npt

from active_learning.strategies.diversity import squared_lengths
from active_learning.strategies.drawing import Indices, Pick, Urn
from active_learning.strategies.utilities import Array, Vectors

MOST_CLUSTERS = 256
STEPS = 10  # Of Lloyd; seldom does a clip change sides after.
NEIGHBOURS = 20
TYPICAL_POWER = 8.0  # Of the typicality: the most typical, and still a probability for each.
COVERED_POWER = 4.0  # Of the covered clips of a cluster, and one: the fewest first, likewise.


class Clusters:
    """Draws a typical clip of each cluster, of those that hold the fewest covered clips first.

    TypiClust (Hacohen, Dekel & Weinshall 2022, "Active learning on a budget") with chance left in:
    a cluster of n clips, m of which are covered or drawn, weighs n / (1 + m)^4, and a clip its
    share of that by its typicality to the eighth.
    """

    def __init__(
        self,
        vectors: Vectors,
        rows: Indices,
        covered: Vectors,
        count: int,
        rng: np.random.Generator,
    ) -> None:
        """Cluster `rows` (r,) of the pool's vectors (n, d), one for each of `covered` and `count`.

        Args:
            covered: (m, d) what has labels or is drawn.
            count: clips to be drawn.
            rng: of the clusters' beginnings.

        Raises:
            ValueError: a vector is not finite.
        """
        some = np.asarray(vectors[rows])
        wanted = min(count + len(covered), MOST_CLUSTERS, len(rows))
        centres = k_means(some, wanted, rng)
        self.rows = rows
        self.of = nearest(some, centres)
        self.size = np.bincount(self.of, minlength=wanted)
        self.within = _shares(some, self.of)
        self.taken = np.bincount(nearest(covered, centres), minlength=wanted)

    def draw(self, count: int, urn: Urn) -> list[Pick]:
        """Draw `count` clips out of the urn, mostly of the rows."""
        picks: list[Pick] = []
        for _ in range(count):
            cluster = self.size / (1.0 + self.taken) ** COVERED_POWER
            (pick,) = urn.among(self.rows, cluster[self.of] * self.within)
            at = int(self.rows.searchsorted(pick.clip))
            if at < len(self.rows) and self.rows[at] == pick.clip:
                self.taken[self.of[at]] += 1
            picks.append(pick)
        return picks


def k_means(vectors: Vectors, count: int, rng: np.random.Generator) -> Vectors:
    """Return the centres (count, d) of vectors (n, d) after a few steps from `count` of them.

    Lloyd 1982. A centre that is nearest to nothing stays where it is.

    >>> vectors = np.array([[0.0], [1.0], [10.0], [11.0]])
    >>> sorted(k_means(vectors, 2, np.random.default_rng(0)).tolist())
    [[0.5], [10.5]]
    """
    centres = vectors[rng.choice(len(vectors), count, replace=False)].copy()
    for _ in range(STEPS):
        belongs = nearest(vectors, centres)[:, None] == np.arange(count)
        size = belongs.sum(axis=0)
        kept = size > 0
        centres[kept] = (belongs.T.astype(vectors.dtype) @ vectors)[kept] / size[kept, None]
    return centres


def nearest(vectors: Vectors, centres: Vectors) -> npt.NDArray[np.intp]:
    """Return which of the centres (k, d) is nearest to each of vectors (n, d), (n,)."""
    apart: Array = squared_lengths(centres) - 2 * (vectors @ centres.T)
    at: npt.NDArray[np.intp] = apart.argmin(axis=1)
    return at


def typicality(vectors: Vectors) -> Array:
    """Return the inverse of the mean distance (n,) to the 20 nearest others; the greatest is 1."""
    lengths, near = squared_lengths(vectors), min(NEIGHBOURS, len(vectors) - 1)
    if near < 1:
        return np.ones(len(vectors))
    squared = lengths - 2 * (vectors @ vectors.T) + lengths[:, None]
    np.fill_diagonal(squared, 0.0)
    apart = np.sqrt(np.maximum(np.partition(squared, near, axis=1)[:, : near + 1], 0))
    mean = apart.sum(axis=1) / near
    least = mean.min(where=mean > 0, initial=mean.max()) or 1.0
    typical: Array = least / np.maximum(mean, least)
    return typical


def _shares(vectors: Vectors, of: npt.NDArray[np.intp]) -> Array:
    """What part (n,) of its cluster's weight each clip has."""
    shares = np.zeros(len(vectors))
    for cluster in np.unique(of):
        members = np.flatnonzero(of == cluster)
        typical = typicality(vectors[members]) ** TYPICAL_POWER
        shares[members] = typical / typical.sum()
    return shares
