"""Who copies from whom is found; who merely reads alike is not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.collusion import colluding, pairs
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.vote_share import SmoothedShare
from tests.annotation.agreement.real_data import face_sentiment
from tests.annotation.agreement.simulation import draw_answers, soft_shares

COPIES, TASKS = 0.95, 600


def copied(seed: int, n_pairs: int = 5) -> tuple[Answers, set[tuple[int, int]]]:
    """Twenty annotators, of whom some copy nineteen in twenty answers to clips they share."""
    answers = draw_answers(soft_shares(TASKS, seed=seed), ["honest"] * 20, per_task=8, seed=seed)
    label = answers.label.copy()
    rng = np.random.default_rng(seed)
    at = zip(answers.task.tolist(), answers.annotator.tolist(), strict=True)
    where = {one: i for i, one in enumerate(at)}
    colluding = {(2 * i, 2 * i + 1) for i in range(n_pairs)}
    for one, other in colluding:
        for task in range(answers.n_tasks):
            i, j = where.get((task, one)), where.get((task, other))
            if i is not None and j is not None and rng.random() < COPIES:
                label[j] = label[i]
    changed = Answers(answers.task, answers.annotator, label, TASKS, 20, answers.n_classes)
    return changed, colluding


def test_nine_in_ten_who_copy_are_found_and_nobody_else() -> None:
    found, alarms, there = 0, 0, 0
    for seed in range(5):
        answers, colluding = copied(seed)
        told = pairs(answers, SmoothedShare().fit(answers).distribution).alarming()
        accused = set(zip(told.first.tolist(), told.second.tolist(), strict=True))
        found += len(accused & colluding)
        alarms += len(accused - colluding)
        there += len(colluding)

    assert found >= 0.9 * there
    assert alarms == 0


def test_those_who_look_alarm_nobody() -> None:
    answers = draw_answers(soft_shares(400), ["honest"] * 20, per_task=8)

    assert not len(pairs(answers, SmoothedShare().fit(answers).distribution).alarming().z)


def test_pairs_that_share_little_are_left_out() -> None:
    answers = draw_answers(soft_shares(20), ["honest"] * 8, per_task=4)

    assert not len(pairs(answers, SmoothedShare().fit(answers).distribution).z)


def test_the_order_of_the_labels_changes_nothing() -> None:
    answers, _ = copied(1)
    mixed = answers.subset(np.random.default_rng(0).permutation(len(answers)))
    distribution = SmoothedShare().fit(answers).distribution

    one, other = pairs(answers, distribution), pairs(mixed, distribution)

    assert np.array_equal(one.first, other.first)
    assert one.z == pytest.approx(other.z)


def said_by(answers: Answers, who: int) -> dict[int, int]:
    own = answers.annotator == who
    return dict(zip(answers.task[own].tolist(), answers.label[own].tolist(), strict=True))


def test_z_is_what_its_definition_says() -> None:
    answers, _ = copied(2)
    p = SmoothedShare().fit(answers).distribution
    told = pairs(answers, p)
    u, v = int(told.first[3]), int(told.second[3])
    said = [said_by(answers, who) for who in (u, v)]
    both = sorted(set(said[0]) & set(said[1]))
    e = (p[both] ** 2).sum(axis=1)
    same = np.array([said[0][t] == said[1][t] for t in both])

    assert told.z[3] == pytest.approx((same - e).sum() / np.sqrt((e * (1 - e)).sum()))
    assert told.shared[3] == len(both)


def test_recorded_annotators_who_never_met_raise_few_alarms() -> None:
    answers, _, _ = face_sentiment()

    told = colluding(answers, SpamMixture())

    assert len(told.z) <= 1


def ringed(seed: int, size: int = 4) -> tuple[Answers, set[int]]:
    """Sixteen who look, and a ring who give each clip one answer, drawn without a look at it."""
    people = 16 + size
    answers = draw_answers(
        soft_shares(TASKS, seed=seed), ["honest"] * people, per_task=8, seed=seed
    )
    drawn = np.random.default_rng(seed).integers(0, answers.n_classes, TASKS)
    label = np.where(answers.annotator >= 16, drawn[answers.task], answers.label)
    changed = Answers(answers.task, answers.annotator, label, TASKS, people, answers.n_classes)
    return changed, set(range(16, people))


def test_a_ring_that_does_not_look_is_found_and_nobody_whose_clips_it_spoilt() -> None:
    for seed in range(5):
        answers, ring = ringed(seed)

        told = colluding(answers, SpamMixture())

        assert set(told.first.tolist()) | set(told.second.tolist()) == ring


def test_who_looks_at_spoilt_clips_would_alarm_if_the_ring_were_heard() -> None:
    answers, ring = ringed(0, size=8)
    heard = pairs(answers, SmoothedShare().fit(answers).distribution).alarming()
    told = colluding(answers, SpamMixture())

    assert not set(heard.first.tolist()) <= ring
    assert set(told.first.tolist()) | set(told.second.tolist()) == ring


@pytest.mark.parametrize("seed", range(3))
def test_who_copies_says_how_much(seed: int) -> None:
    answers, copies = copied(seed)

    told = colluding(answers, SpamMixture())

    assert {*zip(told.first.tolist(), told.second.tolist(), strict=True)} == copies
    assert told.copied == pytest.approx(COPIES, abs=0.1)


@pytest.mark.parametrize("seed", range(3))
def test_without_a_ring_nobody_is_accused(seed: int) -> None:
    kinds = ["honest"] * 16 + ["uniform"] * 2 + ["constant"] * 2 + ["mimic"] * 2
    answers = draw_answers(soft_shares(TASKS, seed=seed), kinds, per_task=8, seed=seed)

    assert not len(colluding(answers, SpamMixture()).z)
