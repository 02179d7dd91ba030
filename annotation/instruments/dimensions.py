"""Valence, arousal, dominance or other dimensions, on points or on sliders. Untouched is null.

Source: Mehrabian & Russell (1974), "An approach to environmental psychology"; the figures and
the nine points are those of Bradley & Lang (1994), "Measuring emotion: the self-assessment
manikin and the semantic differential".
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from annotation.instruments import summaries
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    in_part,
    number,
)
from annotation.instruments.checks import finite, not_one_of, parts, points, short, whole
from annotation.instruments.poles import dimension
from annotation.instruments.presets import DIMENSIONS

NAME = "dimensions"
KEYS = {"dimensions", "preset", "points", "scale"}
REQUIRED = True
CATEGORY_AT = None
USUAL = ("valence", "arousal", "dominance")
POINTS = (5, 7, 9)
MOST = 8
DIGITS = 3


def define(question: Question) -> Question:
    """Return the question with each dimension as {name, text, low, high}, and its scale.

    >>> question = define({"dimensions": ["valence", "arousal"]})
    >>> question["scale"], question["points"], question["dimensions"][1]["low"]
    ('points', 9, 'calm')
    >>> define({"preset": "intensity-dimension", "scale": "slider"})["dimensions"][0]["high"]
    'strong'
    """
    scale = question.get("scale", "points")
    if scale not in ("points", "slider"):
        raise InvalidQuestion("scale: give points or slider, not {given}.", given=short(scale))
    if scale == "slider" and "points" in question:
        raise InvalidQuestion("points: a slider has none; leave out points, or the scale.")
    asked = [dimension("dimensions", given) for given in _asked(question)]
    names = [one["name"] for one in asked]
    if len(set(names)) < len(names):
        raise InvalidQuestion("dimensions: each may be there only once.")
    n = {"points": points(question, 9, POINTS)} if scale == "points" else {}
    return {**question, "dimensions": asked, "scale": scale, **n}


def _asked(question: Question) -> Sequence[Any]:
    preset = question.get("preset")
    if preset is not None and (not isinstance(preset, str) or preset not in DIMENSIONS):
        raise not_one_of("preset", preset, DIMENSIONS)
    published = [
        {"name": o["value"], "uri": o["uri"]}
        for o in (DIMENSIONS[preset].options if preset else ())
    ]
    asked = question.get("dimensions", published or USUAL)
    if not isinstance(asked, list | tuple) or not 1 <= len(asked) <= MOST:
        raise InvalidQuestion(
            "{key}: give a list of {fewest} to {most}.", key="dimensions", fewest=1, most=MOST
        )
    return asked


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, float | None] | None:
    """Return the value of every dimension, null where it was left untouched."""
    del shown
    names = [one["name"] for one in question["dimensions"]]
    given = parts(answer, names)
    values = {name: _value(question, name, given.get(name)) for name in names}
    untouched = [name for name in names if values[name] is None]
    if question["required"] and untouched:
        raise in_part(untouched[0], InvalidAnswer("an answer is needed here, too."))
    return None if len(untouched) == len(names) else values


def _value(question: Question, name: str, given: Any) -> float | None:
    if given is None:
        return None
    if question["scale"] == "points":
        return whole(given, 1, question["points"], name=name)
    value = finite(given)
    if value is None or not -1 <= value <= 1:
        raise in_part(
            name, InvalidAnswer("{given} is not a number from -1 to 1.", given=short(given))
        )
    return round(value, DIGITS) + 0.0


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in the fields `<question>.<dimension>`; an empty one is untouched."""
    names = [one["name"] for one in question["dimensions"]]
    given = {name: number(fields, f"{question['name']}.{name}") for name in names}
    return None if all(value is None for value in given.values()) else given


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add to each dimension `choices`, from low to high, each {value, at, first, last}.

    `at` is the point's place between the ends, from -1 to 1, for whoever draws a figure for it.
    A slider has no choices; its step is in `step`.
    """
    del order
    n = question.get("points", 0)
    choices = [
        {"value": v, "at": round(2 * (v - 1) / (n - 1) - 1, 3), "first": v == 1, "last": v == n}
        for v in range(1, n + 1)
    ]
    drawn = [{**one, "choices": choices} for one in question["dimensions"]]
    return {**question, "dimensions": drawn, "step": 10**-DIGITS}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the evaluator-weighted mean and spread of each dimension that was answered.

    >>> question = define({"dimensions": ["valence"]})
    >>> aggregate(question, [Said(1, 1, {"valence": 2}), Said(1, 2, {"valence": 4})])
    {1: {'n': 2, 'dimensions': {'valence': {'n': 2, 'mean': 3.0, 'spread': 1.0}}}}
    """
    names = [one["name"] for one in question["dimensions"]]
    found = {name: summaries.numbers(said, itemgetter(name)) for name in names}
    return {
        task: {
            "n": len(answers),
            "dimensions": {name: of[task] for name, of in found.items() if task in of},
        }
        for task, answers in by_task(said).items()
    }


def cells(question: Question, answer: Any) -> dict[str, Any]:
    return {one["name"]: (answer or {}).get(one["name"]) for one in question["dimensions"]}
