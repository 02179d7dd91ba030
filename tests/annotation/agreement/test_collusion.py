"""Who copies from whom is found; who merely reads alike is not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.collusion import Pairs, groups, pairs
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.spam_mixture import SpamMixture
from benchmarks._adversaries import draw
from tests.annotation.agreement.real_data import face_sentiment
from tests.annotation.agreement.simulation import draw_answers, soft_shares

COPIES, TASKS = 0.95, 600


def by_the_others(answers: Answers) -> Pairs:
    return pairs(answers, SpamMixture().fit(answers).reliability.value)


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
        told = by_the_others(answers).alarming()
        accused = set(zip(told.first.tolist(), told.second.tolist(), strict=True))
        found += len(accused & colluding)
        alarms += len(accused - colluding)
        there += len(colluding)

    assert found >= 0.9 * there
    assert alarms == 0


def test_those_who_look_alarm_nobody() -> None:
    answers = draw_answers(soft_shares(400), ["honest"] * 20, per_task=8)

    assert not len(by_the_others(answers).alarming().z)


def test_pairs_that_share_little_are_left_out() -> None:
    answers = draw_answers(soft_shares(20), ["honest"] * 8, per_task=4)

    assert not len(pairs(answers).z)


def test_recorded_annotators_who_never_met_raise_few_alarms() -> None:
    answers, _, _ = face_sentiment()

    told = by_the_others(answers)

    assert len(told.z) > 100
    assert len(told.alarming().z) <= 1


def test_by_the_others_the_z_of_those_who_look_has_no_bias_however_much_they_share() -> None:
    drawn = draw(["honest"] * 20, 600)

    found = by_the_others(drawn.answers)

    assert np.median(found.shared) > 100
    assert abs(found.z.mean()) < 0.3
    assert not len(found.alarming().z)


@pytest.mark.parametrize("profile", ["uniform", "mimic"])
def test_those_who_do_not_look_make_nobody_else_a_suspect(profile: str) -> None:
    answers = draw(["honest"] * 15 + [profile] * 5, 600).answers

    assert not len(by_the_others(answers).alarming().z)


def test_by_the_others_the_order_of_the_labels_changes_nothing() -> None:
    answers, _ = copied(1)
    mixed = answers.subset(np.random.default_rng(0).permutation(len(answers)))

    one, other = pairs(answers), pairs(mixed)

    assert np.array_equal(one.z, other.z)
    assert np.array_equal(one.second, other.second)


def test_by_the_others_it_is_what_its_definition_says() -> None:
    """Two share one task, where a third and a fourth said 0 and 1; s m is (1, 1) by symmetry."""
    task, who = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 1, 2, 3, 2, 3])
    answers = Answers(task, who, np.array([0, 0, 0, 1, 1, 1]), 2, 4, 2)

    found = pairs(answers, np.array([0.3, 0.4, 0.5, 0.6]), least=1)

    at = int(np.flatnonzero((found.first == 0) & (found.second == 1))[0])
    weights = np.array([0.3, 0.4, 0.5, 0.6, 0.5, 0.6])
    s, m = fit_prior(answers.weighted_counts(weights))
    a = s * m + [0.5, 0.6]
    e = (a * (a + 1)).sum() / (a.sum() * (a.sum() + 1))
    assert found.z[at] == pytest.approx((1 - e) / np.sqrt(e * (1 - e)))


def test_of_who_labels_a_task_twice_one_label_counts() -> None:
    answers = draw(["honest"] * 8, 40, k=4, per_task=4).answers
    again = np.concatenate([np.arange(len(answers)), np.arange(50)])

    one, other = pairs(answers), pairs(answers.subset(again))

    assert np.array_equal(one.z, other.z)
    assert (other.first < other.second).all()


def test_who_hangs_together_is_one_group() -> None:
    drawn = draw(["honest"] * 12 + ["group"] * 3, 300)

    found = groups(by_the_others(drawn.answers), 15)

    assert [group.tolist() for group in found] == [drawn.who("group").tolist()]


def test_who_copies_is_told_how_much() -> None:
    answers, copies = copied(3)

    told = by_the_others(answers).alarming()

    assert {*zip(told.first.tolist(), told.second.tolist(), strict=True)} == copies
    assert told.copied == pytest.approx(COPIES, abs=0.1)


def test_a_ring_that_does_not_look_is_found_and_nobody_whose_clips_it_spoilt() -> None:
    for seed in range(5):
        answers, ring = ringed(seed)

        told = by_the_others(answers).alarming()

        assert set(told.first.tolist()) | set(told.second.tolist()) == ring


def ringed(seed: int, size: int = 4) -> tuple[Answers, set[int]]:
    """Sixteen who look, and a ring who give each clip one answer, drawn without a look at it."""
    people, shares = 16 + size, soft_shares(TASKS, seed=seed)
    answers = draw_answers(shares, ["honest"] * people, per_task=8, seed=seed)
    drawn = np.random.default_rng(seed).integers(0, answers.n_classes, TASKS)
    label = np.where(answers.annotator >= 16, drawn[answers.task], answers.label)
    changed = Answers(answers.task, answers.annotator, label, TASKS, people, answers.n_classes)
    return changed, set(range(16, people))
