"""What more labels would buy is what playing every future, one by one, comes to."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.ambiguity import jensen_shannon, mutual_information
from annotation.agreement.answers import Floats
from annotation.agreement.more_labels import expected_information, gains
from annotation.agreement.states import task_states

ALPHAS = np.array([[2.2, 1.3, 0.2, 0.3], [0.3, 3.1, 0.2, 0.4], [1.2, 1.1, 1.2, 0.5]])


def futures(alphas: Floats, more: int) -> list[tuple[float, Floats]]:
    """Return every sequence of `more` labels with its probability and the posterior after it."""
    found = []
    for labels in product(range(len(alphas)), repeat=more):
        after, probability = alphas.copy(), 1.0
        for label in labels:
            probability *= after[label] / after.sum()
            after[label] += 1
        found.append((probability, after))
    return found


@pytest.mark.parametrize("more", [0, 1, 2, 3])
def test_the_information_is_the_mean_over_all_futures(more: int) -> None:
    played = [
        sum(p * mutual_information(after[None])[0] for p, after in futures(alphas, more))
        for alphas in ALPHAS
    ]

    assert expected_information(ALPHAS, more) == pytest.approx(played, abs=1e-12)


def test_the_number_that_settles_is_the_mean_over_all_futures() -> None:
    heard = ALPHAS.sum(axis=1) - 1
    exact = [
        sum(
            p * (task_states(after[None], np.array([n + 2]))[0] != "open")
            for p, after in futures(alphas, 2)
        )
        for alphas, n in zip(ALPHAS, heard, strict=True)
    ]

    found = gains(ALPHAS, heard, np.array([3, 3, 3]), draws=12_000)[2].settled

    assert found == pytest.approx(sum(exact), abs=0.04)


def test_the_divergence_is_that_of_two_crowds_drawn_from_the_same_clips() -> None:
    rng = np.random.default_rng(5)
    shares = rng.dirichlet(ALPHAS[0], size=20_000)
    one, other = (np.array([rng.multinomial(4, p) for p in shares]) / 4 for _ in range(2))

    found = gains(ALPHAS[:1], np.array([3.0]), np.array([3]), draws=20_000)[1].divergence

    assert found == pytest.approx(jensen_shannon(one, other).mean(), abs=0.005)


def test_labels_that_are_seldom_honest_tell_less() -> None:
    sure, unsure = (expected_information(ALPHAS, 2, weight).mean() for weight in (1.0, 0.3))

    assert sure < unsure < mutual_information(ALPHAS).mean()


def test_labels_that_are_never_honest_tell_nothing() -> None:
    assert expected_information(ALPHAS, 3, 0.0) == pytest.approx(mutual_information(ALPHAS))


def test_more_tasks_than_futures_are_counted_by_a_sample_spread_over_them() -> None:
    many = np.tile(ALPHAS, (400, 1))
    heard = many.sum(axis=1) - 1

    few, all_of_them = (
        gains(many, heard, np.full(1200, 3), draws=draws)[3].settled for draws in (600, 9_000)
    )

    assert few == pytest.approx(all_of_them, rel=0.12)


def test_the_cost_is_a_label_for_every_task() -> None:
    assert [g.cost for g in gains(ALPHAS, np.ones(3), np.ones(3, dtype=int))] == [0, 3, 6, 9]


def test_without_tasks_there_is_nothing_to_say() -> None:
    with pytest.raises(ValueError, match="no task"):
        gains(np.empty((0, 3)), np.empty(0), np.empty(0, dtype=int))


@given(st.lists(st.floats(0.05, 30), min_size=2, max_size=6))
def test_more_labels_never_tell_less(alphas: list[float]) -> None:
    told = [expected_information(np.array([alphas]), more)[0] for more in range(4)]

    assert all(after <= before + 1e-9 for before, after in pairwise(told))
