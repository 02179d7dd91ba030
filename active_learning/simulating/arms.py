"""Ways to run a campaign that are held against each other."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from active_learning.learners.learner import Array

Targets = Literal["majority", "posterior", "shares"]
Ask = Callable[[Array, Array, npt.NDArray[np.bool_]], Array]
"""From labels (n, people) with NaN where one is missing, predictions (n, K) and which clips have
labels (n,) to how much an answer is wanted of each clip (n,), more is more."""


@dataclass(frozen=True)
class Arm:
    """How clips are picked, how often each is asked about, and what a learner is trained to say.

    Attributes:
        name: for tables.
        strategy: of `active_learning.strategies`.
        labels: how many people are asked of a clip that is picked.
        most: where people differ, a clip is asked about again until it has so many labels or has
            settled, before any new one (adaptive redundancy); None: `labels` for every clip.
        again: whether clips with labels compete for the next ones, by what those would tell.
        targets: the majority's class; the share smoothed by the base rate; or the labels' own
            shares, as in a round (`active_learning.targets`).
        learner: of `active_learning.learners`, or "sketch", see `Sketch`.
        ask: a way to pick of somebody else's, in place of the strategy and of `again`.
    """

    name: str
    strategy: str = "margin"
    labels: int = 1
    most: int | None = None
    again: bool = True
    targets: Targets = "shares"
    learner: str = "sketch"
    ask: Ask | None = None


TODAY = Arm("random, 3 each, majority", "random", labels=3, again=False, targets="majority")
BEST_RANDOM = Arm("random, adaptive, our targets", "random")
OURS = Arm("margin, adaptive, our targets")
ARMS: list[Arm] = [
    TODAY,
    BEST_RANDOM,
    OURS,
    Arm("margin, 1 each", again=False),
    Arm("margin, smoothed shares", targets="posterior"),
    Arm("random, 1 each, majority", "random", again=False, targets="majority"),
    Arm("entropy", "entropy"),
    Arm("least confidence", "least-confidence"),
    Arm("mutual information", "mutual-information"),
    Arm("density-weighted", "density-weighted"),
    Arm("k-centre", "k-centre"),
]
