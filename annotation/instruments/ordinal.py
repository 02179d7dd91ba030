"""One step of an ordered scale: every step with its text, or points between two ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotation.instruments import options, summaries
from annotation.instruments.base import (
    Fields,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    number,
)
from annotation.instruments.checks import points, text, whole

NAME = "ordinal"
KEYS = {"levels", "points", "low", "high"}
REQUIRED = True
# Stored as numbers, read as categories: "1" is the lowest.
CATEGORY_AT = ""
ORDERED = True
POINTS = range(3, 12)


def define(question: Question) -> Question:
    """Return the question with its number of points, and either all texts or those of the ends.

    >>> define({"levels": ["never", "sometimes", "always"]})["points"]
    3
    >>> define({"points": 7, "low": "not at all", "high": "completely"})["high"]
    'completely'
    """
    given = question.get("levels")
    if given is not None:
        return _worded(question, given)
    n = points(question, 5, POINTS)
    missing = next((end for end in ("low", "high") if end not in question), None)
    if missing:
        raise InvalidQuestion(
            "{key}: say what this end of the scale means, or give levels, a text for each.",
            key=missing,
        )
    ends = {end: text(end, question[end]) for end in ("low", "high")}
    return {**question, "points": n, **ends}


def _worded(question: Question, levels: Any) -> Question:
    if not isinstance(levels, list) or len(levels) not in POINTS:
        raise InvalidQuestion(
            "levels: give a list of {fewest} to {most} texts, the lowest first.",
            fewest=POINTS[0],
            most=POINTS[-1],
        )
    if {"low", "high"} & set(question) or question.get("points", len(levels)) != len(levels):
        raise InvalidQuestion("levels: give these texts, or points with low and high, not both.")
    texts = [text("levels", level) for level in levels]
    if len({level.casefold() for level in texts}) < len(texts):
        raise InvalidQuestion("levels: each text must differ from the others.")
    return {**question, "levels": texts, "points": len(texts)}


def clean(question: Question, answer: Any, shown: Shown) -> int:
    """Return the number of the step, from 1 for the lowest."""
    del shown
    return whole(answer, 1, question["points"])


def read(question: Question, fields: Fields) -> Any:
    return number(fields, question["name"])


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `choices` from the lowest step, each {value, text, key}; text is "" between the ends."""
    del order
    n = question["points"]
    worded = question.get("levels") or [question["low"], *[""] * (n - 2), question["high"]]
    choices = [{"value": step, "text": text} for step, text in enumerate(worded, start=1)]
    return {**question, "choices": options.with_keys(choices)}


def categories(question: Question) -> list[dict[str, str]]:
    """Return the steps as {value, text}; those without a text are known by their number."""
    levels = question.get("levels")
    return [
        {"value": str(step), "text": levels[step - 1] if levels else str(step)}
        for step in range(1, question["points"] + 1)
    ]


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted median, and the evaluator-weighted mean with its spread.

    >>> aggregate({}, [Said(1, 1, 2), Said(1, 2, 5), Said(1, 3, 3)])[1]["median"]
    3.0
    """
    del question
    means = summaries.numbers(said)
    return {
        task: {**means[task], "n": len(answers), "median": _median(answers)}
        for task, answers in by_task(said).items()
    }


def _median(answers: Sequence[Said]) -> float | None:
    """Return the step with half of the weight on either side; between two, their mean."""
    ranked: list[tuple[int, float]] = sorted(
        (one.answer, one.weight) for one in answers if one.weight > 0
    )
    half = sum(weight for _, weight in ranked) / 2
    reached = 0.0
    for place, (step, weight) in enumerate(ranked):
        reached += weight
        if reached == half and place + 1 < len(ranked):
            return (step + ranked[place + 1][0]) / 2
        if reached >= half:
            return float(step)
    return None


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {"": answer}
