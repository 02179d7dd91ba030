"""What every aggregator promises."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotation.agreement.aggregation import Aggregator, Fit
from annotation.agreement.answers import Answers, Ints
from annotation.agreement.parameters import from_plain, to_plain
from annotation.agreement.selection import CANDIDATES, FOR_ORDERED, OTHERS
from tests.annotation.agreement.simulation import answers_of, draw_answers, soft_shares

PROFILES = ["honest"] * 10 + ["uniform"] * 3 + ["constant"] * 2

every_aggregator = pytest.mark.parametrize("aggregator", FOR_ORDERED + OTHERS, ids=lambda a: a.name)


@pytest.fixture(scope="module")
def answers() -> Answers:
    return draw_answers(soft_shares(), PROFILES)


def tasks_alone(answers: Answers, tasks: Ints) -> tuple[Answers, Ints]:
    """Return the labels of `tasks`, numbered anew from 0, and where they were."""
    where = np.flatnonzero(np.isin(answers.task, tasks))
    task = np.searchsorted(tasks, answers.task[where])
    k = answers.n_classes
    part = Answers(
        task, answers.annotator[where], answers.label[where], len(tasks), answers.n_annotators, k
    )
    return part, where


def same_bytes(one: Fit, other: Fit) -> bool:
    return (
        one.distribution.tobytes() == other.distribution.tobytes()
        and one.alphas.tobytes() == other.alphas.tobytes()
        and one.weights.tobytes() == other.weights.tobytes()
        and one.reliability.value.tobytes() == other.reliability.value.tobytes()
    )


@every_aggregator
def test_it_gives_a_distribution_for_every_task(aggregator: Aggregator, answers: Answers) -> None:
    fit = aggregator.fit(answers)

    assert fit.distribution.shape == (300, 4)
    assert fit.distribution.sum(axis=1) == pytest.approx(1)
    assert (fit.distribution >= 0).all()


@every_aggregator
def test_the_weights_of_a_tasks_labels_add_up_to_its_effective_number(
    aggregator: Aggregator, answers: Answers
) -> None:
    fit = aggregator.fit(answers)

    assert ((fit.weights >= 0) & (fit.weights <= 1)).all()
    assert fit.effective_n == pytest.approx(np.bincount(answers.task, fit.weights))


@every_aggregator
def test_predictions_are_probabilities_and_none_is_zero(
    aggregator: Aggregator, answers: Answers
) -> None:
    predicted = aggregator.fit(answers).predict(answers.task, answers.annotator)

    assert predicted.sum(axis=1) == pytest.approx(1)
    assert (predicted > 0).all()


@every_aggregator
def test_fitting_twice_gives_the_same_bytes(aggregator: Aggregator, answers: Answers) -> None:
    assert same_bytes(aggregator.fit(answers), aggregator.fit(answers))


@every_aggregator
def test_the_order_of_the_labels_changes_no_byte(aggregator: Aggregator, answers: Answers) -> None:
    shuffle = np.random.default_rng(5).permutation(len(answers))

    fit, shuffled = aggregator.fit(answers), aggregator.fit(answers.subset(shuffle))

    assert shuffled.distribution.tobytes() == fit.distribution.tobytes()
    assert shuffled.weights.tobytes() == fit.weights[shuffle].tobytes()


@every_aggregator
def test_the_labels_of_a_few_tasks_update_those_tasks_as_the_whole_would(
    aggregator: Aggregator, answers: Answers
) -> None:
    fit = aggregator.fit(answers)
    touched = np.array([3, 77, 210])
    part, where = tasks_alone(answers, touched)

    update = fit.parameters.aggregate(part)

    assert update.distribution == pytest.approx(fit.distribution[touched], abs=1e-7)
    assert update.weights == pytest.approx(fit.weights[where], abs=1e-7)
    assert update.effective_n == pytest.approx(fit.effective_n[touched], abs=1e-6)


@every_aggregator
def test_kept_parameters_aggregate_to_the_same_bytes(
    aggregator: Aggregator, answers: Answers
) -> None:
    fit = aggregator.fit(answers)

    kept = from_plain(json.loads(json.dumps(to_plain(fit.parameters))))

    assert kept.aggregate(answers).distribution.tobytes() == fit.distribution.tobytes()


# Where categories are ordered a newcomer's label speaks for its neighbours too: `test_ordered`.
@pytest.mark.parametrize("aggregator", CANDIDATES + OTHERS, ids=lambda a: a.name)
def test_a_newcomers_label_can_be_aggregated_before_the_next_fit(
    aggregator: Aggregator, answers: Answers
) -> None:
    parameters = aggregator.fit(answers).parameters
    newcomer = answers.n_annotators

    update = parameters.aggregate(answers_of([0], [newcomer], [2], (1, newcomer + 1, 4)))

    assert update.distribution[0].argmax() == 2
    assert 0 < update.weights[0] <= 1


@every_aggregator
def test_no_labels_at_all_are_no_error(aggregator: Aggregator) -> None:
    fit = aggregator.fit(answers_of([], [], [], (2, 0, 3)))

    assert fit.distribution == pytest.approx(1 / 3)
    assert fit.effective_n.tolist() == [0, 0]


def test_parameters_of_an_unknown_kind_are_refused() -> None:
    with pytest.raises(ValueError, match="kind 'oracle'"):
        from_plain({"kind": "oracle"})
