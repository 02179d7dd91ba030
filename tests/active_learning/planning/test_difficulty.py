"""What is assumed of clips and people: alpha comes back, and what is known of it agrees."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.planning.collecting import say
from active_learning.planning.crews import Crew, hire
from active_learning.planning.difficulty import CORPORA, Difficulty, of_alpha
from annotation.agreement.alpha import alpha, labels_needed
from annotation.agreement.answers import Floats
from benchmarks.redundancy import replay, saved

ATTENTIVE = Crew(40)


@pytest.mark.parametrize("name", CORPORA)
def test_the_alpha_of_a_published_corpus_comes_back(name: str) -> None:
    corpus = CORPORA[name]
    wanted = corpus.anchor.alpha
    difficulty = of_alpha(wanted, corpus.anchor.n_categories, corpus.commonest)
    rng = np.random.default_rng(0)

    found = [_alpha_of(difficulty, rng) for _ in range(20)]

    low, high = np.quantile(found, [0.025, 0.975])
    assert low < wanted < high
    assert np.mean(found) == pytest.approx(wanted, abs=0.01)


def _alpha_of(difficulty: Difficulty, rng: np.random.Generator) -> float:
    said = say(difficulty, hire(ATTENTIVE, len(difficulty.m), rng), 1000, 5, rng)
    return alpha(said.answers(np.full(1000, 5)))


@given(st.floats(0.03, 0.95), st.integers(2, 12))
def test_the_middle_clip_is_the_clearer_the_higher_alpha_is(wanted: float, classes: int) -> None:
    assert of_alpha(wanted, classes).s > of_alpha(min(wanted + 0.02, 0.99), classes).s


@pytest.mark.parametrize(("wanted", "labels"), [(0.281, 10), (0.458, 5), (0.497, 4)])
def test_the_labels_that_spearman_and_brown_ask_for_give_the_reliability(
    wanted: float, labels: int
) -> None:
    reliability = 0.8
    assert labels == round(labels_needed(wanted, reliability))
    rng = np.random.default_rng(1)
    said = say(of_alpha(wanted, 6), hire(ATTENTIVE, 6, rng), 6000, labels, rng)

    shares = said.answers(np.full(6000, labels)).counts() / labels

    assert _squared_correlation(shares, said.shares) == pytest.approx(reliability, abs=0.025)


def _squared_correlation(shares: Floats, truth: Floats) -> float:
    """Over all classes at once: the variance that the true shares explain."""
    explained = ((truth - truth.mean(axis=0)) ** 2).sum()
    return float(explained / ((shares - shares.mean(axis=0)) ** 2).sum())


# benchmarks.redundancy on the recorded votes themselves, see docs/agreement.md: labels a clip,
# and what adaptive redundancy saves at an equal first class.
RECORDED = {
    "crema-d-voice": (7.46, 0.188),
    "crema-d-face": (7.09, 0.204),
    "crema-d-both": (6.51, 0.215),
    "ferplus": (6.50, 0.261),
}


@pytest.mark.parametrize("name", RECORDED)
def test_replaying_simulated_votes_saves_about_as_much_as_recorded_ones(name: str) -> None:
    corpus, (labels, recorded) = CORPORA[name], RECORDED[name]
    difficulty = of_alpha(corpus.anchor.alpha, corpus.anchor.n_categories, corpus.commonest)
    rng = np.random.default_rng(2)
    said = say(difficulty, hire(ATTENTIVE, len(difficulty.m), rng), 3000, 10, rng)

    played = [replay(said.answers(np.full(3000, 10)).counts(), 3, 10, 0)]

    assert played[0].labels.mean() == pytest.approx(labels, rel=0.15)
    assert 0.5 * recorded < saved(played, "first_class")["saved"] < 1.25 * recorded
    assert saved(played, "divergence")["saved"] < 0


def test_the_careless_say_the_same_of_every_clip() -> None:
    rng = np.random.default_rng(0)
    crew = hire(Crew(10, careless=0.5), 4, rng)

    said = say(of_alpha(0.9, 4), crew, 400, 10, rng)

    told = said.answers(np.full(400, 10))
    assert said.careless.sum() == 5
    careless, attentive = (
        alpha(told.subset(said.careless[told.annotator] == who)) for who in (True, False)
    )
    assert careless < 0.2
    assert attentive > 0.85


def test_a_crew_like_a_pilots_slips_as_its_people_did() -> None:
    theta, eps = np.array([0.6]), np.array([[0.0, 1.0]])

    hired = hire(Crew(4, careless=0.25, theta=theta, eps=eps), 2, np.random.default_rng(0))

    assert hired.theta.tolist() == [0, 0.6, 0.6, 0.6]
    assert hired.eps[1:].tolist() == [[0, 1]] * 3


@pytest.mark.parametrize(("alpha_", "commonest"), [(0.0, None), (1.0, None), (0.5, 0.2)])
def test_what_cannot_be_is_refused(alpha_: float, commonest: float | None) -> None:
    with pytest.raises(ValueError, match=r"Alpha|commonest"):
        of_alpha(alpha_, 4, commonest)
