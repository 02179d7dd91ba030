"""One family of emotions round a wheel, and how strong it is: near the rim is strongest.

Source: Scherer (2005), "What are emotions? And how can they be measured?"; version 3.0 in
Scherer, Shuman, Fontaine & Soriano (2013), "The GRID meets the Wheel".
"""

from __future__ import annotations

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

NAME = "emotion-wheel"
KEYS = options.KEYS | {"points"}
REQUIRED = True
CATEGORY_AT = "emotion"
FEWEST, MOST = 4, 40
POINTS = range(3, 8)
PARTS = ("emotion", "intensity")


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
    """Add `families` clockwise from the top, `ways_out` and `steps`, 1 to most.

    The wheel itself is drawn by the page, from the radio buttons of these. The ways out have the
    last keys of the row, those of the numbers from 1 on say how strong.
    """
    del order
    ways_out = [o for o in question["options"] if o.get("extra")]
    first = min(options.PLACES.index("0"), len(options.PLACES) - len(ways_out))
    return {
        **question,
        "families": [o for o in question["options"] if not o.get("extra")],
        "ways_out": [
            {**way, "place": place, "key": options.PLACES[place]}
            for place, way in enumerate(ways_out, start=first)
        ],
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
