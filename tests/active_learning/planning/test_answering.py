"""A plan is the same every time, spends what it says, and says what it is worth."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from active_learning.planning.answering import answer, crowd_of
from active_learning.planning.campaigns import play_all, size_of
from active_learning.planning.crews import Crew
from active_learning.planning.difficulty import draw_shares, of_alpha
from active_learning.planning.questions import Scenario, Seen
from active_learning.planning.vectors import draw_vectors, noise_for
from active_learning.simulating import Sketch
from tests.active_learning.planning.asking import make_question


def told(**changes: Any) -> dict[str, Any]:
    return answer(make_question(**changes), lambda _share, _message: None)


@pytest.fixture(scope="module")
def usual() -> dict[str, Any]:
    return told()


def test_the_same_seed_gives_the_same_bytes(usual: dict[str, Any]) -> None:
    assert json.dumps(told()) == json.dumps(usual)
    assert told(seed=1, repetitions=1)["fixed"] != usual["fixed"]


def test_labels_cost_and_days_follow_from_labels_a_clip(usual: dict[str, Any]) -> None:
    two, _four, adaptive = usual["scenarios"]

    assert two["labels"]["value"] == 600
    assert two["cost"]["value"] == pytest.approx(600 * 12 * 9 / 3600)
    assert two["days"]["value"] == pytest.approx(600 / (20 * 200), abs=1e-5)
    assert 600 < adaptive["labels"]["low"] <= adaptive["labels"]["high"] < 1500


def test_more_labels_of_every_clip_are_right_more_often(usual: dict[str, Any]) -> None:
    right = [one["accuracy"]["value"] for one in usual["fixed"]]

    assert right[0] < right[2] < right[4]


def test_alpha_is_higher_without_the_careless(usual: dict[str, Any]) -> None:
    four = usual["scenarios"][1]

    assert four["alpha"]["value"] < four["alpha_attentive"]["low"]


def test_one_label_each_has_no_alpha(usual: dict[str, Any]) -> None:
    assert usual["fixed"][0]["alpha"] == {"value": None, "low": None, "high": None}


def test_every_clip_is_in_one_state(usual: dict[str, Any]) -> None:
    adaptive = usual["scenarios"][2]

    states = [adaptive[name]["value"] for name in ("consensus", "mixed", "ambiguous", "open")]
    assert sum(states) == pytest.approx(1, abs=1e-5)


def test_other_assumptions_are_tried(usual: dict[str, Any]) -> None:
    supposed = usual["suppositions"]

    assert [(one["what"], one["value"]) for one in supposed] == [
        ("alpha", 0.358), ("alpha", 0.558), ("careless", 0.0), ("careless", 0.3),
    ]  # fmt: skip
    harder, easier = (one["scenarios"][1]["accuracy"] for one in supposed[:2])
    assert harder < easier


def test_nothing_is_said_of_a_learner_that_nothing_is_known_of(usual: dict[str, Any]) -> None:
    assert usual["learner"] is None


def test_weights_are_worth_more_the_more_are_careless() -> None:
    question = make_question(clips=600, scenarios=(Scenario(5),))
    gain = []
    for careless in (0.0, 0.5):
        crew = Crew(40, careless)
        played = play_all(question.difficulty, crew, question, range(2), lambda _share: None)
        right, majority = (played.figure(Scenario(5), name) for name in ("accuracy", "majority"))
        gain.append((right["value"] or 0) - (majority["value"] or 0))

    assert gain[1] > gain[0] + 0.02


def test_a_learner_gets_as_good_as_was_said_and_no_better() -> None:
    asked = {"reaches": 0.7, "strategies": ("margin",), "scenarios": (Scenario(3),), "clips": 300}

    by_chance, by_margin = told(**asked)["learner"]["curves"]

    assert (by_chance["strategy"], by_margin["strategy"]) == ("random", "margin")
    assert by_chance["labels"][-1] == 900
    assert 0.45 < by_chance["accuracy"][-1]["value"] < 0.75
    assert by_margin["of_random"]["value"] > 0


def test_a_pilots_own_vectors_are_learned_from() -> None:
    rng = np.random.default_rng(0)
    kind = np.arange(120) % 3
    vectors = rng.normal(size=(120, 5)).astype(np.float32)
    vectors[:, :3] += 4 * np.eye(3)[kind]
    seen = Seen(vectors, np.arange(120) // 3 % 8, 0.2 + 9 * np.eye(3)[kind])

    learner = told(seen=seen, scenarios=(Scenario(3),))["learner"]

    assert learner["curves"][0]["accuracy"][-1]["value"] > 0.85


def test_the_noise_lets_a_learner_get_as_good_as_asked() -> None:
    faces = of_alpha(0.458, 4)
    noise = noise_for(faces, 0.7)
    rng = np.random.default_rng(5)
    shares = draw_shares(faces, 3000, rng)
    vectors = draw_vectors(shares, np.arange(3000) // 10, noise, rng)

    learner = Sketch.fit(vectors[:2000], shares[:2000], np.ones(2000), seed=0)

    right = learner.predict_proba(vectors[2000:]).argmax(axis=1) == shares[2000:].argmax(axis=1)
    assert right.mean() == pytest.approx(0.7, abs=0.04)


def test_progress_goes_from_nothing_to_all() -> None:
    shares: list[float] = []
    question = make_question(clips=50, scenarios=(Scenario(1),))

    answer(question, lambda share, _message: shares.append(share))

    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_a_large_campaign_is_simulated_in_part() -> None:
    size = size_of(make_question(clips=100_000, crew=Crew(2000)))

    assert size.clips == 2000
    assert size.annotators == 40
    assert size_of(make_question()) == (300, 20)


def test_a_crew_that_slips_learns_like_one_with_more_careless() -> None:
    theta, eps = np.array([0.8, 1.0]), np.full((2, 3), 1 / 3)

    crowd = crowd_of(make_question(crew=Crew(40, 0.1, theta, eps)))

    assert crowd.careless == pytest.approx(0.1 + 0.9 * 0.1)


def test_more_labels_than_annotators_are_refused() -> None:
    question = make_question(crew=Crew(3))

    with pytest.raises(ValueError, match="more annotators than there are"):
        answer(question, lambda _share, _message: None)
