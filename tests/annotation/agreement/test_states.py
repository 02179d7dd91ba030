from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincc

from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.states import (
    Rules,
    State,
    has_plurality,
    plurality_probability,
    probability_of_share,
    task_states,
)


def state_of(votes: list[float], rules: Rules | None = None) -> str:
    counts = np.array([votes])
    states = task_states(counts + 1 / counts.size, counts.sum(axis=1), rules or Rules())
    return str(states[0])


@pytest.mark.parametrize(
    ("votes", "state"),
    [
        ([3, 0, 0, 0], State.CONSENSUS),
        ([2, 0, 0, 0], State.OPEN),
        ([0, 9, 1, 0], State.CONSENSUS),
        ([2, 1, 0, 0], State.OPEN),
        ([5, 5, 0, 0], State.MIXED),
        ([0, 0, 25, 25], State.MIXED),
        ([4, 4, 4, 4], State.AMBIGUOUS),
        ([0, 0, 0, 0], State.OPEN),
    ],
)
def test_votes_put_a_task_into_its_state(votes: list[float], state: State) -> None:
    assert state_of(votes) == state


def test_a_sure_first_with_a_sure_second_is_a_mixture() -> None:
    assert state_of([60, 38, 1, 1]) == State.MIXED


def test_labels_of_little_weight_settle_nothing() -> None:
    alphas = np.array([[2.9, 0.25, 0.25, 0.25]])

    assert task_states(alphas, np.array([2.65])).tolist() == ["open"]


def test_a_prior_that_is_spread_widely_is_no_mixture_by_itself() -> None:
    assert task_states(np.array([[3.0, 3.0]]), np.array([0.0])).tolist() == ["open"]


def test_the_plurality_of_two_classes_is_exact() -> None:
    alphas = np.random.default_rng(0).gamma(1, 4, (200, 2)) + 0.1

    exact = betaincc(alphas.max(axis=1), alphas.min(axis=1), 0.5)

    assert plurality_probability(alphas) == pytest.approx(exact, abs=1e-4)


def test_the_plurality_of_many_classes_is_that_of_draws() -> None:
    rng = np.random.default_rng(0)
    alphas = rng.gamma(1, 3, (20, 6)) + 0.2

    shares = rng.standard_gamma(alphas, (100_000, 20, 6))
    drawn = (shares.argmax(axis=2) == alphas.argmax(axis=1)).mean(axis=0)

    assert plurality_probability(alphas) == pytest.approx(drawn, abs=0.007)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.05, 50), min_size=3, max_size=3), st.floats(0.3, 0.99))
def test_the_quick_test_of_plurality_agrees_with_the_slow(
    alphas: list[float], probability: float
) -> None:
    slow = plurality_probability(np.array([alphas]))[0]

    if abs(slow - probability) > 1e-3:
        assert has_plurality(np.array([alphas]), probability)[0] == (slow >= probability)


def test_the_chance_of_a_share_is_that_of_draws() -> None:
    draws = np.random.default_rng(0).dirichlet([3.2, 1.2, 0.6], size=100_000)

    chance = probability_of_share(np.array([[3.2, 1.2, 0.6]]), 0.25)[0]

    assert chance == pytest.approx((draws >= 0.25).mean(axis=0), abs=0.006)


def test_the_first_clip_of_a_campaign_is_not_a_mixture_for_want_of_others() -> None:
    """Of one clip alone any likeness of clips is likely; three who differ are no stable mixture."""
    counts = np.array([[1, 1, 1, 0]])
    s, m = fit_prior(counts)

    assert task_states(counts + s * m, counts.sum(axis=1).astype(float)).tolist() == ["open"]
