"""The main category and, where there is one, a second beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from annotation.instruments import options, summaries
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
from annotation.instruments.checks import parts

NAME = "primary-secondary"
KEYS = options.KEYS
REQUIRED = True
CATEGORY_AT = "primary"
FEWEST, MOST = 2, 40
PARTS = ("primary", "secondary")


def define(question: Question) -> Question:
    """Return the question with every option as {value, text}.

    >>> len(define({"preset": "goemotions"})["options"])
    28
    """
    return options.define(question, FEWEST, MOST)


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, str | None]:
    """Return the two options; the second is null where there is none."""
    del shown
    given = parts(answer, PARTS)
    if given.get("primary") is None:
        raise InvalidAnswer("primary: choose the main one first.")
    primary = options.chosen(question, given["primary"])
    if given.get("secondary") is None:
        return {"primary": primary, "secondary": None}
    secondary = options.chosen(question, given["secondary"])
    if secondary == primary:
        raise InvalidAnswer("secondary: choose another one than the main one, or none.")
    if any(o["value"] == secondary and o.get("extra") for o in question["options"]):
        raise InvalidAnswer(
            "secondary: {given} can only stand alone. Choose another one.", given=repr(secondary)
        )
    return {"primary": primary, "secondary": secondary}


def read(question: Question, fields: Fields) -> dict[str, str | None] | None:
    """Return the answer in the fields `<question>.primary` and `<question>.secondary`."""
    given = {part: only(fields, f"{question['name']}.{part}") for part in PARTS}
    return given if any(given.values()) else None


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `choices` in the annotator's order, and `seconds`, those without the ways out."""
    choices = options.ordered(question, order)
    seconds = [choice for choice in choices if not choice.get("extra")]
    return {**question, "choices": choices, "seconds": seconds}


def categories(question: Question) -> list[dict[str, str]]:
    return options.texts(question)


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted share of each main option, and of each pair that was said.

    >>> question = define({"options": ["joy", "calm"]})
    >>> found = aggregate(question, [Said(1, 1, {"primary": "joy", "secondary": "calm"})])
    >>> found[1]["distribution"], found[1]["pairs"]
    ({'joy': 1.0, 'calm': 0.0}, [{'primary': 'joy', 'secondary': 'calm', 'share': 1.0}])
    """
    values = options.values(question)
    primary = summaries.shares(said, values, itemgetter("primary"))
    return {
        task: {**primary[task], "pairs": _pairs(answers)} for task, answers in by_task(said).items()
    }


def _pairs(answers: Sequence[Said]) -> list[dict[str, Any]]:
    """Return the pairs, the most frequent first; who named one option alone makes no pair."""
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for one in answers:
        if one.answer["secondary"] is not None:
            sums[one.answer["primary"], one.answer["secondary"]] += one.weight
    total = sum(one.weight for one in answers)
    ordered = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    return [
        {"primary": first, "secondary": second, "share": summaries.rounded(weight / total)}
        for (first, second), weight in ordered
        if total
    ]


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {part: (answer or {}).get(part) for part in PARTS}
