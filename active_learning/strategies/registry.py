"""Strategies by name: what makes a clip worth asking about, and how a batch is spread out."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from active_learning.strategies import utilities
from active_learning.strategies.utilities import Array, Utility

UTILITY_POWER = 2.0
FAR_POWER = 8.0  # Of the distance: a k-centre that still has a probability.
RANK_POWER = 8.0

Score = Callable[[Array, float, Array], Array]
"""From utilities (r,), the share of the clips that have no label, and squared distances (r,) to the
nearest covered or drawn clip, to the weights (r,) of a draw."""


def spread_out(useful: Array, unlabelled: float, distance: Array) -> Array:
    """Return squared utility times squared distance: k-means++ (Arthur & Vassilvitskii 2007)."""
    weights: Array = useful**UTILITY_POWER * _finite(distance)
    return weights


def far_away(useful: Array, unlabelled: float, distance: Array) -> Array:
    """Return a high power of the distance, which comes near to the farthest: k-centre."""
    weights: Array = (_finite(distance) / _finite(distance).max(initial=1e-300)) ** (FAR_POWER / 2)
    return weights


def ranked(useful: Array, unlabelled: float, distance: Array) -> Array:
    """Return a high power of a (1 - likeness) + (1 - a) utility, a the share without a label.

    Cardoso et al. 2017, "Ranked batch-mode active learning": early on what is unlike counts, later
    what is doubtful. Likeness is 1 / (1 + distance) to the nearest covered or drawn clip.
    """
    likeness = 1 / (1 + np.sqrt(distance))
    weights: Array = (unlabelled * (1 - likeness) + (1 - unlabelled) * useful) ** RANK_POWER
    return weights


def _finite(distance: Array) -> Array:
    return np.ones_like(distance) if np.isinf(distance).all() else distance


@dataclass(frozen=True)
class Strategy:
    """How clips without labels compete for the informative places of a batch.

    Attributes:
        utility: what a label of each would be worth, a chunk of the pool at a time.
        score: from utility and distance to the weight in a draw; None where every clip is as
            likely as any other.
        shortlist: how many of the most useful are weighed for each clip that is drawn.
        asks_committee: whether the utility needs members that differ; else the prediction will do.
    """

    utility: Utility
    score: Score | None = spread_out
    shortlist: int = 2
    asks_committee: bool = False


STRATEGIES: dict[str, Strategy] = {
    "margin": Strategy(utilities.margin),
    "least-confidence": Strategy(utilities.least_confidence),
    "entropy": Strategy(utilities.entropy),
    "vote-entropy": Strategy(utilities.vote_entropy, asks_committee=True),
    "kl-divergence": Strategy(utilities.kl_divergence, asks_committee=True),
    "mutual-information": Strategy(utilities.mutual_information, asks_committee=True),
    "density-weighted": Strategy(utilities.density_weighted, asks_committee=True),
    "ranked-batch": Strategy(utilities.least_confidence, ranked, shortlist=16),
    "k-centre": Strategy(utilities.even, far_away, shortlist=16),
    "random": Strategy(utilities.even, score=None),
}
