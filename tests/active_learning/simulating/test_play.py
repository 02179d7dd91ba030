"""A simulated campaign spends what it may, learns from nobody it is judged by, and repeats."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from active_learning.simulating import (
    ARMS,
    BEST_RANDOM,
    OURS,
    TODAY,
    Arm,
    Crowd,
    Length,
    Votes,
    World,
    play,
)


def two_kinds(clips: int = 120, people: int = 6) -> World:
    """Clips of two classes that one direction tells apart, nine votes in ten for the right one."""
    rng = np.random.default_rng(0)
    kind = np.arange(clips) % 2
    vectors = rng.normal(size=(clips, 4)).astype(np.float32)
    vectors[:, 0] += 3 * kind
    votes = np.where(np.eye(2, dtype=np.int64)[kind] == 1, 9, 1)
    return World(vectors, votes, np.arange(clips) // 2 % people)


@pytest.mark.parametrize("arm", ARMS, ids=lambda arm: arm.name)
def test_every_arm_spends_the_budget_and_learns(arm: Arm) -> None:
    world = two_kinds()

    curve = play(world, arm, world.held_out(0.34, 1), Length(60, 3), seed=1)

    assert curve.labels.tolist() == [20, 40, 60]
    assert curve.accuracy[-1] > 0.8


def test_the_same_seed_plays_the_same_campaign() -> None:
    world = two_kinds()
    test = world.held_out(0.34, 0)

    once, again = (play(world, OURS, test, Length(40, 2), seed=5) for _ in range(2))

    assert np.array_equal(once.log_loss, again.log_loss)


def test_labels_run_out_where_everybody_has_answered() -> None:
    world = two_kinds(clips=24)
    test = world.held_out(0.5, 0)

    curve = play(world, BEST_RANDOM, test, Length(1000, 2), seed=0)

    assert curve.labels[-1] == world.votes[~test].sum()


def test_what_the_test_people_say_changes_nothing_that_is_learned() -> None:
    world = two_kinds()
    test = world.held_out(0.34, 2)
    other = replace(world, votes=np.where(test[:, None], world.votes[:, ::-1], world.votes))

    honest = play(world, TODAY, test, Length(60, 2), seed=0)
    turned = play(other, TODAY, test, Length(60, 2), seed=0)

    assert turned.accuracy[-1] == pytest.approx(1 - honest.accuracy[-1])


def test_the_held_out_are_whole_people() -> None:
    world = two_kinds()

    test = world.held_out(0.34, 3)

    assert not set(world.groups[test]) & set(world.groups[~test])


def test_no_vote_is_given_twice() -> None:
    world = two_kinds(clips=4)
    votes = Votes(world, seed=0)

    given = votes.ask(0, 99)

    assert given == 10
    assert votes.counts[0].tolist() == world.votes[0].tolist()
    assert not votes.left[0]


def test_careless_annotators_weigh_less() -> None:
    world = two_kinds()
    votes = Votes(world, seed=1, crowd=Crowd(10, careless=0.3))
    for clip in range(len(world.votes)):
        votes.ask(clip, 8)

    right = world.votes > 5
    weighed = votes.weighed()

    assert weighed[right].sum() / weighed.sum() > votes.counts[right].sum() / votes.counts.sum()


def test_a_clip_without_a_vote_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a vote"):
        World(np.ones((1, 2), np.float32), np.zeros((1, 2), np.int64), np.zeros(1))


def test_adaptive_redundancy_asks_more_where_people_differ() -> None:
    world = two_kinds()
    unclear = np.arange(len(world.votes)) % 2 == 0
    votes = np.where(unclear[:, None], [3, 3, 3, 1], [0, 0, 0, 10])
    world = replace(world, votes=votes)
    test = world.held_out(0.34, 0)
    arm = Arm("adaptive", "random", labels=3, most=9, again=False, targets="posterior")

    labels = play(world, arm, test, Length(10_000, 6), seed=0).labels[-1]

    assert 3 * (~test).sum() < labels < 7 * (~test).sum()
