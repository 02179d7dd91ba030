"""How much a labelled clip weighs in training; pure."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

LEAST_BALANCE, MOST_BALANCE = 0.5, 2.0


def training_weights(
    effective_n: Array, persons: Sequence[int], lure: Array, strength: float
) -> Array:
    """Return n_eff / (n_eff + s) x balance of the person x LURE, shape (n,).

    Ambiguity never lowers a weight: that would train on stereotypes. LURE undoes the bias of
    active picking; it is 1 for a clip that chance picked.

    Args:
        effective_n: (n,) labels by their weights.
        persons: (n,) who is in the clip.
        lure: (n,) see `strategies.lure_weights`.
        strength: s of the aggregator's prior, in labels.

    >>> training_weights(np.array([3.0, 1.0]), [1, 2], np.ones(2), 1.0).tolist()
    [0.75, 0.5]
    """
    if not len(effective_n):
        return np.zeros(0)
    certainty = effective_n / (effective_n + strength)
    weights: Array = certainty * balance(persons) * lure
    return weights


def balance(slices: Sequence[int]) -> Array:
    """Return mean clips per slice over the clip's own slice's, kept within 0.5 to 2, shape (n,).

    >>> balance([1, 1, 1, 2]).round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    """
    _, inverse, counts = np.unique(slices, return_inverse=True, return_counts=True)
    shares: Array = np.clip(counts.mean() / counts, LEAST_BALANCE, MOST_BALANCE)[inverse]
    return shares
