"""Simulated annotators: who says what, how surely and how fast."""

from typing import get_args

import numpy as np
import pytest

from annotation.demo import ANNOTATORS, Annotator, Answer, simulated_answer
from annotation.demo.annotators import Character, answer_chances

CLEAR = np.array([0.8, 0.05, 0.05, 0.05, 0.05])
SPLIT = np.array([0.45, 0.45, 0.04, 0.03, 0.03])


def answers(character: Character, truth: np.ndarray, n: int = 2000) -> list[Answer]:
    rng = np.random.default_rng(7)
    return [simulated_answer(Annotator("w", character, 5), truth, rng) for _ in range(n)]


def accuracy(character: Character) -> float:
    return float(np.mean([answer.option == 0 for answer in answers(character, CLEAR)]))


def test_honest_ones_are_right_more_often_than_hasty_ones() -> None:
    assert accuracy("honest") > 0.9 > accuracy("hasty") > 0.6


def test_honest_ones_disagree_where_the_clip_is_mixed() -> None:
    counts = np.bincount([answer.option for answer in answers("honest", SPLIT)], minlength=5)

    assert counts[:2] / 2000 == pytest.approx([0.48, 0.48], abs=0.04)


def test_careless_ones_answer_alike_whatever_the_clip() -> None:
    careless = Annotator("w", "careless", 5)

    assert np.array_equal(answer_chances(careless, CLEAR), answer_chances(careless, SPLIT))


def test_careless_ones_have_favourites_of_their_own() -> None:
    profiles = [answer_chances(a, CLEAR) for a in ANNOTATORS if a.character == "careless"]

    assert not np.allclose(profiles[0], profiles[1])


def test_haste_shows_in_the_time_taken() -> None:
    medians = [
        np.median([answer.latency for answer in answers(character, CLEAR)])
        for character in get_args(Character)
    ]

    assert medians == pytest.approx([5.5, 2.6, 1.4], rel=0.1)


def test_honest_confidence_follows_the_clarity_of_the_clip() -> None:
    clear = np.mean([answer.confidence for answer in answers("honest", CLEAR)])
    split = np.mean([answer.confidence for answer in answers("honest", SPLIT)])

    assert clear > split + 1


def test_the_same_seed_gives_the_same_answers() -> None:
    assert answers("hasty", SPLIT, 20) == answers("hasty", SPLIT, 20)


@pytest.mark.parametrize("wrong", [[0.5, 0.6], [1.5, -0.5], []])
def test_what_is_no_distribution_is_refused(wrong: list[float]) -> None:
    with pytest.raises(ValueError, match="adds up to 1"):
        simulated_answer(ANNOTATORS[0], wrong, np.random.default_rng(0))
