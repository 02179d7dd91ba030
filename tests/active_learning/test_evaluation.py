from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.evaluation import (
    METRICS,
    Array,
    Estimate,
    accuracy,
    base_rate,
    brier,
    calibration_error,
    learning_curve_point,
    log_loss,
    mean_estimate,
    soft_accuracy,
    weighted_risk,
)

PREDICTED = np.array([[0.7, 0.2, 0.1], [0.1, 0.2, 0.7]])
SOFT = np.array([[0.6, 0.4, 0.0], [0.0, 0.9, 0.1]])
LN5 = np.log(5)


def width(estimate: Estimate) -> float:
    assert estimate.low is not None
    assert estimate.high is not None
    return estimate.high - estimate.low


def crowd(n: int = 400, seed: int = 0) -> tuple[Array, Array]:
    """Predictions, and labels drawn from just those."""
    rng = np.random.default_rng(seed)
    predicted = rng.dirichlet(np.ones(3), size=n)
    drawn = (predicted.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    return predicted, np.eye(3)[drawn]


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        (accuracy, [1, 0]),
        (soft_accuracy, [0.6, 0.1]),
        (log_loss, [0.6 * -np.log(0.7) + 0.4 * LN5, 0.9 * LN5 + 0.1 * -np.log(0.7)]),
        (brier, [0.01 + 0.04 + 0.01, 0.01 + 0.49 + 0.36]),
    ],
)
def test_metrics_by_hand(metric: Callable[[Array, Array], Array], expected: list[float]) -> None:
    assert metric(PREDICTED, SOFT) == pytest.approx(expected)


@given(seed=st.integers(0, 500))
def test_the_soft_label_itself_has_the_least_log_loss_and_brier(seed: int) -> None:
    rng = np.random.default_rng(seed)
    soft, other = rng.dirichlet(np.ones(4), size=(2, 10))

    assert (log_loss(soft, soft) <= log_loss(other, soft) + 1e-12).all()
    assert (brier(soft, soft) <= brier(other, soft)).all()


def test_a_prediction_of_nought_costs_much_but_not_infinity() -> None:
    assert np.isfinite(log_loss(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]]))).all()


def test_the_base_rate_is_the_weighted_mean_label() -> None:
    assert base_rate(SOFT, np.array([3.0, 1.0])) == pytest.approx([0.45, 0.525, 0.025])


@pytest.mark.parametrize("weights", [None, np.zeros(2)])
def test_there_is_no_base_rate_of_nothing(weights: Array | None) -> None:
    labels = SOFT if weights is not None else SOFT[:0]

    with pytest.raises(ValueError, match="labelled clip"):
        base_rate(labels, weights)


def test_honest_confidence_has_little_calibration_error_and_bluster_much() -> None:
    predicted, soft = crowd(4000)
    bluster = predicted**4 / (predicted**4).sum(axis=1, keepdims=True)
    each = np.arange(4000)

    honest, blustering = (
        calibration_error(shares, soft, each, seed=0) for shares in (predicted, bluster)
    )

    assert honest.value < 0.03
    assert blustering.value > 0.15


def test_calibration_error_by_hand() -> None:
    predicted = np.array([[0.95, 0.05], [0.95, 0.05], [0.65, 0.35]])
    soft = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])

    found = calibration_error(predicted, soft, np.arange(3), seed=0)

    assert found.value == pytest.approx((2 * 0.45 + 0.35) / 3)


def test_an_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng, covered = np.random.default_rng(0), 0
    for seed in range(200):
        people = np.repeat(rng.normal(size=30), 8)
        values = people + rng.normal(size=240)
        found = mean_estimate(values, np.repeat(np.arange(30), 8), seed=seed)
        covered += abs(found.value) <= width(found) / 2

    assert 0.88 <= covered / 200 <= 0.99


def test_clips_of_one_person_are_no_independent_witnesses() -> None:
    values = np.repeat(np.random.default_rng(0).normal(size=20), 10)

    by_person = mean_estimate(values, np.repeat(np.arange(20), 10), seed=0)
    by_clip = mean_estimate(values, np.arange(200), seed=0)

    assert width(by_person) > 2.5 * width(by_clip)


def test_one_person_gives_a_value_without_an_interval() -> None:
    assert mean_estimate(np.array([1.0, 0.0]), np.array(["a", "a"]), seed=0) == (0.5, None, None)


def test_a_point_of_the_curve_has_every_metric_inside_its_interval() -> None:
    predicted, soft = crowd()

    point = learning_curve_point(predicted, soft, np.arange(400) // 10, seed=0)

    assert set(point) == {*METRICS, "calibration_error"}
    for name in METRICS:
        assert width(point[name]) > 0
        assert point[name].low < point[name].value < point[name].high  # type: ignore[operator]


def test_the_same_seed_gives_the_same_point() -> None:
    predicted, soft = crowd(50)

    first, again = (learning_curve_point(predicted, soft, np.arange(50), seed=4) for _ in range(2))

    assert first == again


def test_an_empty_audit_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        learning_curve_point(SOFT[:0], SOFT[:0], np.arange(0), seed=0)


def test_weights_of_one_leave_the_mean_risk() -> None:
    risk = weighted_risk(np.array([1.0, 2.0, 6.0]), np.ones(3), np.arange(3), seed=0)

    assert risk.value == pytest.approx(3)


def test_intervals_over_people_hold_the_truth_where_those_over_clips_do_not() -> None:
    """People differ in how readable they are; 30 people with 10 clips each."""
    rng = np.random.default_rng(5)
    people = np.repeat(np.arange(30), 10)
    held = {"people": 0, "clips": 0}
    for trial in range(60):
        hits = (rng.random(300) < rng.beta(1.4, 0.6, 30)[people]).astype(np.float64)
        for name, groups in (("people", people), ("clips", np.arange(300))):
            found = mean_estimate(hits, groups, seed=trial)
            assert found.low is not None
            assert found.high is not None
            held[name] += found.low <= 0.7 <= found.high

    assert held["people"] >= 53
    assert held["clips"] <= 45
