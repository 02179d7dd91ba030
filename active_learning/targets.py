"""What a learner is trained to say of each labelled clip; pure.

A clip with one or two labels has a distribution that its labels hardly tell. What the learner,
fitted to other people, expects of the clip is a better guess to start from than the base rate.
"""

import numpy as np

from active_learning.learners import Learner, NotEnoughLabelsError
from active_learning.learners.calibration import grouped_folds
from active_learning.learners.learner import Array, Groups, Vectors

FOLDS = 5
SMALLEST = 1e-12


def votes(soft: Array, effective_n: Array, strength: float, base_rate: Array) -> Array:
    """Return the weighted labels (n, K) behind smoothed distributions.

    `soft` is (s m + votes) / (s + n); rounding and other posteriors leave small negatives, which
    are none.

    >>> votes(np.array([[0.625, 0.375]]), np.array([3.0]), 1.0, np.array([0.5, 0.5])).tolist()
    [[2.0, 1.0]]
    """
    total = (strength + effective_n)[:, None]
    counts: Array = np.clip(soft * total - strength * base_rate, 0.0, None)
    return counts


def with_prior(counts: Array, prior: Array, strength: float) -> Array:
    """Return (s m_i + votes_i) / (s + n_i), shape (n, K), with m_i each clip's own prior.

    The prior never weighs more than the clip's labels: a learner does not outvote people.

    Args:
        counts: (n, K) weighted labels.
        prior: (n, K) what is expected of each clip, rows sum to 1.
        strength: s of the prior, in labels.

    >>> with_prior(np.array([[2.0, 1.0]]), np.array([[0.2, 0.8]]), 1.0).tolist()
    [[0.55, 0.45]]
    """
    n = counts.sum(axis=1, keepdims=True)
    weight = np.minimum(strength, n)
    told = (weight * prior + counts) / np.maximum(weight + n, SMALLEST)
    targets: Array = np.where(n > 0, told, prior)
    return targets


def expected_by_others(
    learner: type[Learner],
    vectors: Vectors,
    soft: Array,
    weights: Array,
    groups: Groups,
    *,
    seed: int,
) -> Array | None:
    """Return what fits that saw nobody of a clip's fold expect of it, (n, K).

    None where a part of the people is not enough to learn from.
    """
    fold_of = grouped_folds(groups, FOLDS, seed)
    expected = np.empty_like(soft)
    for fold in range(fold_of.max() + 1):
        learn = fold_of != fold
        if len(np.unique(soft[learn & (weights > 0)].argmax(axis=1))) < 2:
            return None
        try:
            fitted = learner.fit(
                vectors[learn], soft[learn], weights[learn], groups[learn], seed=seed
            )
        except NotEnoughLabelsError:
            return None
        expected[~learn] = fitted.predict_proba(vectors[~learn])
    return expected
