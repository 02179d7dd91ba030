"""Answers to known tasks tell who looks, and leave everything else as it is."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.known import Known, fit_with_known
from annotation.agreement.spam_mixture import SpamMixture
from tests.annotation.agreement.simulation import draw_answers, soft_shares

PEOPLE, TESTS, K = 12, 30, 4


@pytest.fixture(scope="module")
def answers() -> Answers:
    """Few answers of each of twelve people, of whom the last does not look."""
    return draw_answers(soft_shares(24), ["honest"] * (PEOPLE - 1) + ["uniform"], per_task=6)


def answered(who: int, label: Ints, shares: Floats) -> Known:
    n = len(label)
    known = Answers(np.arange(n), np.full(n, who), label, n, PEOPLE, K)
    return Known(known, shares)


def clear_shares() -> Floats:
    return np.eye(K)[np.arange(TESTS) % K] * 0.9 + 0.025


def test_who_passes_gains_and_who_fails_loses(answers: Answers) -> None:
    alone = SpamMixture().fit(answers).reliability.value
    right, wrong = np.arange(TESTS) % K, (np.arange(TESTS) + 1) % K

    passed = fit_with_known(SpamMixture(), answers, answered(0, right, clear_shares()))
    failed = fit_with_known(SpamMixture(), answers, answered(0, wrong, clear_shares()))

    assert failed.reliability.value[0] < 0.5 < alone[0] < passed.reliability.value[0]


def test_the_labels_of_who_fails_weigh_less(answers: Answers) -> None:
    wrong = (np.arange(TESTS) + 1) % K
    mine = answers.annotator == 0
    alone = SpamMixture().fit(answers).weights[mine]

    failed = fit_with_known(SpamMixture(), answers, answered(0, wrong, clear_shares()))

    assert failed.weights[mine].mean() < 0.7 * alone.mean()
    assert len(failed.weights) == len(answers)


def test_a_rarer_reading_of_a_mixed_clip_costs_nothing(answers: Answers) -> None:
    first, rarer = np.arange(TESTS) % K, (np.arange(TESTS) + 1) % K
    mixed = 0.6 * np.eye(K)[first] + 0.4 * np.eye(K)[rarer]
    alone = SpamMixture().fit(answers).reliability.value[0]

    found = fit_with_known(SpamMixture(), answers, answered(0, rarer, mixed))

    assert found.reliability.value[0] >= alone - 0.02


def test_chosen_tasks_say_nothing_of_what_tasks_are_like(answers: Answers) -> None:
    right = np.arange(TESTS) % K
    plain = SpamMixture().fit(answers)

    found = fit_with_known(SpamMixture(), answers, answered(0, right, clear_shares()))

    assert found.parameters.s == pytest.approx(plain.parameters.s, rel=0.2)  # type: ignore[attr-defined]
    assert found.parameters.m == pytest.approx(plain.parameters.m, abs=0.05)  # type: ignore[attr-defined]
    assert found.distribution.shape == plain.distribution.shape
