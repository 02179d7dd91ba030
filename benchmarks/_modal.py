"""modAL's queries over probabilities that are known already: the peer that ours are held to.

modAL asks an estimator for predictions and fits it itself; here it is given one that only repeats
what it was told, so that both sides see the same numbers. See docs/decisions/0006.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from modAL.batch import ranked_batch
from modAL.density import information_density
from modAL.disagreement import KL_max_disagreement, consensus_entropy, vote_entropy
from modAL.models import ActiveLearner, Committee
from modAL.uncertainty import classifier_entropy, classifier_margin, classifier_uncertainty

Array = npt.NDArray[np.floating]

BY_PREDICTION = {
    "least-confidence": classifier_uncertainty,
    "margin": classifier_margin,
    "entropy": classifier_entropy,
}
BY_COMMITTEE = {
    "entropy": consensus_entropy,
    "vote-entropy": vote_entropy,
    "kl-divergence": KL_max_disagreement,
}


class Told:
    """Says the probabilities (n, K) it was given of the clips whose numbers (n, 1) it is asked."""

    def __init__(self, shares: Array) -> None:
        self.shares = shares
        self.classes_ = np.arange(shares.shape[1])

    def predict_proba(self, clips: Array) -> Array:
        """Return probabilities (n, K)."""
        asked: Array = self.shares[clips[:, 0].astype(np.intp)]
        return asked

    def predict(self, clips: Array) -> npt.NDArray[np.intp]:
        """Return the likeliest class (n,)."""
        likeliest: npt.NDArray[np.intp] = self.predict_proba(clips).argmax(axis=1)
        return likeliest


def of_prediction(name: str, shares: Array) -> Array:
    """Return what `name` of BY_PREDICTION says of probabilities (n, K), (n,)."""
    said: Array = BY_PREDICTION[name](Told(shares), _numbers(len(shares)))
    return said


def of_committee(name: str, members: Array) -> Array:
    """Return what `name` of BY_COMMITTEE says of members' probabilities (M, n, K), (n,)."""
    committee = Committee([ActiveLearner(Told(shares)) for shares in members])
    said: Array = BY_COMMITTEE[name](committee, _numbers(members.shape[1]))
    return said


def ranking(
    vectors: Array, uncertainty: Array, labelled: Array, count: int
) -> npt.NDArray[np.intp]:
    """Return the clips of a ranked batch in order, (count,)."""
    learner = ActiveLearner(Told(np.ones((1, 1))))
    learner.X_training = labelled
    chosen: npt.NDArray[np.intp] = ranked_batch(
        learner, vectors, uncertainty, count, "euclidean", n_jobs=None
    )[0]
    return chosen


def density(vectors: Array, distance: Callable[[Array, Array], float]) -> Array:
    """Return the mean of 1 / (1 + distance) to all clips, (n,)."""
    said: Array = information_density(vectors, distance)
    return said


def _numbers(n: int) -> Array:
    return np.arange(n, dtype=np.float64)[:, None]
