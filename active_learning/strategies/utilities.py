"""What a label of each clip would be worth to the learner: one function a utility."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import entr, rel_entr

ROWS = 2048  # Vectors that are copied at once.

Array = npt.NDArray[np.float64]
Members = npt.NDArray[np.floating]
Vectors = npt.NDArray[np.floating]


class Middle(NamedTuple):
    """Where the pool's middle lies and which way its clips point from there, on the average.

    Fitted to a sample, it lets a chunk of the pool be compared with all of it.
    """

    centre: Array  # (d,)
    direction: Array  # (d,)

    @classmethod
    def of(cls, vectors: Vectors) -> "Middle":
        """Return the middle of vectors (n, d)."""
        centre = vectors.mean(axis=0, dtype=np.float64)
        return cls(centre, _directions(vectors, centre).mean(axis=0))


Utility = Callable[[Members, Vectors, Middle], Array]
"""From members' probabilities (M, n, K) and vectors (n, d) to utilities (n,), all >= 0.

A utility has no chance in it: the draw in `composing` has. That keeps utilities comparable between
replays, and indifferent to the order of the clips and to how the pool is cut into chunks.
"""


def even(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Give every clip the same utility."""
    return np.ones(members.shape[1])


def margin(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return 1 - (p1 - p2) of the two likeliest classes of the mean, 0 to 1.

    Scheffer, Decomain & Wrobel 2001. The default: steady where labels are noisy.

    >>> margin(np.array([[[0.6, 0.3, 0.1]]]), np.ones((1, 2)), Middle.of(np.ones((1, 2)))).round(2)
    array([0.7])
    """
    first, second = top_two(_consensus(members))
    return np.subtract(1.0, first - second, dtype=np.float64)


def least_confidence(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return 1 - p1 of the mean (Lewis & Gale 1994), 0 to 1 - 1/K."""
    return np.subtract(1.0, top_two(_consensus(members))[0], dtype=np.float64)


def entropy(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return the entropy of the mean in nats (Shannon 1948), 0 to ln K."""
    total: Array = entr(_mean(members)).sum(axis=1)
    return total


def vote_entropy(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return the entropy in nats of the members' votes, each for its likeliest class.

    Argamon-Engelson & Dagan 1999. Coarse: a committee of M knows few different values.

    >>> two = np.array([[[0.6, 0.4]], [[0.1, 0.9]]])
    >>> vote_entropy(two, np.ones((1, 2)), Middle.of(np.ones((1, 2)))).round(3)
    array([0.693])
    """
    classes = members.shape[2]
    votes = np.zeros(members.shape[1:])
    for member in members:
        votes += np.eye(classes)[member.argmax(axis=1)]
    total: Array = entr(votes / len(members)).sum(axis=1)
    return total


def kl_divergence(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return the greatest divergence of a member from the mean, in nats.

    McCallum & Nigam 1998 take the members' mean, which is their mutual information; the greatest
    also sees one member against the rest.
    """
    mean = _mean(members)
    apart = [rel_entr(member.astype(np.float64), mean).sum(axis=1) for member in members]
    greatest: Array = np.clip(np.max(apart, axis=0), 0.0, None)
    return greatest


def mutual_information(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return what a label would tell of the learner, in nats: BALD (Houlsby et al. 2011).

    Entropy of the mean less the mean of the entropies: high where members are sure of
    different things, zero where all agree that the clip is ambiguous.

    >>> sure_but_split = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
    >>> mutual_information(sure_but_split, np.ones((1, 2)), Middle.of(np.ones((1, 2)))).round(3)
    array([0.693])
    """
    inside = np.mean([entr(member.astype(np.float64)).sum(axis=1) for member in members], axis=0)
    information: Array = np.clip(entropy(members, vectors, middle) - inside, 0.0, None)
    return information


def density_weighted(members: Members, vectors: Vectors, middle: Middle) -> Array:
    """Return mutual information times density (Settles & Craven 2008)."""
    return mutual_information(members, vectors, middle) * density(vectors, middle)


def density(vectors: Vectors, middle: Middle) -> Array:
    """Return how much each clip (n,) is like the pool whose middle is given, 0 to 1.

    The mean cosine to all clips, about the pool's centre, is the cosine with their mean direction:
    exact in O(n d) where the middle is that of the whole pool.
    """
    likeness = np.empty(len(vectors))
    for at in range(0, len(vectors), ROWS):
        along = _directions(vectors[at : at + ROWS], middle.centre) @ middle.direction
        likeness[at : at + ROWS] = (1.0 + along) / 2
    return likeness


def top_two(shares: Members) -> tuple[Members, Members]:
    """Return the greatest and the second greatest of each row of shares (n, K), each (n,)."""
    columns = np.ascontiguousarray(shares.T)
    first, second = np.maximum(columns[0], columns[1]), np.minimum(columns[0], columns[1])
    for column in columns[2:]:
        np.maximum(second, np.minimum(first, column), out=second)
        np.maximum(first, column, out=first)
    return first, second


def _mean(members: Members) -> Array:
    return np.asarray(_consensus(members), dtype=np.float64)


def _consensus(members: Members) -> Members:
    """The mean, in the precision in which it comes."""
    if len(members) == 1:
        return np.asarray(members[0])
    mean: Array = members.mean(axis=0, dtype=np.float64)
    return mean


def _directions(vectors: Vectors, centre: Array) -> Array:
    centred = vectors - centre
    length = np.linalg.norm(centred, axis=1, keepdims=True)
    directions: Array = centred / np.where(length > 0, length, 1)
    return directions
