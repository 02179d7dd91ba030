"""Which of two clips is more so, or neither: one comparison of a design."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotation.instruments import places, summaries
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    only,
)

NAME = "pairwise"
KEYS = {"tie"}
REQUIRED = True
CATEGORY_AT = None
# How many clips a task of such a question shows.
CLIPS = 2
TIE = "tie"


def define(question: Question) -> Question:
    """Return the question with whether a tie may be said.

    >>> define({"prompt": "Who is happier?"})["tie"]
    True
    """
    tie = question.get("tie", True)
    if not isinstance(tie, bool):
        raise InvalidQuestion("tie: say true or false.")
    return {**question, "tie": tie}


def clean(question: Question, answer: Any, shown: Shown) -> str:
    """Return the place of the clip that was chosen, or "tie"."""
    if answer == TIE and not question["tie"]:
        raise InvalidAnswer("This question has no tie. Choose first or second.")
    return places.place(answer, shown, *([TIE] if question["tie"] else []))


def read(question: Question, fields: Fields) -> str | None:
    return only(fields, question["name"])


def draw(question: Question, order: Sequence[str]) -> Question:
    return {**question, "choices": places.choices(CLIPS, order)}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted share of each place and of ties, comparison by comparison."""
    ties = [TIE] if question["tie"] else []
    return summaries.shares(said, [*places.PLACES[:CLIPS], *ties])


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {"": answer}
