"""One option out of several."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotation.instruments import options, summaries
from annotation.instruments.base import Fields, Question, Said, Shown, Summary, only

NAME = "single-choice"
KEYS = options.KEYS
REQUIRED = True
CATEGORY_AT = ""
FEWEST, MOST = 2, 12


def define(question: Question) -> Question:
    """Return the question with every option as {value, text}.

    >>> define({"options": ["joy", {"value": "sad", "text": "Sadness"}]})["options"]
    [{'value': 'joy', 'text': 'joy'}, {'value': 'sad', 'text': 'Sadness'}]
    """
    return options.define(question, FEWEST, MOST)


def clean(question: Question, answer: Any, shown: Shown) -> str:
    """Return the option that was chosen."""
    del shown
    return options.chosen(question, answer)


def read(question: Question, fields: Fields) -> str | None:
    return only(fields, question["name"])


def draw(question: Question, order: Sequence[str]) -> Question:
    return {**question, "choices": options.ordered(question, order)}


def categories(question: Question) -> list[dict[str, str]]:
    return options.texts(question)


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted share of each option, task by task."""
    return summaries.shares(said, options.values(question))


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {"": answer}
