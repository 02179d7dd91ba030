"""The candidates of a round."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from active_learning.strategies.drawing import Mask
from active_learning.strategies.utilities import Array, Members, Vectors

LABELS_PER_CLASS = 50


@dataclass(frozen=True)
class Pool:
    """Clips that may be asked about.

    Attributes:
        vectors: (n, d), best of few dimensions: distances are taken in them.
        members: (M, n, K) the committee's probabilities; None at a cold start.
        slices: (n,) number of the slice (say, of people) each clip is in; None is one slice.
        slice_counts: (S,) labels that each slice has already; None is none.
        covered: (m, d) vectors of clips with labels, which new picks should lie far from.
        information: (n,) epistemic information I_i in nats of clips that have labels already,
            NaN for new ones; None where all are new.
    """

    vectors: Vectors
    members: Members | None = None
    slices: npt.NDArray[np.intp] | None = None
    slice_counts: npt.NDArray[np.intp] | None = None
    covered: Vectors | None = None
    information: Array | None = None

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together.

        Raises:
            ValueError: their lengths differ, or a vector or probability is not finite.
        """
        n = len(self.vectors)
        rows = [part for part in (self.slices, self.information) if part is not None]
        members_differ = self.members is not None and self.members.shape[1] != n
        if members_differ or any(len(part) != n for part in rows):
            raise ValueError("The parts of a pool differ in length.")
        arrays = (self.vectors, self.members, self.covered)
        if not all(part is None or np.isfinite(part).all() for part in arrays):
            raise ValueError("A vector or probability in the pool is not finite.")

    @property
    def is_new(self) -> Mask:
        """Which clips (n,) have no label yet."""
        if self.information is None:
            return np.ones(len(self.vectors), dtype=np.bool_)
        return np.isnan(self.information)

    @property
    def shortfall(self) -> Array:
        """How far each clip's slice (n,) lags behind: mean labels over its own, each plus one."""
        if self.slices is None:
            return np.ones(len(self.vectors))
        counts = np.zeros(int(self.slices.max(initial=-1)) + 1)
        known = np.zeros(0) if self.slice_counts is None else self.slice_counts[: len(counts)]
        counts[: len(known)] = known
        lag: Array = ((counts.mean() + 1) / (counts + 1))[self.slices]
        return lag

    def stratified(self, left: Mask) -> Array:
        """Weights (n,) that give each slice the same chance, times its shortfall."""
        if self.slices is None:
            return np.ones(len(self.vectors))
        remaining = np.bincount(self.slices[left], minlength=int(self.slices.max(initial=-1)) + 1)
        return self.shortfall / np.maximum(remaining, 1)[self.slices]


def is_cold(
    class_counts: npt.NDArray[np.number], *, beats_base_rate: bool, least: int = LABELS_PER_CLASS
) -> bool:
    """Say whether to go on without the learner: a class lacks labels, or it is no better.

    >>> is_cold(np.array([60, 80]), beats_base_rate=True)
    False
    """
    return not beats_base_rate or bool((class_counts < least).any())


def prior_information(classes: int, strength: float = 1.0) -> float:
    """Return I in nats of a clip without votes, under Dir(strength/K each).

    I = -sum_c m_c (ln m_c - psi(s m_c + 1) + psi(s + 1)), the epistemic part of the entropy.

    >>> round(prior_information(4), 3)
    0.736
    """
    share = strength / classes
    return float(np.log(classes) + digamma(share + 1) - digamma(strength + 1))
