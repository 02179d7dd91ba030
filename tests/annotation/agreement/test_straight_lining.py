"""Runs of one answer are told from runs of clips that are alike."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.straight_lining import Runs, runs
from benchmarks._adversaries import pick

PEOPLE, EACH, K = 400, 100, 4


def served(seed: int = 0, s: float = 1.0) -> tuple[Ints, Floats]:
    """Return the annotator and the shares of each label's clip, in the order of serving."""
    shares = np.random.default_rng(seed).dirichlet(np.full(K, s / K), size=PEOPLE * EACH)
    return np.tile(np.arange(PEOPLE), EACH), shares


def looked(who: Ints, shares: Floats, seed: int = 1) -> Runs:
    return runs(who, pick(shares, np.random.default_rng(seed)), shares, PEOPLE)


def test_z_is_standard_normal_for_those_who_look() -> None:
    found = looked(*served())

    assert kstest(found.z, "norm").pvalue > 0.01
    assert found.z.std() == pytest.approx(1, abs=0.1)
    assert not found.alarming().size


def test_the_chance_of_the_longest_run_is_seldom_small_for_those_who_look() -> None:
    chance = looked(*served()).chance

    assert [(chance < p).mean() <= p + 0.01 for p in (0.01, 0.05, 0.1)] == [True] * 3


def test_many_neutral_clips_in_a_row_are_innocent() -> None:
    who, shares = served()
    neutral = np.arange(len(who)) // PEOPLE < 60
    shares[neutral] = [0.94, 0.02, 0.02, 0.02]

    found = looked(who, shares)

    assert np.median(found.longest) >= 20
    assert not found.alarming().size


def test_the_same_answer_to_clips_that_differ_is_found() -> None:
    who, shares = served()
    label = pick(shares, np.random.default_rng(1))
    label[who < 20] = 0

    assert runs(who, label, shares, PEOPLE).alarming().tolist() == list(range(20))


def test_a_stretch_of_thirty_among_a_hundred_is_found() -> None:
    who, shares = served()
    label = pick(shares, np.random.default_rng(1))
    nth = np.arange(len(who)) // PEOPLE
    label[(who < 20) & (nth >= 40) & (nth < 70)] = 1

    found = runs(who, label, shares, PEOPLE).alarming()

    assert np.isin(np.arange(20), found).all()
    assert found.max() < 20


def test_variance_counts_that_neighbouring_steps_share_a_clip() -> None:
    """Three clips of one share (.8, .2), many times: the repeats of both steps, drawn."""
    p = np.array([0.8, 0.2])
    rows = np.tile(p, (3 * PEOPLE * 50, 1))
    who = np.arange(PEOPLE * 50).repeat(3)
    label = pick(rows, np.random.default_rng(2))

    z = runs(who, label, rows, PEOPLE * 50).z

    assert z.std() == pytest.approx(1, abs=0.02)


def test_the_labels_of_others_in_between_change_nothing() -> None:
    who, shares = served()
    label = pick(shares, np.random.default_rng(1))
    order = np.argsort(who, kind="stable")

    one, other = (
        runs(who, label, shares, PEOPLE),
        runs(who[order], label[order], shares[order], PEOPLE),
    )

    assert np.array_equal(one.z, other.z)
    assert np.array_equal(one.longest, other.longest)


def test_who_has_one_label_or_none_has_no_steps() -> None:
    found = runs(np.array([1]), np.array([0]), np.full((1, 2), 0.5), 3)

    assert found.steps.tolist() == [0, 0, 0]
    assert np.isnan(found.z).all()
    assert found.longest.tolist() == [0, 1, 0]
    assert not found.alarming().size


def test_without_labels_there_is_nothing() -> None:
    nobody = np.array([], dtype=np.int64)

    assert not runs(nobody, nobody, np.zeros((0, 3)), 0).z.size
