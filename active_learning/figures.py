"""Figures as a round's row keeps them: a value, its interval, and how many clips it rests on."""

from typing import Any, TypedDict

from active_learning import evaluation
from active_learning.evaluation import Array, Estimate, Groups

METRICS = (
    "accuracy", "soft_accuracy", "log_loss", "brier", "calibration_error", "base_rate_accuracy",
)  # fmt: skip


class Figure(TypedDict):
    """None where nothing is known; no interval where one person is all there is."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def figure(estimate: Estimate | None, n: int) -> Figure:
    value, low, high = estimate or (None, None, None)
    return {"value": value, "low": low, "high": high, "n": n}


def unknown() -> dict[str, Any]:
    """Return every one of METRICS without a value."""
    return {metric: figure(None, 0) for metric in METRICS}


def all_of(
    predicted: Array, base: Array, soft: Array, persons: Groups, *, seed: int
) -> dict[str, Any]:
    """Return every one of METRICS with its interval over persons; without a clip, no values.

    Args:
        predicted: (n, K), of clips picked by chance, by a learner that saw none of the persons.
        base: (n, K) what the base rate predicts for them.
        soft: (n, K) the consensus on them.
        persons: (n,).
        seed: of the bootstrap.
    """
    n = len(soft)
    if not n:
        return unknown()
    point = evaluation.learning_curve_point(predicted, soft, persons, seed=seed)
    hits = evaluation.accuracy(base, soft)
    point["base_rate_accuracy"] = evaluation.mean_estimate(hits, persons, seed=seed)
    return {metric: figure(point[metric], n) for metric in METRICS}
