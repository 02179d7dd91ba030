"""One dimension followed while the clip plays: every movement of the pointer, as it was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from annotation.instruments.base import (
    Fields,
    InvalidAnswer,
    InvalidQuestion,
    Question,
    Said,
    Shown,
    Summary,
    by_task,
    only,
)
from annotation.instruments.checks import finite, parts, short
from annotation.instruments.fused_traces import fused
from annotation.instruments.poles import dimension

NAME = "trace"
KEYS = {"dimension", "range"}
REQUIRED = True
CATEGORY_AT = None
# Only of a clip that moves, or sounds.
NEEDS_TIME = True
RANGES = ("bounded", "relative")
PARTS = ("events", "log")
KINDS = ("play", "pause", "seek", "rate", "stall", "ended")
FEWEST_EVENTS, MOST_EVENTS, MOST_LOG = 2, 20_000, 5_000
# Media time may run on a little after the end, as a browser counts it.
SLACK = 0.5
# A relative trace has no end; this is only no number of a person's making.
FARTHEST = 1e6
MEDIA_DIGITS, CLOCK_DIGITS, VALUE_DIGITS = 3, 1, 4


def define(question: Question) -> Question:
    """Return the question with its dimension as {name, text, low, high}, and its range.

    >>> define({"dimension": "arousal"})["range"]
    'bounded'
    """
    given = question.get("range", "bounded")
    if given not in RANGES:
        raise InvalidQuestion("range: give bounded or relative, not {given}.", given=short(given))
    asked = dimension("dimension", question.get("dimension", "valence"))
    return {**question, "dimension": asked, "range": given}


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, Any]:
    """Return `events`, each [media seconds, clock milliseconds, value], and the player's `log`."""
    if shown.duration is None:
        raise InvalidAnswer("This clip is a picture: there is nothing to follow.")
    given = parts(answer, PARTS)
    events, log = given.get("events"), given.get("log") or []
    if not isinstance(events, list) or not isinstance(log, list):
        raise InvalidAnswer("events and log have to be lists.")
    if len(events) < FEWEST_EVENTS:
        raise InvalidAnswer(
            "A trace has at least {least} events, not {n}.", least=FEWEST_EVENTS, n=len(events)
        )
    if len(events) > MOST_EVENTS:
        raise InvalidAnswer(
            "A trace has at most {most} events, not {n}.", most=MOST_EVENTS, n=len(events)
        )
    if len(log) > MOST_LOG:
        raise InvalidAnswer("A log has at most {most} entries, not {n}.", most=MOST_LOG, n=len(log))
    farthest = 1.0 if question["range"] == "bounded" else FARTHEST
    latest = shown.duration + SLACK
    found = [_event(n, one, latest, farthest) for n, one in enumerate(events, start=1)]
    _refuse_running_backwards(found)
    entries = [_entry(n, one, latest) for n, one in enumerate(log, start=1)]
    return {"events": found, "log": entries}


def _event(n: int, given: Any, latest: float, farthest: float) -> list[float]:
    if not isinstance(given, list) or len(given) != 3:
        raise InvalidAnswer("Event {n} is not [media seconds, clock milliseconds, value].", n=n)
    media, clock, value = (finite(part) for part in given)
    if media is None or clock is None or value is None:
        raise InvalidAnswer("Event {n} has something that is not a finite number.", n=n)
    if not 0 <= media <= latest:
        raise InvalidAnswer(
            "Event {n} is at {at} s, outside the clip of {seconds} s.",
            n=n,
            at=media,
            seconds=latest - SLACK,
        )
    if abs(value) > farthest:
        raise InvalidAnswer(
            "Event {n} has the value {value}; it must be from {least} to {most}.",
            n=n,
            value=value,
            least=-farthest,
            most=farthest,
        )
    digits = (MEDIA_DIGITS, CLOCK_DIGITS, VALUE_DIGITS)
    # Adding 0 makes minus zero zero.
    return [round(v, n) + 0.0 for v, n in zip((media, clock, value), digits, strict=True)]


def _entry(n: int, given: Any, latest: float) -> list[Any]:
    if not isinstance(given, list) or len(given) != 3:
        raise InvalidAnswer("Log entry {n} is not [kind, clock milliseconds, media seconds].", n=n)
    kind, clock, media = given[0], finite(given[1]), finite(given[2])
    if not isinstance(kind, str) or kind not in KINDS:
        raise InvalidAnswer(
            "Log entry {n}: {given} is not one of: {known}.",
            n=n,
            given=short(kind),
            known=", ".join(KINDS),
        )
    if clock is None or media is None:
        raise InvalidAnswer("Log entry {n} has something that is not a finite number.", n=n)
    if not 0 <= media <= latest:
        raise InvalidAnswer(
            "Log entry {n} is at {at} s, outside the clip of {seconds} s.",
            n=n,
            at=media,
            seconds=latest - SLACK,
        )
    return [kind, round(clock, CLOCK_DIGITS), round(media, MEDIA_DIGITS)]


def _refuse_running_backwards(events: list[list[float]]) -> None:
    for n, (before, now) in enumerate(pairwise(events), start=2):
        if now[1] < before[1]:
            raise InvalidAnswer(
                "Event {n}: the clock runs backwards, {now} ms after {before} ms.",
                n=n,
                now=now[1],
                before=before[1],
            )
        if now[0] < before[0]:
            raise InvalidAnswer(
                "Event {n}: the media time runs backwards, {now} s after {before} s.",
                n=n,
                now=now[0],
                before=before[0],
            )


def read(question: Question, fields: Fields) -> Any:
    """Return the answer in the field `<question>`, written as JSON: no form can follow a clip."""
    given = only(fields, question["name"])
    if given is None:
        return None
    try:
        return json.loads(given)
    except (ValueError, RecursionError):
        return given


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add the `lowest` and the `highest` value of a bounded trace; None where there is no end."""
    del order
    bounded = question["range"] == "bounded"
    ends = {"lowest": -1, "highest": 1} if bounded else {"lowest": None, "highest": None}
    return {**question, **ends, "most": MOST_EVENTS}


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the fused trace of each clip with its spread, the lags, and the concordance.

    See `fused_traces.fused` for what is in it.
    """
    bounded = question["range"] == "bounded"
    return {task: fused(answers, bounded=bounded) for task, answers in by_task(said).items()}


def cells(question: Question, answer: Any) -> dict[str, Any]:
    """Return a trace in a few numbers; all of it is in the formats that have room for it."""
    del question
    if answer is None:
        return dict.fromkeys(("events", "seconds", "lowest", "highest", "last"))
    media, _clock, values = zip(*answer["events"], strict=True)
    return {
        "events": len(values),
        "seconds": round(media[-1] - media[0], MEDIA_DIGITS),
        "lowest": min(values),
        "highest": max(values),
        "last": values[-1],
    }
