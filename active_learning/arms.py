"""What picking buys: a learner from chance picks alone beside one from as many chosen clips.

Both arms are of the same campaign: the clips that chance picked, and those that the strategy did.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning import evaluation
from active_learning.computing import Array, Training, fit
from active_learning.figures import figure
from active_learning.slice_limits import LEAST_CLIPS, LEAST_PERSONS
from active_learning.threads import one_thread

# Random subsets of the greater arm; one alone would tell of its luck.
SUBSETS = 3
# An arm of more clips than this would cost much and tell no more.
MOST_CLIPS = 5000
CHOSEN = ("informative", "diverse", "shortfall", "cold-start")

Rows = npt.NDArray[np.bool_]


@one_thread()
def control(name: str, known: Training, test: Training, seed: int) -> dict[str, Any]:
    """Return how both arms do on the test set, and their difference, paired by clip.

    Args:
        name: of the learner.
        known: what may be learned from.
        test: labelled clips of other people.
        seed: of subsets, fits and the bootstrap.

    Returns:
        `n_clips` and `n_labels` of an arm, `random`, `active` and `difference` as figures of
        accuracy, over persons; {} where an arm or the test set is too small, or cannot be learned.
    """
    by_chance, chosen = known.uniform, np.isin(known.reasons, CHOSEN)
    size = min(int(by_chance.sum()), int(chosen.sum()), MOST_CLIPS)
    enough = len(test) >= LEAST_CLIPS and len(np.unique(test.persons)) >= LEAST_PERSONS
    if size < LEAST_CLIPS or not enough:
        return {}
    random = _accuracy(name, known.subset(by_chance), size, test, seed)
    active = _accuracy(name, known.subset(chosen), size, test, seed)
    if random is None or active is None:
        return {}
    arms = {"random": random, "active": active, "difference": active - random}
    labels = size * float(known.effective_n[by_chance].mean())
    return {"n_clips": size, "n_labels": round(labels)} | {
        arm: figure(evaluation.mean_estimate(values, test.persons, seed=seed), len(test))
        for arm, values in arms.items()
    }


def _accuracy(name: str, arm: Training, size: int, test: Training, seed: int) -> Array | None:
    """Return the accuracy (n,) on each test clip, the mean over subsets; None without a learner."""
    rng = np.random.default_rng(seed)
    hits = []
    for _ in range(SUBSETS if size < len(arm) else 1):
        rows = np.zeros(len(arm), dtype=np.bool_)
        rows[rng.choice(len(arm), size, replace=False)] = True
        learner = fit(name, arm.subset(rows), seed)
        if learner is None:
            return None
        hits.append(evaluation.accuracy(learner.predict_proba(test.vectors), test.soft))
    mean: Array = np.mean(hits, axis=0)
    return mean
