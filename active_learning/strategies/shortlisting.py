"""The clips that are worth most, found in one look at a pool of any size."""

import numpy as np

from active_learning.strategies.drawing import Indices, Mask, Urn
from active_learning.strategies.utilities import Array

STRIDE = 16  # Of the clips that say where the most useful begin.


def shortlist(worth: Array | None, count: int, urn: Urn) -> tuple[Indices, Array]:
    """Return the `count` clips in the urn that are worth most, (r,), sorted, and their worth (r,).

    Worth as a share of the greatest. Among clips worth the same chance decides.

    Args:
        worth: (n,) of all clips, not negative; None, as no places, shortlists nobody.
        count: how many are wanted; all in the urn where it holds no more.
        urn: the clips that may be drawn.

    >>> urn = Urn(np.array([True, True, False, True]), np.random.default_rng(0))
    >>> shortlist(np.array([0.4, 0.1, 0.9, 0.2]), 2, urn)
    (array([0, 3]), array([1. , 0.5]))
    """
    if worth is None or not count:
        return np.zeros(0, dtype=np.intp), np.zeros(0)
    rows = np.flatnonzero(urn.left) if count >= urn.count else _best(worth, count, urn)
    useful = worth[rows]
    greatest = useful.max(initial=0.0)
    return rows, useful / greatest if greatest > 0 else useful


def _best(worth: Array, count: int, urn: Urn) -> Indices:
    rows = _promising(worth, count, urn.left)
    useful = worth[rows]
    least = np.partition(useful, -count)[-count]
    above, ties = rows[useful > least], rows[useful == least]
    chosen = urn.rng.choice(ties, count - len(above), replace=False, shuffle=False)
    return np.sort(np.concatenate([above, chosen]))


def _promising(worth: Array, count: int, left: Mask) -> Indices:
    """Clips left among which the best `count` are: all above a bar that a sample sets, or all."""
    sample = worth[::STRIDE]
    passing = 2 * count // STRIDE + 1
    if passing <= len(sample):
        bar = np.partition(sample, -passing)[-passing]
        rows = np.flatnonzero((worth >= bar) & left)
        if len(rows) >= count:
            return rows
    return np.flatnonzero(left)
