"""How good a round's learner is, on people it did not learn from; pure."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning import evaluation, figures, reliability
from active_learning.computing import Array, Training, fit
from active_learning.figures import figure
from active_learning.learners import Learner
from active_learning.learners.calibration import grouped_folds
from active_learning.slices import slices
from active_learning.snapshots import Snapshot
from active_learning.strategies import is_cold
from active_learning.sureness import Sure, sure_from
from active_learning.threads import one_thread

FOLDS = 5
# The folds cost some four fits. Over as many clips as this the figures are as good as they get.
MOST_CLIPS = 20_000
# A class that hardly anybody chooses shall not hold up the learner for ever.
RARE_SHARE = 0.02


@one_thread()
def assess(snapshot: Snapshot, learner: Learner | None, known: Training) -> dict[str, Any]:
    """Return the metrics of a round, and why its batch has to do without the learner, if so.

    Every clip is predicted by a fit that saw nobody of its fold; only clips that chance picked
    are then counted, so the figures hold for the whole collection. Where all clips show one
    person the folds are of clips, which `held_out_by` says. Of more than 20,000 clips a random
    20,000 take part, which `sampled` says.

    Returns:
        Each of `figures.METRICS` as {value, low, high, n}, all None without a clip to judge by;
        `calibration` and `slices`, see `reliability.diagram` and `slices.slices`;
        `sure`, see `sureness.sure_from`; `n_training`, `held_out_by`, and `cold_start`: a
        sentence, or "".
    """
    alone = len(np.unique(known.persons)) < 2
    metrics: dict[str, Any] = {
        "n_training": len(known),
        "held_out_by": "clip" if alone else "person",
        "sampled": min(len(known), MOST_CLIPS),
    }
    if learner is None:
        why = "The labels do not tell two classes apart yet."
        return metrics | figures.unknown() | {"calibration": [], "slices": [], "cold_start": why}
    looked_at = _sample(known, snapshot.seed)
    groups = np.arange(len(looked_at)) if alone else looked_at.persons
    predicted, base = _held_out(snapshot.learner, looked_at, groups, snapshot.seed)
    why = _why_few(known, snapshot.warm_up) or _why_worse(predicted, base, looked_at)
    told = told_by(predicted, base, looked_at, looked_at.uniform, snapshot.seed)
    sure = _sure(predicted, looked_at, snapshot.seed)
    return metrics | told | {"cold_start": why, "sure": sure}


@one_thread()
def on_test_set(learner: Learner, known: Training, test: Training, seed: int) -> dict[str, Any]:
    """Return `figures.METRICS` of a learner on the clips of people kept apart; {} without any."""
    if not len(test):
        return {}
    base = np.tile(evaluation.base_rate(known.soft), (len(test), 1))
    predicted = learner.predict_proba(test.vectors)
    return figures.all_of(predicted, base, test.soft, test.persons, seed=seed)


def _sure(predicted: Array, known: Training, seed: int) -> Sure:
    chance = known.uniform
    return sure_from(predicted[chance], known.soft[chance], known.persons[chance], seed=seed)


def told_by(
    predicted: Array, base: Array, known: Training, judged: npt.NDArray[np.bool_], seed: int
) -> dict[str, Any]:
    """Return figures, reliability diagram and slices of the clips `judged` (n,)."""
    said, soft, persons = predicted[judged], known.soft[judged], known.persons[judged]
    told = figures.all_of(said, base[judged], soft, persons, seed=seed)
    if not len(soft):
        return told | {"calibration": [], "slices": []}
    error = evaluation.Estimate(reliability.debiased_error(said, soft), None, None)
    traits = known.traits[judged].tolist()
    return told | {
        "debiased_calibration_error": figure(error, len(soft)),
        "calibration": reliability.diagram(said, soft, persons, seed=seed),
        "slices": slices(said, soft, persons, traits, seed=seed),
    }


def _sample(known: Training, seed: int) -> Training:
    if len(known) <= MOST_CLIPS:
        return known
    rows = np.zeros(len(known), dtype=np.bool_)
    rows[np.random.default_rng(seed).choice(len(known), MOST_CLIPS, replace=False)] = True
    return known.subset(rows)


def _held_out(
    name: str, known: Training, groups: npt.NDArray[np.int64], seed: int
) -> tuple[Array, Array]:
    """Predictions and base rates (n, K), each row by a fit that never saw its fold."""
    predicted, base = np.empty_like(known.soft), np.empty_like(known.soft)
    for held_out in _folds(groups, seed):
        learned = known.subset(~held_out)
        base[held_out] = evaluation.base_rate(learned.soft)
        learner = fit(name, learned, seed)
        if learner is None:
            predicted[held_out] = base[held_out]
        else:
            predicted[held_out] = learner.predict_proba(known.vectors[held_out])
    return predicted, base


def _folds(groups: npt.NDArray[np.int64], seed: int) -> Iterator[npt.NDArray[np.bool_]]:
    fold_of = grouped_folds(groups, FOLDS, seed)
    return (fold_of == fold for fold in range(fold_of.max() + 1))


def _why_few(known: Training, warm_up: int) -> str:
    """Say which labels are missing: `warm_up` of every class that 2 % of them fall on."""
    labels = (known.soft * known.effective_n[:, None]).sum(axis=0)
    common = labels[labels >= RARE_SHARE * labels.sum()]
    if is_cold(common, beats_base_rate=True, least=warm_up):
        return f"A class has fewer than {warm_up} labels."
    return ""


def _why_worse(predicted: Array, base: Array, known: Training) -> str:
    """Say so where people not seen before are predicted no better than by the base rate."""
    loss = evaluation.log_loss(predicted, known.soft).mean()
    if loss >= evaluation.log_loss(base, known.soft).mean():
        return "The learner is no better than the base rate yet."
    return ""
