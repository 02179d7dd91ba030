from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.confusions import DawidSkeneParameters
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.tempering import tempered
from tests.annotation.agreement.simulation import draw_answers, soft_shares

CLEAR = np.eye(3)[np.arange(150) % 3] * 0.7 + 0.1


def test_it_learns_who_answers_at_random() -> None:
    answers = draw_answers(CLEAR, ["honest"] * 8 + ["uniform"] * 4)

    fit = DawidSkene().fit(answers)

    assert fit.reliability.value[:8].min() > 0.6
    assert fit.weights[answers.annotator < 8].mean() > 3 * fit.weights[answers.annotator > 7].mean()


def test_it_understands_annotators_who_name_the_classes_the_other_way_round() -> None:
    answers = draw_answers(np.eye(2)[np.arange(200) % 2], ["honest"] * 6, per_task=6)
    flipped = np.where(answers.annotator < 2, 1 - answers.label, answers.label)
    object.__setattr__(answers, "label", flipped)

    fit = DawidSkene().fit(answers)

    assert isinstance(fit.parameters, DawidSkeneParameters)
    assert fit.parameters.confusion[0].argmax(axis=0).tolist() == [1, 0]
    assert (fit.distribution.argmax(axis=1) == np.arange(200) % 2).all()


def test_converged_parameters_are_those_of_one_more_plain_step() -> None:
    answers = draw_answers(CLEAR, ["honest"] * 8 + ["uniform"] * 2, per_task=5)
    fit = DawidSkene(tolerance=1e-10).fit(answers)
    assert isinstance(fit.parameters, DawidSkeneParameters)
    confusion, prior = fit.parameters.confusion, fit.parameters.prior
    odds = np.tile(np.log(prior), (150, 1))
    for task, annotator, label in zip(answers.task, answers.annotator, answers.label, strict=True):
        odds[task] += np.log(confusion[annotator, label])
    posterior = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)

    table = np.full((10, 3, 3), 0.5) + 4.0 * np.eye(3)
    for task, annotator, label in zip(answers.task, answers.annotator, answers.label, strict=True):
        table[annotator, label] += posterior[task]

    assert confusion[:10] == pytest.approx(table / table.sum(axis=1, keepdims=True), abs=1e-8)


def test_the_posterior_is_tempered_where_tasks_have_no_single_truth() -> None:
    soft = [_rho(draw_answers(soft_shares(s=3.0), ["honest"] * 12, seed=i)) for i in range(5)]
    clear = [_rho(draw_answers(CLEAR, ["honest"] * 12, seed=i)) for i in range(5)]

    assert np.mean(clear) <= 0.1 < min(soft)


def test_dissent_costs_less_weight_than_not_looking() -> None:
    task, annotator = np.arange(200).repeat(10), np.tile(np.arange(10), 200)
    label = np.where(annotator == 0, 2 - task % 3, np.where(annotator == 1, 0, task % 3))

    weights = DawidSkene().fit(Answers(task, annotator, label, 200, 10, 3)).weights

    assert weights[annotator == 0].mean() > 0.9
    assert weights[annotator == 1].mean() < 0.1


def test_tempering_flattens_and_keeps_the_order() -> None:
    odds = np.log([[0.9, 0.09, 0.01]])

    flat = tempered(odds, np.array([9]), 0.3)[0]

    assert flat.argsort().tolist() == [2, 1, 0]
    assert 1 / 3 < flat[0] < 0.9


def _rho(answers: Answers) -> float:
    parameters = DawidSkene().fit(answers).parameters
    assert isinstance(parameters, DawidSkeneParameters)
    return parameters.rho
