"""How sure the annotator is, on a few points. Untouched is null, never a default."""

from __future__ import annotations

from reprlib import repr as short
from typing import Any

from annotation.instruments.errors import InvalidAnswer, InvalidQuestion

NAME = "confidence"
CATEGORICAL = False
KEYS = {"points"}
POINTS = range(3, 10)


def define(question: dict[str, Any]) -> dict[str, Any]:
    """Return the question with its number of points.

    >>> define({"prompt": "How sure are you?"})["points"]
    5
    """
    points = question.get("points", 5)
    if points not in POINTS or isinstance(points, bool):
        most = POINTS.stop - 1
        raise InvalidQuestion(f"points: give {POINTS.start} to {most}, not {short(points)}.")
    return {**question, "points": points}


def clean(question: dict[str, Any], answer: Any) -> int | None:
    """Return the point chosen, or None where none was."""
    if answer is None:
        return None
    if isinstance(answer, bool) or not isinstance(answer, int):
        most = question["points"]
        raise InvalidAnswer(f"{short(answer)} is not a whole number from 1 to {most}.")
    if not 1 <= answer <= question["points"]:
        raise InvalidAnswer(f"{short(answer)} is not between 1 and {question['points']}.")
    return answer
