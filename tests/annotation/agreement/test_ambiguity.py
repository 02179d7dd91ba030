from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.ambiguity import (
    collection_divergence,
    entropy,
    jensen_shannon,
    mutual_information,
    normalised_entropy,
    split_half_divergence,
)
from tests.annotation.agreement.simulation import answers_of, draw_answers


@pytest.mark.parametrize(
    ("votes", "information"),
    [([1, 0], 0.42), ([2, 1], 0.25), ([3, 0], 0.22), ([5, 5], 0.096), ([25, 25], 0.021)],
)
def test_more_labels_tell_less(votes: list[int], information: float) -> None:
    alphas = np.array([[*votes, 0, 0]]) + 0.25

    assert mutual_information(alphas)[0] == pytest.approx(information, abs=0.005)


def test_information_is_the_mean_fall_of_the_entropy_of_a_label() -> None:
    alphas = np.array([2.5, 1.0, 0.5])
    draws = np.random.default_rng(0).dirichlet(alphas, size=200_000)

    told = entropy(alphas[None] / alphas.sum())[0] - entropy(draws).mean()

    assert mutual_information(alphas[None])[0] == pytest.approx(told, abs=0.002)


@given(st.lists(st.floats(0.01, 100), min_size=2, max_size=8))
def test_information_is_never_negative_nor_more_than_the_entropy(alphas: list[float]) -> None:
    table = np.array([alphas])

    information = mutual_information(table)[0]

    assert 0 <= information <= entropy(table / table.sum())[0] + 1e-9


def test_an_even_distribution_has_the_whole_entropy() -> None:
    assert normalised_entropy(np.full((1, 7), 1 / 7)) == pytest.approx(1)


def test_the_divergence_is_the_same_both_ways() -> None:
    p, q = np.array([[0.7, 0.2, 0.1]]), np.array([[0.1, 0.1, 0.8]])

    assert jensen_shannon(p, q) == pytest.approx(jensen_shannon(q, p))
    assert jensen_shannon(p, p) == pytest.approx(0)


def test_halves_of_more_labels_differ_less() -> None:
    shares = np.full((80, 3), 1 / 3)

    few = split_half_divergence(draw_answers(shares, ["honest"] * 40, per_task=4))
    many = split_half_divergence(draw_answers(shares, ["honest"] * 40, per_task=40))

    assert many.mean() < few.mean() / 3


def test_one_label_has_no_halves() -> None:
    divergence = split_half_divergence(answers_of([0, 1, 1], [0, 0, 1], [0, 1, 1], (2, 2, 2)))

    assert np.isnan(divergence[0])
    assert divergence[1] == 0


def test_with_three_labels_each_is_left_out_in_its_turn() -> None:
    answers = answers_of([0, 0, 0], [0, 1, 2], [0, 0, 1], (1, 3, 2))

    divergence = split_half_divergence(answers, splits=3000)[0]

    assert divergence == pytest.approx(2 / 3 * np.log(2), abs=0.02)


def test_a_collection_diverges_as_its_tasks_do_within_an_interval_of_known_width() -> None:
    answers = draw_answers(np.full((200, 3), 1 / 3), ["honest"] * 12, per_task=6)
    each = split_half_divergence(answers)

    found = collection_divergence(answers)

    error = each.std(ddof=1) / np.sqrt(200)
    assert found.value == pytest.approx(each.mean(), abs=1e-12)
    assert found.n_tasks == 200
    assert found.low == pytest.approx(each.mean() - 1.96 * error, abs=error / 2)
    assert found.high == pytest.approx(each.mean() + 1.96 * error, abs=error / 2)


def test_a_collection_of_single_labels_has_no_divergence() -> None:
    with pytest.raises(ValueError, match="no task has two labels"):
        collection_divergence(answers_of([0, 1], [0, 0], [0, 1], (2, 1, 2)))


def test_a_collection_needs_one_person_for_every_task() -> None:
    with pytest.raises(ValueError, match="one person for every task"):
        collection_divergence(answers_of([0, 0], [0, 1], [0, 1], (1, 2, 2)), ["a", "b"])
