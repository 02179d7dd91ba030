from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement import selection
from annotation.agreement.answers import Answers
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.selection import CANDIDATES, choose, held_out_score, worth_comparing
from annotation.agreement.vote_share import Majority, SmoothedShare
from tests.annotation.agreement.real_data import face_sentiment
from tests.annotation.agreement.simulation import answers_of, draw_answers, soft_shares


def test_with_few_labels_an_annotator_it_is_the_smoothed_share() -> None:
    answers = draw_answers(soft_shares(20), ["honest"] * 30)

    choice = choose(answers)

    assert choice.fit.name == "smoothed_share"
    assert choice.reason == "too few labels"


def test_with_two_labels_a_task_it_is_the_smoothed_share() -> None:
    choice = choose(draw_answers(soft_shares(), ["honest"] * 10, per_task=2))

    assert (choice.fit.name, choice.reason) == ("smoothed_share", "too few labels")


def test_without_labels_it_is_the_smoothed_share() -> None:
    choice = choose(answers_of([], [], [], (3, 0, 2)))

    assert choice.fit.name == "smoothed_share"
    assert choice.scores == {}


def test_among_honest_and_careless_annotators_a_model_of_annotators_is_chosen() -> None:
    choice = choose(draw_answers(soft_shares(), ["honest"] * 9 + ["uniform"] * 5))

    assert choice.fit.name == "spam_mixture"
    assert choice.scores["spam_mixture"] == max(choice.scores.values())
    assert set(choice.scores) == {aggregator.name for aggregator in CANDIDATES}


def test_where_there_is_a_truth_and_errors_are_systematic_it_is_dawid_skene() -> None:
    answers = draw_answers(np.eye(3)[np.arange(240) % 3] * 0.85 + 0.05, ["honest"] * 10)
    blind = (answers.annotator < 4) & (answers.label == 2)
    confused = np.where(blind, 1, answers.label)

    choice = choose(Answers(answers.task, answers.annotator, confused, 240, 10, 3))

    assert choice.fit.name == "dawid_skene"


def test_answers_at_random_are_foretold_no_better_than_by_chance() -> None:
    answers = draw_answers(soft_shares(), ["uniform"] * 12)

    scores = [held_out_score(aggregator, answers) for aggregator in CANDIDATES]

    assert max(scores) < -np.log(4) + 0.005


def test_the_score_is_that_of_labels_the_fit_has_not_seen() -> None:
    answers = draw_answers(soft_shares(), ["honest"] * 12)
    seen = SmoothedShare().fit(answers).predict(answers.task, answers.annotator)
    score_of_seen = np.log(seen[np.arange(len(answers)), answers.label]).mean()

    assert held_out_score(SmoothedShare(), answers) < score_of_seen - 0.05


def test_the_score_does_not_depend_on_the_order_of_the_labels() -> None:
    answers = draw_answers(soft_shares(60), ["honest"] * 10)
    shuffled = answers.subset(np.random.default_rng(2).permutation(len(answers)))

    for aggregator in (Majority(), DawidSkene()):
        score = held_out_score(aggregator, answers)
        assert score == held_out_score(aggregator, shuffled)
        assert score != pytest.approx(held_out_score(aggregator, answers, seed=1), abs=1e-12)


def test_of_many_labels_a_part_is_scored_and_all_are_fitted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answers = draw_answers(soft_shares(600), ["honest"] * 9 + ["uniform"] * 5)
    whole = choose(answers)
    monkeypatch.setattr(selection, "MANY_LABELS", 2400)
    shuffled = answers.subset(np.random.default_rng(2).permutation(len(answers)))

    part, again = choose(answers), choose(shuffled)

    assert part.scores == again.scores
    assert part.scores != whole.scores
    assert part.fit.name == whole.fit.name
    assert part.fit.distribution.tobytes() == whole.fit.distribution.tobytes()


def test_a_costly_aggregator_has_to_foresee_more_than_chance_would() -> None:
    answers = face_sentiment()[0]
    offered = worth_comparing(len(answers))

    chosen = choose(answers, offered)

    assert max(chosen.scores, key=lambda name: chosen.scores[name]) == "spam_reading"
    assert chosen.fit.name == "dawid_skene"
