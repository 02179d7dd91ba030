"""Draws without replacement that know the probability of every pick."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning.strategies.utilities import Array

UNIFORM_SHARE = 0.1

Indices = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]


class Pick(NamedTuple):
    """A clip and the probability q > 0 with which this draw took it, given all that went before."""

    clip: int
    probability: float


class Urn:
    """The clips that may still be drawn; a draw costs what it weighs, not what the pool holds."""

    def __init__(self, left: Mask, rng: np.random.Generator) -> None:
        """Put the clips (n,) that are `left` into the urn; the mask itself is not changed."""
        self.left = left.copy()
        self.count = int(np.count_nonzero(left))
        self.rng = rng
        self._candidates: range | Indices = range(len(left))

    def evenly(self) -> Pick:
        """Take one of the clips left, each with q = 1 / number left.

        Raises:
            ValueError: no clip is left.
        """
        return self._taken(self._any(), 1 / self.count)

    def among(self, rows: Indices, weights: Array, count: int = 1) -> list[Pick]:
        """Take `count`, mostly of `rows`, one after the other by weights that stay what they are.

        q(i) = 0.9 w_i / sum w + 0.1 / number left, so q >= 0.1 / number left for every clip of the
        urn, be it among `rows` or not; where no row left has weight the draw is even. Which rows
        are weighed, and how, may itself be by chance: q is given all that.

        Args:
            rows: (r,) distinct clips, sorted.
            weights: (r,) of the rows, not negative; those no longer in the urn count for nothing.
            count: at most the number left.

        Raises:
            ValueError: no clip is left, or a weight is not finite.
        """
        if not np.isfinite(weights.sum()):
            raise ValueError("The weights of a draw are not finite.")
        picks: list[Pick] = []
        while len(picks) < count:
            wanted = np.where(self.left[rows], weights, 0.0)
            picks += self._by_weight(rows, wanted, count - len(picks))
        return picks

    def _by_weight(self, rows: Indices, wanted: Array, count: int) -> list[Pick]:
        """Draw until half of the weight is gone, by rejection: a draw looks at the sums once."""
        steps = wanted.cumsum()
        total = float(steps[-1]) if len(steps) else 0.0
        if total <= 0:
            return [self.evenly()]
        picks: list[Pick] = []
        rest = total
        while len(picks) < count and 2 * rest > total:
            at = self._place(rows, steps)
            clip = self._any() if at is None else int(rows[at])
            weight = _weight(rows, wanted, clip) if at is None else float(wanted[at])
            chance = (1 - UNIFORM_SHARE) * weight / rest + UNIFORM_SHARE / self.count
            picks.append(self._taken(clip, chance))
            rest -= weight
        return picks

    def _place(self, rows: Indices, steps: Array) -> int | None:
        """The place of a row drawn by weight; None where the draw is to be even."""
        if self.rng.random() < UNIFORM_SHARE:
            return None
        while True:
            at = int(steps.searchsorted(self.rng.random() * steps[-1], side="right"))
            if at < len(rows) and self.left[rows[at]]:
                return at

    def some(self, count: int) -> Indices:
        """Return up to `count` of the clips left, sorted, by chance alone; none is taken."""
        candidates = np.flatnonzero(self.left) if count else np.zeros(0, dtype=np.intp)
        if count >= len(candidates):
            return candidates
        return np.sort(self.rng.choice(candidates, count, replace=False, shuffle=False))

    def _any(self) -> int:
        if not self.count:
            raise ValueError("No clip is left to draw.")
        if 2 * self.count < len(self._candidates):
            self._candidates = np.flatnonzero(self.left)
        while True:
            clip = int(self._candidates[self.rng.integers(len(self._candidates))])
            if self.left[clip]:
                return clip

    def _taken(self, clip: int, chance: float) -> Pick:
        self.left[clip] = False
        self.count -= 1
        return Pick(clip, min(chance, 1.0))


def _weight(rows: Indices, wanted: Array, clip: int) -> float:
    at = int(rows.searchsorted(clip))
    return float(wanted[at]) if at < len(rows) and rows[at] == clip else 0.0
