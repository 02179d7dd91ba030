"""Gold finds who does not look within ten clips, and stops hardly anybody who does."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.gold import Verdict, sequential, steps, stratified
from tests.annotation.agreement.simulation import soft_shares

K, GOLD = 5, 10
PEOPLE = 2000


@pytest.fixture(scope="module")
def gold() -> Floats:
    shares = soft_shares(600, K, s=0.6, seed=3)
    chosen: Floats = shares[stratified(shares, GOLD)]
    return chosen


def overall() -> Floats:
    mean: Floats = soft_shares(600, K, s=0.6, seed=3).mean(axis=0)
    return mean


def verdicts(gold: Floats, labels: Ints) -> list[Verdict]:
    rng = np.random.default_rng(0)
    found = []
    for said in labels:
        order = rng.permutation(len(gold))
        found.append(sequential(steps(gold[order], said[order], overall())).verdict)
    return found


def share(found: list[Verdict], verdict: Verdict) -> float:
    return found.count(verdict) / len(found)


def drawn(shares: Floats, seed: int = 1) -> Ints:
    """Return what as many people draw from these shares (GOLD, K)."""
    rng = np.random.default_rng(seed)
    below = np.cumsum(shares, axis=1) < rng.random((PEOPLE, len(shares), 1))
    found: Ints = np.minimum(below.sum(axis=2), K - 1)
    return found


def test_those_who_look_are_hardly_ever_stopped(gold: Floats) -> None:
    found = verdicts(gold, drawn(gold))

    assert share(found, Verdict.INATTENTIVE) <= 0.02


@pytest.mark.parametrize("kind", ["uniform", "mimic"])
def test_those_who_do_not_are_found_within_ten(gold: Floats, kind: str) -> None:
    profile = np.full(K, 1 / K) if kind == "uniform" else overall()

    found = verdicts(gold, drawn(np.tile(profile, (GOLD, 1))))

    assert share(found, Verdict.INATTENTIVE) >= 0.95


def test_one_answer_to_everything_is_found_within_ten(gold: Floats) -> None:
    found = [verdicts(gold, np.full((20, GOLD), c)) for c in range(K)]

    assert all(share(one, Verdict.INATTENTIVE) >= 0.95 for one in found)


def test_gold_takes_every_class_in_turn() -> None:
    shares = soft_shares(600, K, s=0.6, seed=3)
    first = shares[stratified(shares, GOLD)].argmax(axis=1)

    assert np.bincount(first, minlength=K).tolist() == [2] * K


def test_without_answers_it_is_open() -> None:
    assert sequential(np.array([])).verdict == Verdict.OPEN


def test_a_rare_reading_of_a_mixed_clip_costs_less_than_a_miss_on_a_clear_one() -> None:
    added = steps(np.array([[0.7, 0.3], [1.0, 0.0]]), np.array([1, 1]), np.array([0.5, 0.5]))

    assert added[1] < added[0] < 0
