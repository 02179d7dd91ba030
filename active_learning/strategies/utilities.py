"""What a label of each clip would be worth to the learner: one function a strategy."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.special import entr

Array = npt.NDArray[np.float64]
Members = npt.NDArray[np.floating]
Vectors = npt.NDArray[np.floating]

Strategy = Callable[[Members, Vectors], Array]
"""From members' probabilities (M, n, K) and vectors (n, d) to utilities (n,), all >= 0.

A strategy has no chance in it: the draw in `composing` has. That keeps utilities comparable
between replays and indifferent to the order of the clips.
"""


def random(members: Members, vectors: Vectors) -> Array:
    """Give every clip the same utility, so that a draw by utility is uniform.

    >>> random(np.ones((1, 3, 1)), np.ones((3, 2))).tolist()
    [1.0, 1.0, 1.0]
    """
    return np.ones(members.shape[1])


def margin(members: Members, vectors: Vectors) -> Array:
    """Return 1 - (p1 - p2) of the two likeliest classes of the committee's mean, 0 to 1.

    Scheffer, Decomain & Wrobel 2001. The default: steady where labels are noisy.

    >>> margin(np.array([[[0.6, 0.3, 0.1]]]), np.ones((1, 2))).round(2).tolist()
    [0.7]
    """
    mean = members.mean(axis=0, dtype=np.float64)
    top = np.partition(mean, -2, axis=1)[:, -2:]
    return 1.0 - (top[:, 1] - top[:, 0])


def least_confidence(members: Members, vectors: Vectors) -> Array:
    """Return 1 - p1 of the committee's mean (Lewis & Gale 1994), 0 to 1 - 1/K."""
    shares: Array = 1.0 - members.mean(axis=0, dtype=np.float64).max(axis=1)
    return shares


def entropy(members: Members, vectors: Vectors) -> Array:
    """Return the entropy of the committee's mean in nats (Shannon 1948), 0 to ln K."""
    total: Array = entr(members.mean(axis=0, dtype=np.float64)).sum(axis=1)
    return total


def mutual_information(members: Members, vectors: Vectors) -> Array:
    """Return what a label would tell of the learner, in nats: BALD (Houlsby et al. 2011).

    Entropy of the mean less the mean of the entropies: high where members are sure of
    different things, zero where all agree that the clip is ambiguous.

    >>> sure_but_split = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> mutual_information(sure_but_split, np.ones((1, 2))).round(3).tolist()
    [0.693]
    """
    inside = np.mean([entr(member.astype(np.float64)).sum(axis=1) for member in members], axis=0)
    information: Array = np.clip(entropy(members, vectors) - inside, 0.0, None)
    return information


def density_weighted(members: Members, vectors: Vectors) -> Array:
    """Return mutual information times density (Settles & Craven 2008)."""
    return mutual_information(members, vectors) * density(vectors)


def density(vectors: Vectors) -> Array:
    """Return how much each clip is like the whole pool, 0 to 1.

    The mean cosine to all clips, about the pool's centre, is the cosine's own sum: one product
    with the mean direction, so exact in O(n d).
    """
    centred = vectors - vectors.mean(axis=0)
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    directions = centred / np.where(length > 0, length, 1)
    likeness: Array = (1.0 + directions @ directions.mean(axis=0)) / 2
    return likeness.astype(np.float64)


STRATEGIES: dict[str, Strategy] = {
    "random": random,
    "margin": margin,
    "least-confidence": least_confidence,
    "entropy": entropy,
    "mutual-information": mutual_information,
    "density-weighted": density_weighted,
}
