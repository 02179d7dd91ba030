"""The advice follows from what simulated campaigns came to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from active_learning.planning.advising import advise
from active_learning.planning.campaigns import Played
from active_learning.planning.questions import Scenario
from tests.active_learning.planning.asking import make_question

# How often the first class is right with 1 to 5 labels of every clip.
RIGHT = (0.5, 0.6, 0.7, 0.8, 0.85)
ADAPTIVE = Scenario(2, 5)


def played(per_clip: Sequence[float], accuracy: float) -> Played:
    """Campaigns in which the adaptive one spends so many labels and is so often right."""
    outcomes = {
        Scenario(k): [{"per_clip": k, "accuracy": right, "divergence": 1 - right}] * len(per_clip)
        for k, right in enumerate(RIGHT, start=1)
    }
    outcomes[ADAPTIVE] = [
        {"per_clip": n, "accuracy": accuracy, "divergence": 1 - accuracy} for n in per_clip
    ]
    return Played(outcomes, 5)


def test_what_adaptive_labels_save_is_against_as_many_of_every_clip_that_are_as_good() -> None:
    advice = advise(make_question(), played([2.8, 2.8], accuracy=0.75))

    assert (advice["kind"], advice["scenario"]) == ("adaptive", 2)
    assert advice["equal"]["value"] == pytest.approx(3.5)
    assert advice["saved"]["value"] == pytest.approx(0.2)


def test_a_saving_that_chance_may_turn_into_a_loss_is_no_reason() -> None:
    advice = advise(make_question(), played([2.8, 3.9, 2.8], accuracy=0.75))

    assert (advice["kind"], advice["of"], advice["scenario"]) == ("fixed", 2, 1)


def test_between_fixed_numbers_it_says_what_the_dearer_gains() -> None:
    question = make_question(scenarios=(Scenario(2), Scenario(4)))

    advice = advise(question, played([3.0], accuracy=0.75))

    assert (advice["kind"], advice["scenario"], advice["over"]) == ("dearer", 1, 0)
    assert advice["labels"] == 1
    assert advice["gained"]["value"] == pytest.approx(0.2)


def test_one_way_alone_is_compared_with_nothing() -> None:
    advice = advise(make_question(scenarios=(Scenario(3),)), played([3.0], accuracy=0.75))

    assert advice["kind"] == "only"
    assert advice["accuracy"]["value"] == pytest.approx(0.7)
