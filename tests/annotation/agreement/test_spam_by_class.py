from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.selection import held_out_score
from annotation.agreement.spam_by_class import ByClassParameters, SpamByClass
from annotation.agreement.spam_mixture import SpamMixture
from tests.annotation.agreement.real_data import answers_with_truth, face_sentiment
from tests.annotation.agreement.simulation import draw_answers, soft_shares


def blind_to_the_last(n_tasks: int = 400) -> Answers:
    """Of ten who look, four say anything where they should see class 3."""
    rng = np.random.default_rng(4)
    answers = draw_answers(soft_shares(n_tasks, s=0.4), ["honest"] * 10)
    guesses = (answers.annotator < 4) & (answers.label == 3)
    label = np.where(guesses, rng.integers(0, 4, len(answers)), answers.label)
    return Answers(answers.task, answers.annotator, label, n_tasks, 10, 4)


def test_it_sees_at_which_class_an_annotator_guesses() -> None:
    parameters = SpamByClass().fit(blind_to_the_last()).parameters

    assert isinstance(parameters, ByClassParameters)
    blind, others = parameters.theta[:4], parameters.theta[4:10]
    assert blind[:, 3].max() < blind[:, :3].min() - 0.2
    assert others.min() > 0.75


def test_it_foresees_more_where_honesty_depends_on_the_class() -> None:
    answers = blind_to_the_last()

    assert held_out_score(SpamByClass(), answers) > held_out_score(SpamMixture(), answers) + 0.01


def test_where_it_does_not_it_foresees_as_much() -> None:
    answers = draw_answers(soft_shares(), ["honest"] * 9 + ["uniform"] * 3)

    found, plain = (held_out_score(a, answers) for a in (SpamByClass(), SpamMixture()))

    assert found > plain - 0.005


@pytest.mark.parametrize(
    ("name", "gain"), [("D_Product", 0.002), ("D_PosSent", 0.003), ("face_sentiment", 0.015)]
)
def test_on_recorded_answers_it_foresees_more(name: str, gain: float) -> None:
    answers = face_sentiment()[0] if name.startswith("face") else answers_with_truth(name)[0]

    assert held_out_score(SpamByClass(), answers) > held_out_score(SpamMixture(), answers) + gain


def test_gold_is_refused_and_not_forgotten() -> None:
    with pytest.raises(ValueError, match="Gold"):
        SpamByClass(mixture=SpamMixture(gold=np.full((400, 4), 0.25))).fit(blind_to_the_last())
