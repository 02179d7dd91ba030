"""Several options, each with its own intensity. Untouched is null, and is not "not at all"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.instruments import options, summaries
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    number,
)
from annotation.instruments.checks import parts, points, text, whole

NAME = "graded-choices"
KEYS = options.KEYS | {"points", "levels"}
REQUIRED = True
CATEGORY_AT = None
FEWEST, MOST = 2, 40
POINTS = range(2, 8)
NOT_AT_ALL = "not at all"
# The three of the Earkick ABAW 2023 study, thinned or widened.
LEVELS = {
    2: ["a little", "extremely"],
    3: ["a little", "moderate", "extremely"],
    4: ["a little", "moderate", "very", "extremely"],
    5: ["a little", "somewhat", "moderate", "very", "extremely"],
}


def define(question: Question) -> Question:
    """Return the question with its options, its number of points and a text for each.

    >>> define({"options": ["joy", "anger"]})["levels"]
    ['a little', 'moderate', 'extremely']
    """
    given = question.get("levels")
    n = points(question, len(given) if isinstance(given, list) else 3, POINTS)
    levels = LEVELS.get(n) if given is None else given
    if not isinstance(levels, list) or len(levels) != n:
        raise InvalidQuestion(
            "levels: give a list of {n} texts, from the weakest to the most.", n=n
        )
    texts = [text("levels", level) for level in levels]
    return {**options.define(question, FEWEST, MOST), "points": n, "levels": texts}


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, int | None]:
    """Return the intensity of every option, null where it was left untouched."""
    del shown
    known = options.values(question)
    given = parts(answer, known)
    graded = {
        value: None
        if given.get(value) is None
        else whole(given[value], 0, question["points"], name=value)
        for value in known
    }
    if question["required"] and all(level is None for level in graded.values()):
        raise InvalidAnswer("Say of at least one option how strong it is.")
    return graded


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in the fields `<question>.<option>`; an empty one is untouched."""
    name = question["name"]
    given = {value: number(fields, f"{name}.{value}") for value in options.values(question)}
    return None if all(level is None for level in given.values()) else given


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `choices`, in the annotator's order, and `steps` from 0, each {value, text}."""
    worded = [NOT_AT_ALL, *question["levels"]]
    steps = [{"value": level, "text": text} for level, text in enumerate(worded)]
    return {**question, "choices": options.ordered(question, order), "steps": steps}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return of each option who touched it: how many, their mean, the share who said above 0.

    >>> question = {"options": [{"value": "joy", "text": "Joy"}]}
    >>> aggregate(question, [Said(1, 1, {"joy": 3}), Said(1, 2, {"joy": None})])
    {1: {'n': 2, 'options': {'joy': {'n': 1, 'mean': 3.0, 'share': 1.0}}}}
    """
    values = options.values(question)
    rows = [[one.answer[value] for value in values] for one in said]
    table = np.array(rows, dtype=float).reshape(-1, len(values))
    found = summaries.per_part(said, values, table)
    counts = {task: len(answers) for task, answers in by_task(said).items()}
    return {task: {"n": counts[task], "options": of} for task, of in found.items()}


def cells(question: Question, answer: Any) -> dict[str, Any]:
    return {value: (answer or {}).get(value) for value in options.values(question)}
