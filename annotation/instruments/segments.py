"""Stretches of the clip, each with a category: when it began and when it was over."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from annotation.instruments import options
from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    number,
    only,
)
from annotation.instruments.checks import finite, short
from annotation.instruments.frames import overlaid

NAME = "segments"
KEYS = options.KEYS | {"overlap"}
REQUIRED = True
CATEGORY_AT = None
# Only of a clip that moves, or sounds.
NEEDS_TIME = True
FEWEST, MOST = 1, 12
MOST_SEGMENTS = 200
PARTS = ("start", "end", "category")
# A browser and the server may differ by a few frames in how long a clip is.
SLACK = 0.1
DIGITS = 3


def define(question: Question) -> Question:
    """Return the question with its categories, and whether those of a kind may overlap.

    >>> define({"options": ["laughter"]})["overlap"]
    False
    """
    overlap = question.get("overlap", False)
    if not isinstance(overlap, bool):
        raise InvalidQuestion(
            "{key}: give true or false, not {given}.", key="overlap", given=short(overlap)
        )
    return {**options.define(question, FEWEST, MOST), "overlap": overlap}


def clean(question: Question, answer: Any, shown: Shown) -> list[dict[str, Any]]:
    """Return the segments in order of their start, in seconds; none is an answer, too."""
    if shown.duration is None:
        raise InvalidAnswer("This clip is a picture: it has no stretches of time to mark.")
    if not isinstance(answer, list):
        raise InvalidAnswer("{given} is not a list of segments.", given=short(answer))
    if len(answer) > MOST_SEGMENTS:
        raise InvalidAnswer(
            "{n} segments are too many. Mark up to {most}.", n=len(answer), most=MOST_SEGMENTS
        )
    found = [_segment(question, n, one, shown.duration) for n, one in enumerate(answer, start=1)]
    found.sort(key=lambda one: (one["start"], one["end"], one["category"]))
    if not question["overlap"]:
        _refuse_overlap(found)
    return found


def _segment(question: Question, n: int, given: Any, duration: float) -> dict[str, Any]:
    if not isinstance(given, dict) or set(given) != set(PARTS):
        raise InvalidAnswer(
            "Segment {n} is not an object with: {known}.", n=n, known=", ".join(PARTS)
        )
    try:
        category = options.chosen(question, given["category"])
    except InvalidAnswer as error:
        raise InvalidAnswer("Segment {n}: {problem}", n=n, problem=error) from error
    start, end = (finite(given[part]) for part in ("start", "end"))
    if start is None or end is None:
        raise InvalidAnswer("Segment {n} needs its start and its end in seconds.", n=n)
    if start < 0:
        raise InvalidAnswer("Segment {n} starts before the clip, at {start} s.", n=n, start=start)
    if end > duration + SLACK:
        raise InvalidAnswer(
            "Segment {n} ends at {end} s; the clip lasts {duration} s.",
            n=n,
            end=end,
            duration=duration,
        )
    start, end = round(start, DIGITS), round(min(end, duration), DIGITS)
    if start >= end:
        raise InvalidAnswer(
            "Segment {n} has to end after its start, at {start} s.", n=n, start=start
        )
    return {"start": start, "end": end, "category": category}


def _refuse_overlap(found: list[dict[str, Any]]) -> None:
    until: dict[str, float] = {}
    for one in found:
        category = one["category"]
        if one["start"] < until.get(category, 0.0):
            raise InvalidAnswer(
                "Two segments of {category} overlap at {start} s. Make them one.",
                category=repr(category),
                start=one["start"],
            )
        until[category] = one["end"]


def read(question: Question, fields: Fields) -> list[dict[str, Any]] | None:
    """Return a segment for each row of `<question>.start`, `.end` and `.category`.

    Rows that are empty are left out; `<question>.nothing` says that there is nothing to mark.
    """
    name = question["name"]
    rows = zip_longest(*(fields.get(f"{name}.{part}", []) for part in PARTS), fillvalue="")
    found = [
        {
            "start": number({"start": [start]}, "start"),
            "end": number({"end": [end]}, "end"),
            "category": category,
        }
        for start, end, category in rows
        if start or end
    ]
    return found or ([] if only(fields, f"{name}.nothing") else None)


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `choices` in the annotator's order; `most` segments may be marked."""
    return {**question, "choices": options.ordered(question, order), "most": MOST_SEGMENTS}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return who marks what and when: the share over time, and how well the annotators agree.

    Each category has its stretches of one share, [start, end, share], on a grid of 10 a second;
    where nobody marked it there is none. See `frames.overlaid` for the agreement.

    >>> question = define({"options": ["smile"]})
    >>> smile = {"start": 0.5, "end": 1.0, "category": "smile"}
    >>> longer = {**smile, "end": 1.5}
    >>> aggregate(question, [Said(1, 1, [smile]), Said(1, 2, [longer])])[1]
    {'n': 2, 'rate': 10, 'shares': {'smile': [[0.5, 1.0, 1.0], [1.0, 1.5, 0.5]]}, 'agreement': 0.5}
    """
    return overlaid(said, options.values(question))


def cells(question: Question, answer: Any) -> dict[str, Any]:
    """Return all segments in one cell, and how many there are in another."""
    del question
    return {"": answer, "count": None if answer is None else len(answer)}
