"""How good a learner gets in a planned campaign, round by round."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from active_learning.learners import fit_reduction
from active_learning.planning.difficulty import draw_shares
from active_learning.planning.figures import Figure, figure, rounded
from active_learning.planning.questions import Question, Scenario, Seen
from active_learning.planning.vectors import draw_vectors, noise_for
from active_learning.simulating import Arm, Crowd, Curve, Length, World, play
from active_learning.simulating.reaching import needed
from active_learning.simulating.world import Mask
from annotation.agreement.aggregation import row_shares

MOST_CLIPS, JUDGES, JUDGED_EACH = 800, 60, 10
ROUNDS = 6
KNOWN = 200  # Votes that stand for what everybody would say of a clip to judge by.
LEAST_SEEN, HELD_OUT = 60, 0.3
RESAMPLES = 400
RANDOM = "random"

Watch = Callable[[float], None]
Draw = Callable[[int], tuple[World, Mask]]


@dataclass(frozen=True)
class Way:
    """A scenario, and what makes a clip worth asking about first."""

    scenario: Scenario
    strategy: str


def learns(question: Question) -> bool:
    """Whether anything is known of how well clips can be told apart."""
    return question.reaches is not None or enough_seen(question.seen)


def enough_seen(seen: Seen | None) -> bool:
    """Whether a pilot's clips are enough to learn from some people and be judged by others."""
    return seen is not None and len(seen.alphas) >= LEAST_SEEN and len(set(seen.groups)) > 1


def curves(
    question: Question, per_clip: Mapping[Scenario, float], crowd: Crowd, watch: Watch
) -> dict[str, Any]:
    """Return the learner's accuracy by labels, each scenario and strategy a curve.

    `per_clip` is what each scenario spends on a clip. The campaigns are paired: in each repetition
    all ways meet the same clips, people and answers.
    """
    draw = _seen(question) if enough_seen(question.seen) else _synthetic(question)
    ways = [Way(s, name) for s in question.scenarios for name in (RANDOM, *question.strategies)]
    played: dict[Way, list[Curve]] = {way: [] for way in ways}
    for number in range(question.learner_repetitions):
        world, test = draw(number)
        for way in ways:
            budget = round(per_clip[way.scenario] * int((~test).sum()))
            length, seed = Length(budget, ROUNDS), question.seed * 1000 + number
            played[way].append(play(world, _arm(way), test, length, seed=seed, crowd=crowd))
            watch(1 / (len(ways) * question.learner_repetitions))
    pool = int((~test).sum())
    seen = enough_seen(question.seen)
    return {"clips": pool, "seen": seen, "curves": [_told(question, way, played) for way in ways]}


def _arm(way: Way) -> Arm:
    least, most = way.scenario
    return Arm(str(way), way.strategy, labels=least, most=most, again=False)


def _told(question: Question, way: Way, played: Mapping[Way, list[Curve]]) -> dict[str, Any]:
    mine, by_chance = played[way], played[Way(way.scenario, RANDOM)]
    accuracy: list[Figure] = [
        figure([float(curve.accuracy[at]) for curve in mine]) for at in range(ROUNDS)
    ]
    return {
        "scenario": question.scenarios.index(way.scenario),
        "strategy": way.strategy,
        "labels": [rounded(n) for n in np.mean([curve.labels for curve in mine], axis=0)],
        "accuracy": accuracy,
        "of_random": None if way.strategy == RANDOM else _share_needed(mine, by_chance),
    }


def _share_needed(mine: Sequence[Curve], by_chance: Sequence[Curve]) -> Figure:
    """Return the labels to get as far as by chance, over those that chance needed.

    Of the mean curves; the interval is over repetitions, drawn anew with replacement.
    """
    rng, again = np.random.default_rng(0), []
    for _ in range(RESAMPLES):
        drawn = rng.integers(0, len(mine), len(mine))
        again.append(_ratio([mine[i] for i in drawn], [by_chance[i] for i in drawn]))
    low, high = np.quantile(again, [0.025, 0.975])
    value = _ratio(mine, by_chance)
    return {"value": rounded(value), "low": rounded(low), "high": rounded(high)}


def _ratio(mine: Sequence[Curve], by_chance: Sequence[Curve]) -> float:
    one, other = _mean(mine), _mean(by_chance)
    goal = float(other.accuracy[-1])
    of_chance = needed(other, goal) or float(other.labels[-1])
    return (needed(one, goal) or float(one.labels[-1])) / of_chance


def _mean(of: Sequence[Curve]) -> Curve:
    labels, accuracy, log_loss = (np.mean([c[i] for c in of], axis=0) for i in range(3))
    return Curve(labels, accuracy, log_loss)


def _synthetic(question: Question) -> Draw:
    """Clips drawn like the collection's, and others, of other people, to judge by."""
    noise = noise_for(question.difficulty, question.reaches or 0.0, question.seed)
    clips = min(question.clips, MOST_CLIPS)
    people = max(2, min(question.people, clips))

    def draw(number: int) -> tuple[World, Mask]:
        rng = np.random.default_rng([question.seed, number])
        test = np.arange(clips + JUDGES * JUDGED_EACH) >= clips
        shares = draw_shares(question.difficulty, len(test), rng)
        number_of = np.arange(len(test))
        groups = np.where(test, people + number_of % JUDGES, number_of % people)
        votes = rng.multinomial(np.where(test, KNOWN, question.cap), shares)
        vectors = draw_vectors(shares, groups, noise, rng)
        return World(vectors, votes, groups), test

    return draw


def _seen(question: Question) -> Draw:
    """The pilot's own clips, with distributions drawn from what its labels leave open."""
    seen = question.seen
    assert seen is not None  # noqa: S101 - `enough_seen` was asked.
    kept = np.random.default_rng(question.seed).permutation(len(seen.alphas))[: 2 * MOST_CLIPS]
    reduced = fit_reduction(seen.vectors[kept], question.seed)(seen.vectors[kept])
    vectors = reduced.astype(np.float32)

    def draw(number: int) -> tuple[World, Mask]:
        rng = np.random.default_rng([question.seed, number])
        shares = row_shares(np.maximum(rng.standard_gamma(seen.alphas[kept]), 1e-300))
        whole = World(vectors, rng.multinomial(KNOWN, shares), seen.groups[kept])
        test = whole.held_out(HELD_OUT, number)
        votes = np.where(test[:, None], whole.votes, rng.multinomial(question.cap, shares))
        return World(vectors, votes, whole.groups), test

    return draw
