"""Draws without replacement that know the probability of every pick."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning.strategies.utilities import Array

UNIFORM_SHARE = 0.1

Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


class Pick(NamedTuple):
    """A clip and the probability q > 0 with which this draw took it, given all earlier picks."""

    clip: int
    probability: float


def draw(weights: Array, left: Mask, rng: np.random.Generator) -> Pick:
    """Draw one of the clips that are left.

    q(i) = 0.9 w_i / sum w + 0.1 / number left, so q >= 0.1 / number left for every clip however
    small its weight; where no clip left has weight the draw is uniform.

    Args:
        weights: (n,) not negative.
        left: (n,) which clips may still be drawn.
        rng: moved on by one number.

    Raises:
        ValueError: no clip is left.
    """
    remaining = np.count_nonzero(left)
    if not remaining:
        raise ValueError("No clip is left to draw.")
    wanted = np.where(left, weights, 0.0)
    total = wanted.sum()
    even = left / remaining
    chances = even if total <= 0 else (1 - UNIFORM_SHARE) * wanted / total + UNIFORM_SHARE * even
    steps = chances.cumsum()
    clip = int(np.searchsorted(steps, rng.random() * steps[-1], side="right"))
    clip = min(clip, int(left.nonzero()[0][-1]))  # The product may round up to the last step.
    return Pick(clip, float(chances[clip]))


def draw_evenly(count: int, left: Mask, rng: np.random.Generator) -> list[Pick]:
    """Draw `count` of the clips left, each with q = 1 / number left; `left` is updated."""
    picks = []
    for _ in range(count):
        pick = draw(np.zeros(len(left)), left, rng)
        left[pick.clip] = False
        picks.append(pick)
    return picks
