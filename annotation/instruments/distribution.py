"""A hundred points shared out among the options: a mixture, said as one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from annotation.instruments import options, summaries
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    number,
)
from annotation.instruments.checks import parts, whole

NAME = "distribution"
KEYS = options.KEYS
REQUIRED = True
CATEGORY_AT = None
FEWEST, MOST = 2, 40
TOTAL = 100


def define(question: Question) -> Question:
    """Return the question with every option as {value, text}.

    >>> len(define({"preset": "ekman"})["options"])
    7
    """
    return options.define(question, FEWEST, MOST)


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, int]:
    """Return the points of every option, 0 where none were given; they sum to 100."""
    del shown
    known = options.values(question)
    given = parts(answer, known)
    shared = {
        value: 0 if given.get(value) is None else whole(given[value], 0, TOTAL, name=value)
        for value in known
    }
    total = sum(shared.values())
    if total != TOTAL:
        raise InvalidAnswer(
            "The points sum to {sum}. Share out {total}, no more and no less.",
            sum=total,
            total=TOTAL,
        )
    return shared


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in the fields `<question>.<option>`; no points at all are no answer."""
    name = question["name"]
    given = {value: number(fields, f"{name}.{value}") for value in options.values(question)}
    return given if any(given.values()) else None


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `choices` in the annotator's order, and the `total` to share out."""
    return {**question, "choices": options.ordered(question, order), "total": TOTAL}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted mean distribution and its entropy, task by task.

    >>> question = define({"options": ["joy", "calm"]})
    >>> said = [Said(1, 1, {"joy": 60, "calm": 40}), Said(1, 2, {"joy": 100, "calm": 0})]
    >>> aggregate(question, said)[1]["distribution"]
    {'joy': 0.8, 'calm': 0.2}
    """
    values = options.values(question)
    return {task: _mean(answers, values) for task, answers in by_task(said).items()}


def _mean(answers: Sequence[Said], values: list[str]) -> Summary:
    weights = np.array([one.weight for one in answers])
    points = np.array([[one.answer[value] for value in values] for one in answers])
    sums = dict(zip(values, (weights @ points).tolist(), strict=True))
    return {"n": len(answers), **summaries.distribution(sums)}


def cells(question: Question, answer: Any) -> dict[str, Any]:
    return {value: (answer or {}).get(value) for value in options.values(question)}
