"""From which confidence on fewer labels are proposed: only where it is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from active_learning.sureness import CONFIDENCES, LEAST_RIGHT, at_least, at_most, sure_from

Array = np.ndarray


def clips(confidence: Array, right: Array) -> tuple[Array, Array]:
    """Return predictions of the first of two classes, and what the people say."""
    predicted = np.column_stack([confidence, 1 - confidence])
    return predicted, np.column_stack([right, 1 - right]).astype(float)


def test_a_learner_that_is_always_right_is_trusted_from_the_lowest_confidence() -> None:
    predicted, soft = clips(np.full(200, 0.85), np.ones(200))

    told = sure_from(predicted, soft, np.arange(200), seed=0)

    assert (told["confidence"], told["n"], told["right"]) == (0.8, 200, 1.0)


def test_only_the_confidence_that_is_borne_out_is_trusted() -> None:
    confidence = np.repeat([0.98, 0.85], 200)
    right = np.concatenate([np.ones(200), np.arange(200) % 2])
    predicted, soft = clips(confidence, right)

    told = sure_from(predicted, soft, np.arange(400), seed=0)

    assert (told["confidence"], told["n"]) == (0.9, 200)


def test_few_clips_show_nothing() -> None:
    predicted, soft = clips(np.full(50, 0.99), np.ones(50))

    told = sure_from(predicted, soft, np.arange(50), seed=0)

    assert told["confidence"] is None
    assert (told["n"], told["right"]) == (50, 1.0)


def test_many_clips_of_few_people_show_less() -> None:
    right = np.ones(300)
    right[:24] = 0  # all of one person
    persons = np.arange(300) // 30
    predicted, soft = clips(np.full(300, 0.99), right)
    alone = sure_from(predicted, soft, np.arange(300), seed=0)
    together = sure_from(predicted, soft, persons, seed=0)

    assert together["low"] < alone["low"]  # type: ignore[operator]


def test_without_a_clip_nothing_is_known() -> None:
    told = sure_from(np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0), seed=0)

    assert told == {"confidence": None, "n": 0, "right": None, "low": None}


def test_a_learner_that_is_right_too_rarely_is_trusted_one_time_in_twenty_at_most() -> None:
    rng = np.random.default_rng(0)
    trusted = 0
    for _ in range(200):
        confidence = rng.choice(CONFIDENCES, 300)
        predicted, soft = clips(confidence, rng.random(300) < LEAST_RIGHT - 0.005)
        trusted += sure_from(predicted, soft, np.arange(300), seed=0)["confidence"] is not None

    assert trusted <= 10


@settings(max_examples=50)
@given(st.integers(1, 300), st.data())
def test_bounds_hold_the_share_between_them(n: int, data: st.DataObject) -> None:
    right = data.draw(st.integers(0, n))

    assert 0 <= at_least(right, n) <= right / n <= at_most(right, n) <= 1


@pytest.mark.parametrize(("right", "n", "low"), [(59, 59, 0.9505), (95, 100, 0.8977)])
def test_the_bound_is_clopper_and_pearsons(right: int, n: int, low: float) -> None:
    assert at_least(right, n) == pytest.approx(low, abs=0.001)
