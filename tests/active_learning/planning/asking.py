"""Small questions, quick to answer."""

from __future__ import annotations

from typing import Any

from active_learning.planning.crews import Crew
from active_learning.planning.difficulty import of_alpha
from active_learning.planning.questions import Effort, Question, Scenario

EFFORT = Effort(labels_per_day=200, seconds_per_label=12, pay_per_hour=9)


def make_question(**changes: Any) -> Question:
    """Return a question about faces, twenty annotators and a fifth of them careless."""
    asked: dict[str, Any] = {
        "clips": 300,
        "people": 20,
        "difficulty": of_alpha(0.458, 3),
        "crew": Crew(20, 0.2),
        "effort": EFFORT,
        "scenarios": (Scenario(2), Scenario(4), Scenario(2, 5)),
        "repetitions": 2,
        "learner_repetitions": 2,
    }
    return Question(**(asked | changes))
