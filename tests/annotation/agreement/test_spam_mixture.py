from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.aggregation import Reliability
from annotation.agreement.answers import Answers
from annotation.agreement.populations import CROWD, EXPERT, Prior
from annotation.agreement.spam_mixture import SpamMixture, SpamParameters, cavity
from annotation.agreement.vote_share import SmoothedShare
from tests.annotation.agreement.simulation import answers_of, draw_answers, soft_shares

ADVERSARIES = ["uniform", "constant", "mimic"]


@pytest.mark.parametrize("adversary", ADVERSARIES)
def test_who_does_not_look_loses_weight_and_who_does_keeps_it(adversary: str) -> None:
    answers = draw_answers(soft_shares(), ["honest"] * 12 + [adversary] * 4)

    value = SpamMixture().fit(answers).reliability.value

    assert value[:12].min() > 0.7
    assert value[12:].max() < 0.4


def test_the_interval_of_a_reliability_narrows_with_labels() -> None:
    few = draw_answers(soft_shares(40), ["honest"] * 10)
    many = draw_answers(soft_shares(400), ["honest"] * 10)

    width = [r.high[0] - r.low[0] for r in (_reliability(few), _reliability(many))]

    assert width[1] < width[0] < 0.5


def test_with_spam_it_comes_nearer_to_the_tasks_shares_than_smoothing_does() -> None:
    shares = soft_shares()
    answers = draw_answers(shares, ["honest"] * 10 + ["uniform"] * 6)

    error = {
        aggregator.name: np.abs(aggregator.fit(answers).distribution - shares).sum(axis=1).mean()
        for aggregator in (SpamMixture(), SmoothedShare())
    }

    assert error["spam_mixture"] < 0.85 * error["smoothed_share"]


def test_a_reading_of_the_minority_keeps_its_weight() -> None:
    """On half of the tasks three of ten say 2 three times as often as the others do."""
    task, annotator = np.arange(300).repeat(10), np.tile(np.arange(10), 300)
    minority = annotator < 3
    rare = np.random.default_rng(0).random(3000) < np.where(minority, 0.6, 0.2)
    label = np.where(task % 2 == 0, 0, np.where(rare, 2, 1))

    weights = SpamMixture().fit(Answers(task, annotator, label, 300, 10, 3)).weights

    assert weights[minority].mean() > 0.8 * weights[~minority].mean()


def test_a_label_is_judged_by_the_others_of_its_task() -> None:
    answers = answers_of([0, 0, 0], [0, 1, 2], [1, 1, 0], (1, 3, 2))
    gamma, s, m = np.array([0.9, 0.5, 0.2]), 1.5, np.array([0.4, 0.6])

    near = cavity(answers, gamma, (s, m))

    first = (s * 0.6 + 0.5) / (s + 0.5 + 0.2)
    last = (s * 0.4) / (s + 0.9 + 0.5)
    assert near[[0, 2]] == pytest.approx([first, last])


def test_weights_meet_the_equation_of_the_model() -> None:
    answers = draw_answers(soft_shares(50), ["honest"] * 9 + ["uniform"] * 3)
    parameters = SpamMixture().fit(answers).parameters
    assert isinstance(parameters, SpamParameters)

    gamma = parameters.aggregate(answers).weights

    honest = parameters.theta[answers.annotator] * cavity(
        answers, gamma, (parameters.s, parameters.m)
    )
    spam = 1 - parameters.theta[answers.annotator]
    spam = spam * parameters.eps[answers.annotator, answers.label]
    assert gamma == pytest.approx(honest / (honest + spam), abs=1e-8)


def test_an_annotator_without_labels_stands_at_the_populations_mean() -> None:
    answers = draw_answers(soft_shares(), ["honest"] * 12)
    wider = Answers(answers.task, answers.annotator, answers.label, 300, 13, 4)

    fit = SpamMixture().fit(wider)

    assert isinstance(fit.parameters, SpamParameters)
    assert fit.reliability.value[12] == pytest.approx(fit.parameters.theta[-1])


def test_experts_start_with_more_trust_than_the_crowd() -> None:
    member = np.array([0, 0, 0, 1])
    answers = answers_of([0, 0, 0, 0], [0, 1, 2, 3], [0, 1, 2, 3], (1, 4, 4))

    fit = SpamMixture(prior=Prior((CROWD, EXPERT), member)).fit(answers)

    assert fit.reliability.value[3] > fit.reliability.value[0]
    assert fit.weights[3] > fit.weights[0]


def test_gold_overrules_the_other_labels() -> None:
    answers = draw_answers(soft_shares(60), ["honest"] * 9)
    gold = np.full((60, 4), np.nan)
    gold[7] = [0.97, 0.01, 0.01, 0.01]

    fit = SpamMixture(gold=gold).fit(answers)

    of_gold = answers.task == 7
    right = answers.label[of_gold] == 0
    assert fit.distribution[7].tolist() == gold[7].tolist()
    assert fit.weights[of_gold][~right].max(initial=0.0) < 0.5


def _reliability(answers: Answers) -> Reliability:
    return SpamMixture().fit(answers).reliability
