"""How good a round's learner is, on people it did not learn from; pure."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning import evaluation
from active_learning.computing import Array, Training, fit
from active_learning.learners import Learner
from active_learning.learners.calibration import grouped_folds
from active_learning.snapshots import Snapshot
from active_learning.strategies import is_cold
from active_learning.threads import one_thread

FOLDS = 5
# A class that hardly anybody chooses shall not hold up the learner for ever.
RARE_SHARE = 0.02

METRICS = (
    "accuracy", "soft_accuracy", "log_loss", "brier", "calibration_error", "base_rate_accuracy",
)  # fmt: skip


@one_thread()
def assess(snapshot: Snapshot, learner: Learner | None, known: Training) -> dict[str, Any]:
    """Return the metrics of a round, and why its batch has to do without the learner, if so.

    Every clip is predicted by a fit that saw nobody of its fold; only clips that chance picked
    are then counted, so the figures hold for the whole collection. Where all clips show one
    person the folds are of clips, which `held_out_by` says.

    Returns:
        Each of METRICS as {value, low, high, n}, all None without a clip to judge by;
        `n_training`, `held_out_by`, and `cold_start`: a sentence, or "".
    """
    alone = len(np.unique(known.persons)) < 2
    groups = np.arange(len(known)) if alone else known.persons
    metrics: dict[str, Any] = {
        "n_training": len(known),
        "held_out_by": "clip" if alone else "person",
    }
    if learner is None:
        unknown = {metric: _plain(None, 0) for metric in METRICS}
        why = "The labels do not tell two classes apart yet."
        return metrics | unknown | {"cold_start": why}
    predicted, base = _held_out(snapshot.learner, known, groups, snapshot.seed)
    figures = _figures(predicted, base, known, snapshot.seed)
    why = _why_cold(predicted, base, known, snapshot.warm_up)
    return metrics | figures | {"cold_start": why}


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


def _figures(predicted: Array, base: Array, known: Training, seed: int) -> dict[str, Any]:
    judged = known.uniform
    n = int(judged.sum())
    if not n:
        return {metric: _plain(None, 0) for metric in METRICS}
    soft, persons = known.soft[judged], known.persons[judged]
    point = evaluation.learning_curve_point(predicted[judged], soft, persons, seed=seed)
    hits = evaluation.accuracy(base[judged], soft)
    point["base_rate_accuracy"] = evaluation.mean_estimate(hits, persons, seed=seed)
    return {metric: _plain(point[metric], n) for metric in METRICS}


def _plain(estimate: evaluation.Estimate | None, n: int) -> dict[str, float | int | None]:
    value, low, high = estimate or (None, None, None)
    return {"value": value, "low": low, "high": high, "n": n}


def _why_cold(predicted: Array, base: Array, known: Training, warm_up: int) -> str:
    """Say why the learner may not choose yet; "" where it may.

    Every class that at least 2 % of the labels fall on needs
    `warm_up` of them, and the learner has to predict people it has not seen better than the
    base rate does.
    """
    labels = (known.soft * known.effective_n[:, None]).sum(axis=0)
    common = labels[labels >= RARE_SHARE * labels.sum()]
    if is_cold(common, beats_base_rate=True, least=warm_up):
        return f"A class has fewer than {warm_up} labels."
    loss = evaluation.log_loss(predicted, known.soft).mean()
    if loss >= evaluation.log_loss(base, known.soft).mean():
        return "The learner is no better than the base rate yet."
    return ""
