"""Valence and arousal with one touch on a grid of nine by nine.

Source: Russell, Weiss & Mendelsohn (1989), "Affect Grid: a single-item scale of pleasure and
arousal".
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from annotation.instruments import summaries
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    Question,
    Said,
    Shown,
    Summary,
    number,
    only,
)
from annotation.instruments.checks import parts, whole

NAME = "affect-grid"
KEYS: set[str] = set()
REQUIRED = True
CATEGORY_AT = None
PARTS = ("valence", "arousal")
SIZE = 9
# What the sides and the corners of the published grid say.
ENDS = {
    "valence": {"low": "unpleasant feelings", "high": "pleasant feelings"},
    "arousal": {"low": "sleepiness", "high": "high arousal"},
}
CORNERS = {
    "top_left": "stress",
    "top_right": "excitement",
    "bottom_left": "depression",
    "bottom_right": "relaxation",
}


def define(question: Question) -> Question:
    return dict(question)


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, int]:
    """Return the column (valence) and the row (arousal, 9 at the top) of the square."""
    del question, shown
    given = parts(answer, PARTS)
    missing = next((part for part in PARTS if given.get(part) is None), None)
    if missing:
        raise InvalidAnswer("{part}: choose one square of the grid, for both.", part=missing)
    return {part: whole(given[part], 1, SIZE, name=part) for part in PARTS}


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in `<question>.valence` and `.arousal`, or `<question>` as "7,3".

    >>> read({"name": "affect"}, {"affect": ["7,3"]})
    {'valence': 7, 'arousal': 3}
    """
    name = question["name"]
    valence, comma, arousal = (only(fields, name) or "").partition(",")
    if comma:
        fields = {f"{name}.valence": [valence], f"{name}.arousal": [arousal]}
    given = {part: number(fields, f"{name}.{part}") for part in PARTS}
    return None if all(value is None for value in given.values()) else given


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `rows` from the top, each a list of {valence, arousal, value}; `ends` and `corners`.

    A square's `value` is what `read` takes under the question's own name: "7,3".
    """
    del order
    steps = range(1, SIZE + 1)
    rows = [
        [{"valence": v, "arousal": a, "value": f"{v},{a}"} for v in steps] for a in reversed(steps)
    ]
    return {**question, "rows": rows, "ends": ENDS, "corners": CORNERS, "size": SIZE}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the evaluator-weighted valence and arousal, task by task.

    >>> aggregate({}, [Said(1, 1, {"valence": 7, "arousal": 3})])[1]["arousal"]
    {'n': 1, 'mean': 3.0, 'spread': 0.0}
    """
    del question
    found = {part: summaries.numbers(said, itemgetter(part)) for part in PARTS}
    return {
        task: {"n": of["n"], "valence": of, "arousal": found["arousal"][task]}
        for task, of in found["valence"].items()
    }


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {part: (answer or {}).get(part) for part in PARTS}
