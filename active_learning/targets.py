"""What a learner is trained to say of each labelled clip: how its people divide; pure.

What is published of a clip is smoothed by the base rate, and with a label or two that is much of
it. The lean is the same in every clip, so that a learner would learn the lean: it is told the
labels alone, and by the clip's weight how few they are. See docs/learners.md for the figures.
"""

import numpy as np

from active_learning.learners.learner import Array

# Of a label: what rounding may leave of none.
LEAST = 1e-6


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


def shares(soft: Array, effective_n: Array, strength: float, base_rate: Array) -> Array:
    """Return the labels' own shares (n, K) behind smoothed distributions; those, without labels.

    Args:
        soft: (n, K) the consensus, rows sum to 1.
        effective_n: (n,) labels by their weights.
        strength: s of the consensus's prior, in labels.
        base_rate: (K,) m of that prior.

    >>> one, none = [0.75, 0.25], [0.5, 0.5]
    >>> shares(np.array([one, none]), np.array([1.0, 0.0]), 1.0, np.array([0.5, 0.5])).tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """
    counts = votes(soft, effective_n, strength, base_rate)
    n = counts.sum(axis=1, keepdims=True)
    heard = n > LEAST
    told: Array = np.where(heard, counts / np.where(heard, n, 1.0), soft)
    return told
