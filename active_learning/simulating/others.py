"""What learners that saw other people expect of a labelled clip: what ActiveLab goes by."""

import numpy as np

from active_learning.learners import Learner, NotEnoughLabelsError
from active_learning.learners.calibration import grouped_folds
from active_learning.learners.learner import Array, Groups, Vectors

FOLDS = 5


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
