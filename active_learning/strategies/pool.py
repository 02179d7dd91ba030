"""The candidates of a round."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma

from active_learning.strategies.drawing import Mask
from active_learning.strategies.utilities import Array, Vectors

LABELS_PER_CLASS = 50


@dataclass(frozen=True, eq=False)
class Pool:
    """Clips that may be asked about.

    Attributes:
        vectors: (n, p), best of few dimensions: distances are taken in them. May be mapped from
            a file: a batch reads few of its rows.
        utilities: (n,) of a strategy, not negative; None at a cold start.
        slices: (n,) number of the slice (say, of people) each clip is in; None is one slice.
        slice_counts: (S,) labels that each slice has already; None is none.
        covered: (m, p) vectors of clips with labels, which new picks should lie far from.
        labelled: (n,) which clips have labels already; None is none.
        information: (n,) in nats, what one more label would tell of each clip, with labels or
            without: see `expected_information`. None where that is not known: then only clips
            without labels are drawn.
        only_by_chance: (n,) clips that no draw but the audit may take (people kept for the
            test); None is none.
    """

    vectors: Vectors
    utilities: Array | None = None
    slices: npt.NDArray[np.intp] | None = None
    slice_counts: npt.NDArray[np.intp] | None = None
    covered: Vectors | None = None
    labelled: Mask | None = None
    information: Array | None = None
    only_by_chance: Mask | None = None

    def __post_init__(self) -> None:
        """Refuse parts that do not belong together.

        Raises:
            ValueError: their lengths differ, or a number is not finite. The vectors are looked at
                where they are read.
        """
        rows = (self.utilities, self.slices, self.labelled, self.information, self.only_by_chance)
        if any(part is not None and len(part) != len(self.vectors) for part in rows):
            raise ValueError("The parts of a pool differ in length.")
        numbers = (self.utilities, self.covered, self.information)
        if not all(part is None or np.isfinite(part).all() for part in numbers):
            raise ValueError("A utility, information or covered vector is not finite.")
        if self.utilities is not None and self.utilities.min(initial=0.0) < 0:
            raise ValueError("A utility is below 0.")

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def is_new(self) -> Mask:
        """Which clips (n,) have no label yet."""
        if self.labelled is None:
            return np.ones(len(self), dtype=np.bool_)
        return ~self.labelled

    @property
    def may_be_chosen(self) -> Mask:
        """Which clips (n,) may be drawn by other than chance alone."""
        if self.only_by_chance is None:
            return np.ones(len(self), dtype=np.bool_)
        return ~self.only_by_chance

    @property
    def lag(self) -> Array:
        """How far each slice (S,) lags behind: mean labels over its own, each plus one."""
        if self.slices is None:
            return np.ones(1)
        counts = np.zeros(int(self.slices.max(initial=-1)) + 1)
        known = np.zeros(0) if self.slice_counts is None else self.slice_counts[: len(counts)]
        counts[: len(known)] = known
        lag: Array = (counts.mean() + 1) / (counts + 1)
        return lag

    def slice_of(self, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
        """Return the slice (r,) of each of `rows`."""
        return np.zeros(len(rows), dtype=np.intp) if self.slices is None else self.slices[rows]


def is_cold(
    class_counts: npt.NDArray[np.number], *, beats_base_rate: bool, least: int = LABELS_PER_CLASS
) -> bool:
    """Say whether to go on without the learner: a class lacks labels, or it is no better.

    >>> is_cold(np.array([60, 80]), beats_base_rate=True)
    False
    """
    return not beats_base_rate or bool((class_counts < least).any())


def expected_information(parameters: Array) -> Array:
    """Return what one more label would tell of each clip's distribution, in nats, (n,).

    I = -sum_c a_c/a_0 (ln a_c/a_0 - psi(a_c + 1) + psi(a_0 + 1)), the mutual information of the
    next label and the clip's distribution, under Dir(a). A clip without labels has a = s m with m
    what is expected of it, the learner's prediction or the base rate; one with labels has its
    weighted labels added. So a relabel and a new clip are weighed in one currency.

    Args:
        parameters: (n, K) a, all above 0.

    >>> one_vote, five_five = [1.25, 0.25, 0.25, 0.25], [5.25, 5.25, 0.25, 0.25]
    >>> expected_information(np.array([one_vote, five_five])).round(3).tolist()
    [0.423, 0.096]
    """
    total = parameters.sum(axis=1, keepdims=True)
    share = parameters / total
    inside = np.log(share) - digamma(parameters + 1) + digamma(total + 1)
    information: Array = np.clip(-(share * inside).sum(axis=1), 0.0, None)
    return information
