"""One-coin Dawid-Skene, MACE and GLAD: a true class, and annotators who know it or not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.aggregation import Aggregator
from annotation.agreement.answers import Answers
from annotation.agreement.glad import Glad, GladAggregate
from annotation.agreement.mace import Mace
from annotation.agreement.one_coin import OneCoin
from annotation.agreement.vote_share import Majority
from tests.annotation.agreement.real_data import answers_with_truth
from tests.annotation.agreement.simulation import draw_answers
from tests.annotation.agreement.test_real_answers import accuracy

CLEAR = np.eye(3)[np.arange(240) % 3] * 0.7 + 0.1

each = pytest.mark.parametrize("aggregator", [OneCoin(), Mace(), Glad()], ids=lambda a: a.name)


@each
def test_who_does_not_look_is_less_reliable_and_the_interval_says_so(
    aggregator: Aggregator,
) -> None:
    answers = draw_answers(CLEAR, ["honest"] * 9 + ["uniform"] * 3)

    reliability = aggregator.fit(answers).reliability

    assert reliability.high[9:].max() < reliability.low[:9].min()


@each
def test_it_finds_more_of_the_truth_than_the_vote_among_many_who_do_not_look(
    aggregator: Aggregator,
) -> None:
    answers = draw_answers(CLEAR, ["honest"] * 8 + ["uniform"] * 8)
    truth = np.arange(240) % 3

    found = accuracy(aggregator.fit(answers).distribution, truth)

    assert found > accuracy(Majority().fit(answers).distribution, truth) + 3


@pytest.mark.parametrize(
    ("aggregator", "least"), [(OneCoin(), 94.5), (Mace(alike=True), 95.5), (Glad(), 94.5)], ids=str
)
def test_it_finds_more_of_a_recorded_truth_than_the_vote(
    aggregator: Aggregator, least: float
) -> None:
    """Zheng et al. (2017), table 6, D_PosSent: vote 93.31, GLAD 95.20, one-coin (ZC) 95.10."""
    answers, truth = answers_with_truth("D_PosSent")

    assert accuracy(aggregator.fit(answers).distribution, truth) > least


def test_where_classes_are_not_alike_it_pays_to_learn_how_common_they_are() -> None:
    answers, truth = answers_with_truth("D_Product")

    learnt, alike = (
        accuracy(m.fit(answers).distribution, truth) for m in (Mace(), Mace(alike=True))
    )

    assert learnt > 93
    assert alike < 85


def test_the_competence_of_mace_is_how_often_an_annotator_knows() -> None:
    rng = np.random.default_rng(3)
    task, annotator = np.arange(400).repeat(8), np.tile(np.arange(8), 400)
    knows = rng.random(3200) < np.linspace(0.2, 0.9, 8)[annotator]
    label = np.where(knows, task % 4, rng.integers(0, 4, 3200))

    value = Mace().fit(Answers(task, annotator, label, 400, 8, 4)).reliability.value

    assert value == pytest.approx(np.linspace(0.2, 0.9, 8), abs=0.08)


def test_tasks_on_which_people_differ_are_less_easy_to_glad() -> None:
    hard = np.arange(240) < 80
    shares = np.where(hard[:, None], CLEAR * 0.3 + 0.7 / 3, CLEAR)
    answers = draw_answers(shares, ["honest"] * 12, per_task=10)

    aggregate = Glad().fit(answers).aggregate

    assert isinstance(aggregate, GladAggregate)
    assert aggregate.ease[hard].mean() < aggregate.ease[~hard].mean() - 0.2
