"""The reliability diagram, and the calibration error without what chance adds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning import evaluation, reliability


def test_a_bin_says_how_sure_and_how_many_agree() -> None:
    predicted = np.array([[0.9, 0.1], [0.94, 0.06], [0.55, 0.45]])
    soft = np.array([[1.0, 0.0], [0.5, 0.5], [0.2, 0.8]])

    bins = reliability.diagram(predicted, soft, np.array([1, 2, 3]), seed=1)

    assert [row["n"] for row in bins] == [0, 0, 0, 0, 0, 1, 0, 0, 0, 2]
    assert (bins[9]["from"], bins[9]["to"]) == (0.9, 1.0)
    assert (bins[9]["confidence"], bins[9]["share"]) == pytest.approx((0.92, 0.75))
    assert (bins[5]["share"], bins[5]["low"]) == (0.2, None)
    assert bins[0]["share"] is None


@given(seed=st.integers(0, 200))
def test_the_order_of_the_clips_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    predicted, soft = rng.dirichlet(np.ones(3), size=(2, 40))
    groups = rng.integers(0, 5, 40)
    order = rng.permutation(40)

    bins = reliability.diagram(predicted, soft, groups, seed=1)
    again = reliability.diagram(predicted[order], soft[order], groups[order], seed=1)

    assert [row["share"] for row in bins] == pytest.approx([row["share"] for row in again])
    assert [row["low"] for row in bins] == pytest.approx([row["low"] for row in again])


def test_few_clips_of_a_calibrated_learner_seem_worse_than_they_are() -> None:
    plain, debiased = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        predicted = rng.dirichlet(np.ones(3), size=60)
        drawn = (predicted.cumsum(axis=1) < rng.random((60, 1))).sum(axis=1)
        soft = np.eye(3)[drawn]
        point = evaluation.calibration_error(predicted, soft, np.arange(60), seed=1)
        plain.append(point.value)
        debiased.append(reliability.debiased_error(predicted, soft))

    assert np.mean(plain) > 0.1
    assert np.mean(debiased) < 0.6 * np.mean(plain)


def test_what_is_wrong_by_three_tenths_is_told_as_three_tenths() -> None:
    rng = np.random.default_rng(0)
    soft = np.eye(2)[(rng.random(4000) < 0.4).astype(int)]
    predicted = np.tile([0.9, 0.1], (4000, 1))

    assert reliability.debiased_error(predicted, soft) == pytest.approx(0.3, abs=0.02)
