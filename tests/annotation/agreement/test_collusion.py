"""Who copies from whom is found; who merely reads alike is not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.collusion import Pairs, groups, pairs, pairs_by_the_others
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.vote_share import SmoothedShare
from benchmarks._adversaries import draw
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

    told = pairs(answers, SmoothedShare().fit(answers).distribution)

    assert len(told.alarming().z) <= 0.1 * len(told.z)


def by_the_others(answers: Answers) -> Pairs:
    return pairs_by_the_others(answers, SpamMixture().fit(answers).reliability.value)


def test_by_the_others_the_z_of_those_who_look_has_no_bias_however_much_they_share() -> None:
    drawn = draw(["honest"] * 20, 600)

    found = by_the_others(drawn.answers)

    assert np.median(found.shared) > 100
    assert abs(found.z.mean()) < 0.3
    assert not len(found.alarming().z)


@pytest.mark.parametrize("profile", ["uniform", "mimic"])
def test_those_who_do_not_look_make_nobody_else_a_suspect(profile: str) -> None:
    """A flat share of spam and honest labels explains too little of what honest people say."""
    answers = draw(["honest"] * 15 + [profile] * 5, 600).answers

    plain = pairs(answers, SmoothedShare().fit(answers).distribution)

    assert not len(by_the_others(answers).alarming().z)
    assert len(plain.alarming().z) > 20


def test_by_the_others_the_order_of_the_labels_changes_nothing() -> None:
    answers, _ = copied(1)
    mixed = answers.subset(np.random.default_rng(0).permutation(len(answers)))

    one, other = pairs_by_the_others(answers), pairs_by_the_others(mixed)

    assert np.array_equal(one.z, other.z)
    assert np.array_equal(one.second, other.second)


def test_by_the_others_it_is_what_its_definition_says() -> None:
    """Two share one task, where a third and a fourth said 0 and 1; s m is (1, 1) by symmetry."""
    task, who = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 1, 2, 3, 2, 3])
    answers = Answers(task, who, np.array([0, 0, 0, 1, 1, 1]), 2, 4, 2)

    found = pairs_by_the_others(answers, np.array([0.3, 0.4, 0.5, 0.6]), least=1)

    at = int(np.flatnonzero((found.first == 0) & (found.second == 1))[0])
    weights = np.array([0.3, 0.4, 0.5, 0.6, 0.5, 0.6])
    s, m = fit_prior(answers.weighted_counts(weights))
    a = s * m + [0.5, 0.6]
    e = (a * (a + 1)).sum() / (a.sum() * (a.sum() + 1))
    assert found.z[at] == pytest.approx((1 - e) / np.sqrt(e * (1 - e)))


def test_of_who_labels_a_task_twice_one_label_counts() -> None:
    answers = draw(["honest"] * 8, 40, k=4, per_task=4).answers
    again = np.concatenate([np.arange(len(answers)), np.arange(50)])

    one, other = pairs_by_the_others(answers), pairs_by_the_others(answers.subset(again))

    assert np.array_equal(one.z, other.z)
    assert (other.first < other.second).all()


def test_who_hangs_together_is_one_group() -> None:
    drawn = draw(["honest"] * 12 + ["group"] * 3, 300)

    found = groups(by_the_others(drawn.answers), 15)

    assert [group.tolist() for group in found] == [drawn.who("group").tolist()]
