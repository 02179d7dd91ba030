"""What a worker does for a plan: turns its question into the simulator's, and runs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from active_learning import pilots
from active_learning.pilots import Pilot
from active_learning.planning.answering import Report, answer
from active_learning.planning.crews import Crew
from active_learning.planning.difficulty import CORPORA, Difficulty, of_alpha
from active_learning.planning.questions import Effort, Question, Scenario
from active_learning.plans import ALPHA
from annotation.models import Campaign


def foresee(asked: Mapping[str, Any], pilot: Campaign | None, report: Report) -> dict[str, Any]:
    """Answer what `AskSerializer` let through; the same question gets the same answer.

    Raises:
        PlanFailedError: the pilot says too little.
    """
    learns = bool(asked["strategies"])
    seen = pilots.read(pilot, report, with_vectors=learns) if pilot else None
    return answer(_question(asked, seen), report)


def _question(asked: Mapping[str, Any], pilot: Pilot | None) -> Question:
    crew = asked["annotators"], asked["careless"]
    return Question(
        clips=asked["clips"],
        people=asked["people"],
        difficulty=pilot.difficulty if pilot else _difficulty(asked),
        crew=Crew(*crew, pilot.theta, pilot.eps) if pilot else Crew(*crew),
        effort=Effort(asked["labels_per_day"], asked["seconds_per_label"], asked["pay_per_hour"]),
        scenarios=tuple(Scenario(one["least"], one["most"]) for one in asked["scenarios"]),
        strategies=tuple(asked["strategies"]),
        reaches=asked["learner_reaches"] if asked["strategies"] else None,
        seen=pilot.seen if pilot else None,
        repetitions=asked["repetitions"],
        learner_repetitions=min(asked["repetitions"], Question.learner_repetitions),
        seed=asked["seed"],
    )


def _difficulty(asked: Mapping[str, Any]) -> Difficulty:
    if asked["difficulty"] == ALPHA:
        return of_alpha(asked["alpha"], asked["classes"], asked["commonest"])
    corpus = CORPORA[asked["difficulty"]]
    return of_alpha(corpus.anchor.alpha, corpus.anchor.n_categories, corpus.commonest)
