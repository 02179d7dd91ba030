"""Which of four clips is most so and which least: one four of a best-worst design."""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import repr as short
from typing import Any

from annotation.instruments import places
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    only,
)

NAME = "best-worst"
KEYS: set[str] = set()
REQUIRED = True
CATEGORY_AT = None
# How many clips a task of such a question shows.
CLIPS = 4
PARTS = ("best", "worst")
DIGITS = 6


def define(question: Question) -> Question:
    return dict(question)


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, str]:
    """Return the places of the two clips that were chosen."""
    del question
    if not isinstance(answer, dict) or set(answer) != set(PARTS):
        raise InvalidAnswer(
            '{given} is not a pair {"best": place, "worst": place}.', given=short(answer)
        )
    best, worst = (places.place(answer[part], shown) for part in PARTS)
    if best == worst:
        raise InvalidAnswer("The same clip cannot be both. Choose another one as best or worst.")
    return {"best": best, "worst": worst}


def read(question: Question, fields: Fields) -> dict[str, str | None] | None:
    """Return what was chosen in a plain form, half an answer too: `clean` names what it lacks."""
    parts = {part: only(fields, f"{question['name']}.{part}") for part in PARTS}
    return parts if any(parts.values()) else None


def draw(question: Question, order: Sequence[str]) -> Question:
    return {**question, "choices": places.choices(CLIPS, order)}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return how much more of the weight called each place best than worst, four by four."""
    del question
    return {task: _balance(answers) for task, answers in by_task(said).items()}


def _balance(answers: Sequence[Said]) -> Summary:
    total = sum(one.weight for one in answers)
    balance = dict.fromkeys(places.PLACES[:CLIPS], 0.0)
    for one in answers:
        balance[one.answer["best"]] += one.weight
        balance[one.answer["worst"]] -= one.weight
    shares = {
        place: round(more / total, DIGITS) if total else 0.0 for place, more in balance.items()
    }
    return {"n": len(answers), "balance": shares}


def cells(question: Question, answer: Any) -> dict[str, Any]:
    """Return a column for the best and one for the worst."""
    del question
    return {part: answer and answer[part] for part in PARTS}
