"""A reading of one's own is learnt from one's other labels, and not from the label at hand."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers, Floats
from annotation.agreement.left_out import by_the_others
from annotation.agreement.reading import in_their_own_way
from annotation.agreement.spam_mixture import cavity
from benchmarks._adversaries import AS, READ, draw


def others(answers: Answers) -> Floats:
    m = np.full(answers.n_classes, 1 / answers.n_classes)
    return by_the_others(answers, np.ones(len(answers)), (1.0, m))


def test_the_others_are_the_cavity_for_every_class() -> None:
    answers = draw(["honest"] * 10, 30, k=4).answers
    weights = np.random.default_rng(0).random(len(answers))
    spread = (1.3, np.array([0.4, 0.3, 0.2, 0.1]))

    found = by_the_others(answers, weights, spread)

    assert found.sum(axis=1) == pytest.approx(1)
    said = found[np.arange(len(answers)), answers.label]
    assert said == pytest.approx(cavity(answers, weights, spread))


def test_what_a_minority_says_is_expected_of_it() -> None:
    drawn = draw(["honest"] * 30 + ["minority"] * 10, 100)
    answers, plain = drawn.answers, others(drawn.answers)
    clear = plain[:, READ] > 0.6
    minority = np.isin(answers.annotator, drawn.who("minority"))

    own = in_their_own_way(answers, plain)

    assert own[clear & minority, AS].mean() > plain[clear & minority, AS].mean() + 0.1
    assert own[clear & ~minority, AS].mean() < plain[clear & ~minority, AS].mean() + 0.03


def test_a_label_does_not_speak_for_itself() -> None:
    drawn = draw(["honest"] * 10, 20, k=4)
    answers, plain = drawn.answers, others(drawn.answers)
    changed = answers.label.copy()
    changed[7] = (changed[7] + 1) % 4
    other = Answers(answers.task, answers.annotator, changed, answers.n_tasks, 10, 4)

    one, two = in_their_own_way(answers, plain), in_their_own_way(other, plain)

    # Only by way of the attribution of the annotator's other labels, which is next to nothing.
    assert one[7] == pytest.approx(two[7], abs=0.01)


def test_it_is_a_distribution() -> None:
    answers = draw(["honest"] * 10 + ["constant"] * 5, 20).answers

    found = in_their_own_way(answers, others(answers))

    assert found.sum(axis=1) == pytest.approx(1)
    assert found.min() > 0
