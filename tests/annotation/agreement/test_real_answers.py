"""Against what was published on, or recomputed from, recorded answers."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.aggregation import Aggregator
from annotation.agreement.alpha import alpha_interval, nominal_alpha
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.numbers import alpha_of_numbers, numbers_interval
from annotation.agreement.selection import choose
from annotation.agreement.vote_share import Majority
from tests.annotation.agreement.real_data import (
    answers_with_truth,
    emotion_numbers,
    face_sentiment,
    vote_table,
)

CREMA_D = {"voice": (0.281, 2.9), "face": (0.458, 1.4), "audiovisual": (0.497, 1.2)}
FER_PLUS = ["neutral", "happiness", "surprise", "sadness", "anger"]
FER_PLUS += ["disgust", "fear", "contempt", "unknown", "NF"]


def accuracy(distribution: Floats, truth: Ints) -> float:
    """In percent, a tie shared out."""
    top = distribution >= distribution.max(axis=1, keepdims=True) - 1e-9
    return 100 * float((top[np.arange(len(truth)), truth] / top.sum(axis=1)).mean())


@pytest.mark.parametrize("modality", CREMA_D)
def test_votes_on_acted_clips_have_the_known_alpha_and_spread(modality: str) -> None:
    counts = vote_table("crema_d/votes.csv", list("ADFHNS"), modality=modality)

    assert nominal_alpha(counts) == pytest.approx(CREMA_D[modality][0], abs=0.001)
    assert fit_prior(counts)[0] == pytest.approx(CREMA_D[modality][1], abs=0.05)


def test_votes_on_faces_have_the_known_alpha() -> None:
    counts = vote_table("ferplus/fer2013new.csv", FER_PLUS)

    assert nominal_alpha(counts) == pytest.approx(0.515, abs=0.001)


def test_numbers_of_emotion_have_the_known_alpha() -> None:
    task, numbers = emotion_numbers()

    low, high = numbers_interval(task, numbers)

    assert alpha_of_numbers(task, numbers) == pytest.approx(0.357, abs=0.001)
    assert 0.30 < low < 0.34
    assert 0.37 < high < 0.42


def test_photographs_of_twenty_people_have_the_known_alpha_within_a_wide_interval() -> None:
    answers, _, persons = face_sentiment()

    low, high = alpha_interval(answers, persons)

    assert nominal_alpha(answers) == pytest.approx(0.495, abs=0.0005)
    assert low < 0.45
    assert high > 0.54


@pytest.mark.parametrize(
    ("name", "aggregator", "published", "within"),
    [
        ("D_PosSent", Majority(), 93.31, 0.15),
        ("D_PosSent", DawidSkene(), 96.00, 0.05),
        ("D_Product", Majority(), 89.66, 0.05),
        ("D_Product", DawidSkene(), 93.66, 0.35),
    ],
)
def test_accuracy_is_that_of_the_published_comparison(
    name: str, aggregator: Aggregator, published: float, within: float
) -> None:
    """Zheng et al. (2017), "Truth inference in crowdsourcing", table 6."""
    answers, truth = answers_with_truth(name)

    assert accuracy(aggregator.fit(answers).distribution, truth) == pytest.approx(
        published, abs=within
    )


@pytest.mark.parametrize("name", ["D_PosSent", "D_Product", "face_sentiment"])
def test_the_choice_foresees_more_than_the_share_and_is_never_far_below_the_majority(
    name: str,
) -> None:
    answers, truth = face_sentiment()[:2] if name.startswith("face") else answers_with_truth(name)

    choice = choose(answers)

    assert choice.scores[choice.fit.name] > choice.scores["smoothed_share"]
    majority = accuracy(Majority().fit(answers).distribution, truth)
    assert accuracy(choice.fit.distribution, truth) >= majority - 0.5
