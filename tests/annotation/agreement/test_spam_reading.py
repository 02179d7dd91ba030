"""Who reads a class otherwise keeps their weight; who does not look loses it all the same."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.selection import held_out_score
from annotation.agreement.spam_mixture import SpamMixture, SpamParameters
from annotation.agreement.spam_reading import ReadingParameters, SpamReading
from benchmarks._adversaries import AS, READ, auc, draw
from tests.annotation.agreement.real_data import face_sentiment


def test_it_learns_what_the_minority_calls_what() -> None:
    drawn = draw(["honest"] * 30 + ["minority"] * 10, 100)

    parameters = SpamReading().fit(drawn.answers).parameters

    assert isinstance(parameters, ReadingParameters)
    calls = parameters.table[:40, READ, AS]
    assert calls[drawn.who("minority")].min() > calls[drawn.who("honest")].max() + 0.1


@pytest.mark.parametrize("k", [4, 5, 7])
def test_it_foresees_more_where_a_minority_reads_otherwise(k: int) -> None:
    answers = draw(["honest"] * 32 + ["minority"] * 8, 100, k=k).answers

    assert held_out_score(SpamReading(), answers) > held_out_score(SpamMixture(), answers) + 0.002


def test_it_foresees_more_of_recorded_readings_of_faces() -> None:
    answers, _, _ = face_sentiment()

    assert held_out_score(SpamReading(), answers) > held_out_score(SpamMixture(), answers) + 0.015


def test_where_all_read_alike_it_comes_as_near_to_what_clips_show() -> None:
    drawn = draw(["honest"] * 32 + ["uniform"] * 8, 100)

    found, plain = (
        np.abs(one.fit(drawn.answers).distribution - drawn.shares).sum(axis=1).mean()
        for one in (SpamReading(), SpamMixture())
    )

    assert found < 1.02 * plain


@pytest.mark.parametrize("profile", ["uniform", "constant", "mimic"])
def test_who_does_not_look_is_told_apart_as_well(profile: str) -> None:
    drawn = draw(["honest"] * 32 + [profile] * 8, 50, k=4)

    value = SpamReading().fit(drawn.answers).reliability.value

    assert auc(value[drawn.who("honest")], value[drawn.who(profile)]) >= 0.99


def test_weights_meet_the_equation_of_the_model() -> None:
    answers = draw(["honest"] * 15 + ["minority"] * 5, 30, k=4).answers
    of = SpamReading().fit(answers).parameters
    assert isinstance(of, ReadingParameters)

    gamma = of.aggregate(answers).weights

    i = 7
    others = (answers.task == answers.task[i]) & (np.arange(len(answers)) != i)
    seen = of.s * of.m + np.bincount(answers.label[others], gamma[others], 4)
    seen /= seen.sum()
    who, said = answers.annotator[i], answers.label[i]
    near = (1 - of.part) * seen[said] + of.part * (seen @ of.table[who])[said]
    honest, spam = of.theta[who] * near, (1 - of.theta[who]) * of.eps[who, said]
    assert gamma[i] == pytest.approx(honest / (honest + spam), abs=1e-7)


def test_a_newcomer_is_a_newcomer_of_the_mixture() -> None:
    answers = draw(["honest"] * 20, 50, k=4).answers
    of = SpamReading().fit(answers).parameters
    assert isinstance(of, ReadingParameters)
    new = Answers(np.array([0, 0]), np.array([20, 25]), np.array([1, 1]), 1, 26, 4)

    weights = of.aggregate(new).weights

    assert weights[0] == weights[1]
    assert of.predict(of.aggregate(new), np.array([0]), np.array([25])).sum() == pytest.approx(1)


def test_gold_is_heard_by_the_mixture_alone() -> None:
    answers = draw(["honest"] * 5, 5, k=4).answers
    gold = SpamMixture(gold=np.full((5, 4), np.nan))

    assert isinstance(gold.fit(answers).parameters, SpamParameters)
    with pytest.raises(ValueError, match="Gold"):
        SpamReading(mixture=gold).fit(answers)
