"""How sure the annotator is, on a few points. Untouched is null, never a default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotation.instruments import summaries
from annotation.instruments.base import (
    Fields,
    Question,
    Said,
    Shown,
    Summary,
    number,
)
from annotation.instruments.checks import points, whole

NAME = "confidence"
KEYS = {"points"}
REQUIRED = False
CATEGORY_AT = None
POINTS = range(3, 10)


def define(question: Question) -> Question:
    """Return the question with its number of points.

    >>> define({"prompt": "How sure are you?"})["points"]
    5
    """
    return {**question, "points": points(question, 5, POINTS)}


def clean(question: Question, answer: Any, shown: Shown) -> int:
    """Return the point chosen."""
    del shown
    return whole(answer, 1, question["points"])


def read(question: Question, fields: Fields) -> Any:
    return number(fields, question["name"])


def draw(question: Question, order: Sequence[str]) -> Question:
    del order
    return {**question, "choices": [str(n + 1) for n in range(question["points"])]}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the mean confidence, task by task."""
    del question
    return summaries.numbers(said)


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {"": answer}
