from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.bradley_terry import Floats
from annotation.agreement.split_half import Mask, _half, split_half

TASK = np.repeat(np.arange(50), 4)


def test_each_comparison_is_halved() -> None:
    half = _half(TASK, np.random.default_rng(0))

    assert set(np.bincount(TASK[half]).tolist()) == {2}


def test_single_answers_fall_into_both_halves() -> None:
    half = _half(np.arange(51), np.random.default_rng(0))

    assert half.sum() in {25, 26}


def means(truth: Floats, noise: float) -> Floats:
    return truth[TASK] + np.random.default_rng(0).normal(scale=noise, size=len(TASK))


def test_scores_repeat_as_far_as_the_noise_lets_them() -> None:
    """The correlation of two means of m answers each is 1 / (1 + noise² / (m · variance))."""
    truth = np.random.default_rng(1).normal(size=50)
    said = means(truth, noise=1.0)

    def scored(kept: Mask) -> Floats:
        return np.bincount(TASK[kept], said[kept]) / np.bincount(TASK[kept])

    found = split_half(TASK, scored, seed=0)

    assert found is not None
    assert found.value == pytest.approx(1 / (1 + 1 / (2 * truth.var())), abs=0.08)
    assert found.low < found.value < found.high
    assert found == split_half(TASK, scored, seed=0)


@pytest.mark.parametrize("score", [[1.0, 1.0, 1.0], [np.nan, 1.0, 2.0]])
def test_where_nothing_is_ranked_there_is_no_reliability(score: list[float]) -> None:
    assert split_half(TASK, lambda _: np.array(score), seed=0) is None
