"""What a plan would say if its assumptions were others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from active_learning.planning.campaigns import Played, Watch, play_all
from active_learning.planning.crews import Crew
from active_learning.planning.difficulty import Difficulty
from active_learning.planning.figures import rounded
from active_learning.planning.questions import Question

MOST_REPETITIONS = 8
ALPHA_STEP, CARELESS_STEP = 0.1, 0.1
LEAST_ALPHA, MOST_ALPHA, MOST_CARELESS = 0.05, 0.95, 0.6


def suppose(question: Question, watch: Watch) -> list[dict[str, Any]]:
    """Return, for each other assumption, the means of what each scenario comes to.

    Alpha .1 lower and higher, nobody careless, and .1 more of them: how far the plan hangs on what
    nobody knows beforehand, which no interval over simulations tells.
    """
    others, told = list(_others(question)), []
    for what, value, difficulty, crew in others:
        played = play_all(
            difficulty,
            crew,
            question,
            range(repetitions_of(question)),
            lambda share: watch(share / len(others)),
        )
        rows = [_row(played, number, question) for number in range(len(question.scenarios))]
        told.append({"what": what, "value": rounded(value), "scenarios": rows})
    return told


def repetitions_of(question: Question) -> int:
    """Return how many campaigns a mean is taken of: it needs fewer than an interval."""
    return min(MOST_REPETITIONS, question.repetitions)


def _others(question: Question) -> Iterator[tuple[str, float, Difficulty, Crew]]:
    alpha, crew = question.difficulty.alpha, question.crew
    for other in (alpha - ALPHA_STEP, alpha + ALPHA_STEP):
        if LEAST_ALPHA <= other <= MOST_ALPHA:
            yield "alpha", other, Difficulty(other, question.difficulty.m), crew
    for careless in (0.0, crew.careless + CARELESS_STEP):
        if careless <= MOST_CARELESS and careless != crew.careless:
            yield "careless", careless, question.difficulty, replace(crew, careless=careless)


def _row(played: Played, number: int, question: Question) -> dict[str, float | None]:
    way = question.scenarios[number]
    accuracy = played.figure(way, "accuracy")["value"]
    saved = None if way.most is None else rounded(np.mean(played.saved(way, "accuracy")).item())
    per_clip = played.per_clip(way)
    return {"labels": rounded(per_clip * question.clips), "accuracy": accuracy, "saved": saved}
