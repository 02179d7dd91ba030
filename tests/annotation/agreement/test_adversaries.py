"""The seven adversaries, and the people whom none of the alarms may touch.

Drawn as in `benchmarks.adversaries`: clips from Dir(m) with s = 1, m skewed so that the constant
answer is the commonest, five labels a clip; people who look miss one clip in ten.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from annotation.agreement.answers import Floats
from annotation.agreement.dissent import Publish, by_group
from annotation.agreement.reading import in_their_own_way
from annotation.agreement.selection import choose, worth_comparing
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.spam_reading import SpamReading
from benchmarks._adversaries import DRIFT, MARGINALS, Drawn, draw
from benchmarks._adversaries import auc as area
from benchmarks.adversaries import (
    MEETING,
    MEETINGS,
    by_others,
    crowd,
    fading,
    flagged,
    separation,
    weighed,
)
from tests.annotation.agreement.real_data import vote_table

SEEDS = range(3)
CLASSES = sorted(MARGINALS)
BLIND = ["uniform", "constant", "mimic"]
COPYING = [("group", 3), ("group", 4), ("group", 5), ("copier", 1)]


@cache
def named(profile: str, of_them: int, k: int, seed: int) -> tuple[Drawn, dict[str, set[int]]]:
    """Draw twenty annotators with 300 labels each, and return whom each alarm names."""
    drawn = draw(crowd(profile, people=MEETING, of_them=of_them), MEETINGS, k=k, seed=seed)
    return drawn, {alarm: set(who.tolist()) for alarm, who in flagged(drawn).items()}


def share_found(alarm: str, profile: str, of_them: int = 4) -> tuple[float, int]:
    """Return the share of a profile that an alarm names, and how many others it names."""
    found, there, others = 0, 0, 0
    for k in CLASSES:
        for seed in SEEDS:
            drawn, alarms = named(profile, of_them, k, seed)
            # The labels do not tell who copies and who is copied.
            own = set(drawn.who(profile).tolist()) | ({0} if profile == "copier" else set())
            found += len(alarms[alarm] & own)
            there += len(own)
            others += len(alarms[alarm] - own)
    return found / there, others


@pytest.mark.parametrize("k", CLASSES)
@pytest.mark.parametrize("profile", BLIND)
def test_after_fifty_labels_reliability_tells_who_does_not_look(profile: str, k: int) -> None:
    assert np.mean([separation(profile, 50, k, seed) for seed in range(5)]) >= 0.95


@pytest.mark.parametrize("profile", BLIND)
def test_it_does_so_on_the_distributions_of_recorded_votes(profile: str) -> None:
    shares = recorded_shares()
    found = []
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(len(shares))
        drawn = draw(crowd(profile), 50, shares=shares[order], seed=seed)
        value = SpamMixture().fit(drawn.answers).reliability.value
        found.append(area(value[drawn.who("honest")], value[drawn.who(profile)]))

    assert np.mean(found) >= 0.95


@pytest.mark.parametrize("profile", ["uniform", "mimic", "drift"])
def test_who_stops_looking_is_named_by_the_running_test(profile: str) -> None:
    found, others = share_found("fatigue", profile)

    assert found >= 0.95
    assert others <= 1


def test_drift_is_not_found_before_it_began() -> None:
    for k in CLASSES:
        drawn, _ = named("drift", 4, k, 0)
        test = fading(drawn, in_their_own_way(drawn.answers, by_others(drawn)[0]))
        own = drawn.who("drift")

        assert test.alarm[own].min() >= DRIFT[0] * MEETINGS
        assert test.began[own].min() >= 0.9 * DRIFT[0] * MEETINGS


def test_one_answer_to_everything_is_named_by_its_runs() -> None:
    assert share_found("straight_lining", "constant") == (1.0, 0)


@pytest.mark.parametrize(("profile", "of_them"), COPYING)
def test_who_copies_is_found_and_nobody_else(profile: str, of_them: int) -> None:
    found, others = share_found("collusion", profile, of_them)

    assert found >= 0.9
    assert others == 0


def test_who_says_what_the_learner_says_is_found_and_nobody_else() -> None:
    assert share_found("copying", "model") == (1.0, 0)


@pytest.mark.parametrize("profile", ["group", "model"])
def test_whom_no_aggregator_tells_apart_an_alarm_does(profile: str) -> None:
    """Copies agree with each other, and the learner with everybody: both look most reliable."""
    assert separation(profile, 100, 5, 0) < 0.5
    assert share_found("collusion" if profile == "group" else "copying", profile)[0] >= 0.9


@pytest.mark.parametrize("profile", [*BLIND, "drift", "group", "model", "minority"])
def test_hardly_anybody_who_looks_is_named_by_any_alarm(profile: str) -> None:
    accused, there = 0, 0
    for k in CLASSES:
        for seed in SEEDS:
            drawn, alarms = named(profile, 4, k, seed)
            innocent = set(drawn.who("honest").tolist())
            accused += len(innocent & set().union(*alarms.values()))
            there += len(innocent)

    assert accused <= 0.02 * there


def test_hardly_anybody_who_reads_a_class_otherwise_is_named_by_any_alarm() -> None:
    for alarm in ("fatigue", "straight_lining", "collusion", "copying"):
        assert share_found(alarm, "minority")[0] <= 0.05


@pytest.mark.parametrize("k", CLASSES)
@pytest.mark.parametrize("raters", [6, 8, 10])
def test_with_readings_of_their_own_a_minority_keeps_its_weight(k: int, raters: int) -> None:
    """Of forty; the mixture alone leaves them .63 to .82."""
    ratios = [weighed(SpamReading(), k, raters, seed).ratio[1] for seed in SEEDS]

    assert np.mean(ratios) >= 0.8


@pytest.mark.parametrize("k", CLASSES)
def test_what_a_campaign_chooses_leaves_a_minority_its_weight(k: int) -> None:
    drawn = draw(crowd("minority", of_them=8), 100, k=k)
    group = (np.array(drawn.profile) == "minority").astype(np.int64)

    chosen = choose(drawn.answers, worth_comparing(len(drawn.answers)))

    assert by_group(drawn.answers, chosen.fit.weights, group, 2).ratio[1] >= 0.8


@pytest.mark.parametrize("k", [4, 5])
def test_where_the_mixture_takes_it_distributions_are_published_by_group(k: int) -> None:
    for seed in SEEDS:
        found = weighed(SpamMixture(), k, 8, seed)

        assert found.ratio[1] < 0.8
        assert found.verdicts() == [Publish.TOGETHER, Publish.BY_GROUP]


def recorded_shares() -> Floats:
    """Return the shares of six emotions in the votes on CREMA-D's clips, face and voice."""
    votes = vote_table("crema_d/votes.csv", list("NADFHS"), modality="audiovisual")
    shares: Floats = votes / votes.sum(axis=1, keepdims=True)
    return shares
