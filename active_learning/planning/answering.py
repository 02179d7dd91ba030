"""The whole answer to a researcher's question: figures, curves, advice, and other suppositions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from active_learning.planning import learning
from active_learning.planning.advising import advise
from active_learning.planning.campaigns import SAVED_BY, Played, Watch, play_all, size_of
from active_learning.planning.figures import figure, rounded, scaled
from active_learning.planning.judging import FIGURES
from active_learning.planning.questions import Effort, Question, Scenario
from active_learning.planning.supposing import repetitions_of, suppose
from active_learning.simulating import Crowd
from active_learning.threads import one_thread

VERSION = "1"
# How long each part takes, as a share of the whole, about.
COLLECTING, SUPPOSING, LEARNING = 0.25, 0.2, 0.55

Report = Callable[[float, str], None]


@one_thread()
def answer(question: Question, report: Report) -> dict[str, Any]:
    """Simulate the campaign and return the answer as plain values; the same seed, the same answer.

    Figures are `{value, low, high}`: the mean of the simulated campaigns, and between what the
    central 95 % of them lie. That is how differently one campaign may turn out if all that is
    assumed is so, not how wrong the assumptions may be; for that see `suppositions`.

    Raises:
        ValueError: a clip would need more annotators than there are.
    """
    if question.cap > question.crew.annotators:
        raise ValueError("A clip cannot be labelled by more annotators than there are.")
    learns = learning.learns(question)
    progress = _Progress(report, COLLECTING + SUPPOSING + learns * LEARNING)
    everybody = range(question.repetitions)
    collecting = progress.part(COLLECTING, "Campaigns are simulated.")
    played = play_all(question.difficulty, question.crew, question, everybody, collecting)
    supposing = progress.part(SUPPOSING, "Other assumptions are tried.")
    told = {
        "version": VERSION,
        "simulated": _simulated(question),
        "scenarios": [_scenario(question, played, way) for way in question.scenarios],
        "fixed": [_fixed(played, k) for k in range(1, question.cap + 1)],
        "advice": advise(question, played),
        "suppositions": suppose(question, supposing),
        "learner": None,
    }
    if learns:
        per_clip = {way: played.per_clip(way) for way in question.scenarios}
        watch = progress.part(LEARNING, "A learner is trained on simulated labels.")
        told["learner"] = learning.curves(question, per_clip, crowd_of(question), watch)
    return told


def crowd_of(question: Question) -> Crowd:
    """Return the crew as the engine has it: the slips of a pilot's people count as careless."""
    crew = question.crew
    slips = 0.0 if crew.theta is None else 1 - float(np.mean(crew.theta))
    careless = crew.careless + (1 - crew.careless) * slips
    return Crowd(size_of(question).annotators, careless)


def _simulated(question: Question) -> dict[str, Any]:
    size = size_of(question)
    return {
        "clips": size.clips,
        "annotators": size.annotators,
        "repetitions": question.repetitions,
        "learner_repetitions": question.learner_repetitions,
        "supposed_repetitions": repetitions_of(question),
        "alpha": rounded(question.difficulty.alpha),
        "s": rounded(question.difficulty.s),
        "base_rate": [rounded(share) for share in question.difficulty.m],
        "seed": question.seed,
    }


def _scenario(question: Question, played: Played, way: Scenario) -> dict[str, Any]:
    per_clip = played.figure(way, "per_clip")
    labels = scaled(per_clip, question.clips)
    told: dict[str, Any] = {
        "least": way.least,
        "most": way.most,
        "labels": labels,
        "cost": scaled(labels, cost_of_label(question.effort)),
        "days": scaled(labels, 1 / (question.crew.annotators * question.effort.labels_per_day)),
        **{name: played.figure(way, name) for name in FIGURES},
    }
    if way.most is not None:
        told["equal"] = {by: figure(played.equal(way, by)) for by in SAVED_BY}
        told["saved"] = {by: figure(played.saved(way, by)) for by in SAVED_BY}
    return told


def cost_of_label(effort: Effort) -> float:
    """Return what one label costs.

    >>> cost_of_label(Effort(labels_per_day=100, seconds_per_label=12, pay_per_hour=9))
    0.03
    """
    return effort.seconds_per_label * effort.pay_per_hour / 3600


def _fixed(played: Played, k: int) -> dict[str, Any]:
    way = Scenario(k)
    return {"k": k, **{name: played.figure(way, name) for name in FIGURES}}


class _Progress:
    """How far the whole is, from how far its parts are."""

    def __init__(self, report: Report, whole: float) -> None:
        self.report, self.whole, self.done = report, whole, 0.0

    def part(self, weight: float, message: str) -> Watch:
        def watch(share: float) -> None:
            self.done += share * weight / self.whole
            self.report(min(self.done, 1.0), message)

        return watch
