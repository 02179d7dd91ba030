"""A task is asked about again only while one more label would tell something."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.ambiguity import mutual_information
from annotation.agreement.stopping import worth_asking


def asked(*votes: float, s: float = 1.0) -> bool:
    counts = np.array([votes], dtype=float)
    return bool(worth_asking(counts + s / len(votes), counts.sum(axis=1))[0])


def test_two_to_one_is_asked_about_again() -> None:
    assert asked(2, 1, 0, 0)


def test_a_split_that_is_well_known_is_not() -> None:
    assert not asked(25, 25, 0, 0)


def test_eight_who_agree_are_enough() -> None:
    assert not asked(8, 0, 0, 0)


def test_a_single_label_is_never_enough() -> None:
    assert asked(1, 0, 0, 0)


def test_labels_without_weight_do_not_close_a_task() -> None:
    counts = np.array([[2.0, 0, 0, 0]])
    assert worth_asking(counts + 0.25, np.array([2.0]))[0]


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6), st.floats(0.3, 5))
def test_nobody_is_asked_for_ever(votes: list[int], s: float) -> None:
    """However people split, enough of the same votes are enough."""
    many = [200 * vote + 200 for vote in votes]

    assert not asked(*many, s=s)


@pytest.mark.parametrize("split", [(25, 25), (20, 20)])
def test_a_stable_split_ranks_below_two_to_one(split: tuple[int, int]) -> None:
    alphas = np.array([[*split, 0, 0], [2, 1, 0, 0]]) + 0.25
    stable, young = mutual_information(alphas)

    assert stable < young
