"""One family of emotions round a wheel, and how strong it is: near the rim is strongest.

Source: Scherer (2005), "What are emotions? And how can they be measured?"; version 3.0 in
Scherer, Shuman, Fontaine & Soriano (2013), "The GRID meets the Wheel".
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter
from typing import Any

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
    only,
)
from annotation.instruments.checks import parts, points, short, whole
from annotation.instruments.presets import PRESETS
from annotation.instruments.presets.wheels import angle

NAME = "emotion-wheel"
KEYS = options.KEYS | {"points"}
REQUIRED = True
CATEGORY_AT = "emotion"
FEWEST, MOST = 4, 40
POINTS = range(3, 8)
PARTS = ("emotion", "intensity")
# The drawing reaches from -100 to 100 both ways: circles between two rings, texts beyond them.
INNER, OUTER, TEXT = 24.0, 78.0, 88.0


def define(question: Question) -> Question:
    """Return the question with its families in their order, by default the Geneva wheel's.

    >>> question = define({"prompt": "What does the person feel?"})
    >>> question["preset"], question["points"], question["options"][-1]["value"]
    ('geneva', 5, 'other')
    """
    preset = {} if "options" in question else {"preset": question.get("preset", "geneva")}
    extras = question.get("extras", ["none", "other"])
    whole_question = {**question, **preset, "extras": extras, "points": points(question, 5, POINTS)}
    defined = options.define(whole_question, FEWEST, MOST, shuffle=False)
    if defined["shuffle"]:
        raise InvalidQuestion("shuffle: a wheel has an order of its own; leave shuffle out.")
    return defined


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, Any]:
    """Return the family and its intensity; a way out, such as none, has no intensity."""
    del shown
    given = parts(answer, PARTS)
    if given.get("emotion") is None:
        raise InvalidAnswer("emotion: choose one of the wheel, or none.")
    emotion = options.chosen(question, given["emotion"])
    intensity = given.get("intensity")
    if _is_way_out(question, emotion):
        if intensity is not None:
            raise InvalidAnswer(
                "intensity: {emotion} has none; leave it out.", emotion=short(emotion)
            )
        return {"emotion": emotion, "intensity": None}
    if intensity is None:
        raise InvalidAnswer(
            "intensity: say how strong it is, from 1 to {most}.", most=question["points"]
        )
    return {
        "emotion": emotion,
        "intensity": whole(intensity, 1, question["points"], name="intensity"),
    }


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in `<question>.emotion` and `.intensity`, or `<question>` as "joy,4".

    >>> read({"name": "felt"}, {"felt": ["joy,4"]})
    {'emotion': 'joy', 'intensity': 4}
    """
    name = question["name"]
    if together := only(fields, name):
        emotion, comma, intensity = together.rpartition(",")
        emotion = emotion if comma else together
        fields = {
            f"{name}.emotion": [emotion],
            f"{name}.intensity": [intensity if comma else ""],
        }
    emotion_given = only(fields, f"{name}.emotion")
    intensity_given = number(fields, f"{name}.intensity")
    if emotion_given is None and intensity_given is None:
        return None
    return {"emotion": emotion_given, "intensity": intensity_given}


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `spokes` clockwise from the top, `ways_out`, `choices` (both) and `steps`, 1 to most.

    A spoke is its option with `angle` (degrees), the place of its text (`x`, `y`, and `anchor`
    for text-anchor) and `circles`, each {step, value, x, y, r} with `value` as `read` takes it
    ("joy,4"); in a drawing whose viewBox reaches from -100 to 100. The Geneva families have their
    `valence` and `control`, too.
    """
    del order
    families = [o for o in question["options"] if not o.get("extra")]
    spokes = [_spoke(question, o, place, len(families)) for place, o in enumerate(families)]
    return {
        **question,
        "choices": options.ordered(question, []),
        "spokes": spokes,
        "ways_out": [o for o in question["options"] if o.get("extra")],
        "steps": list(range(1, question["points"] + 1)),
    }


def categories(question: Question) -> list[dict[str, str]]:
    return options.texts(question)


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the weighted share of each family, and the mean intensity of those that were named.

    >>> found = aggregate(define({}), [Said(1, 1, {"emotion": "joy", "intensity": 4})])
    >>> found[1]["distribution"]["joy"], found[1]["intensity"]
    (1.0, {'joy': 4.0})
    """
    values = options.values(question)
    found = summaries.shares(said, values, itemgetter("emotion"))
    return {
        task: {**found[task], "intensity": _intensities(answers)}
        for task, answers in by_task(said).items()
    }


def _intensities(answers: Sequence[Said]) -> dict[str, float]:
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for one in answers:
        if one.answer["intensity"] is not None:
            total = sums[one.answer["emotion"]]
            total[0] += one.weight * one.answer["intensity"]
            total[1] += one.weight
    return {
        emotion: summaries.rounded(strength / weight)
        for emotion, (strength, weight) in sorted(sums.items())
        if weight
    }


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {part: (answer or {}).get(part) for part in PARTS}


def _is_way_out(question: Question, emotion: str) -> bool:
    return any(o["value"] == emotion and o.get("extra") for o in question["options"])


def _spoke(question: Question, option: dict[str, Any], place: int, n: int) -> dict[str, Any]:
    turn = angle(place, n)
    x, y = math.sin(math.radians(turn)), -math.cos(math.radians(turn))
    most = question["points"]
    gap = (OUTER - INNER) / (most - 1)
    circles = []
    for step in range(1, most + 1):
        ring = INNER + gap * (step - 1)
        # As large as fits between the neighbours on the ring and between the rings.
        size = 0.45 * min(gap, 2 * ring * math.sin(math.pi / n))
        at = {"x": round(ring * x, 2), "y": round(ring * y, 2), "r": round(size, 2)}
        circles.append({"step": step, "value": f"{option['value']},{step}", **at})
    anchor = "middle" if abs(x) < 0.1 else "start" if x > 0 else "end"
    return {
        **_coordinates(question, option["value"]),
        **option,
        "angle": turn,
        "x": round(TEXT * x, 2),
        "y": round(TEXT * y, 2),
        "anchor": anchor,
        "circles": circles,
    }


def _coordinates(question: Question, value: str) -> dict[str, float]:
    """Return where a published wheel puts the family: its valence and control."""
    preset = PRESETS.get(question.get("preset", ""))
    found = next((o for o in preset.options if o["value"] == value), {}) if preset else {}
    return {key: found[key] for key in ("valence", "control") if key in found}
