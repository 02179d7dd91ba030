"""Whether somebody wants to be left alone, by whom, and why.

The question of the 30-day challenge: would the person rather be left alone by this class of
addressee for the next 15 minutes? A degree on five points, and the decision itself.
"""

from __future__ import annotations

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
    in_part,
    number,
    only,
)
from annotation.instruments.checks import parts, short, whole

NAME = "wish"
KEYS = {"addressees", "reasons"}
REQUIRED = True
CATEGORY_AT = "wish"
PARTS = ("level", "wish", "addressee", "reasons")
MINUTES = 15
LEVELS = (
    "certainly wants company",
    "would rather have company",
    "either is fine",
    "would rather be left alone",
    "certainly wants to be left alone",
)
WISHES = (
    {"value": "alone", "text": "Wants to be left alone"},
    {"value": "open", "text": "Is open to contact"},
)
ADDRESSEES = (
    {"value": "family", "text": "Partner or family"},
    {"value": "friend", "text": "A friend"},
    {"value": "colleague", "text": "A colleague"},
    {"value": "stranger", "text": "A stranger"},
    {"value": "device", "text": "A device or assistant"},
)
REASONS = (
    {"value": "tired", "text": "Tired"},
    {"value": "busy", "text": "Busy with something"},
    {"value": "overwhelmed", "text": "Too much going on"},
    {"value": "upset", "text": "Upset or hurt"},
    {"value": "unwell", "text": "Unwell or in pain"},
    {"value": "at-ease", "text": "At ease alone"},
    {"value": "in-company", "text": "Already in company"},
    {"value": "lonely", "text": "Lonely or bored"},
    {"value": "needs-help", "text": "Could do with help"},
    {"value": "other", "text": "Something else"},
)
MOST_ADDRESSEES, MOST_REASONS = 12, 20


def define(question: Question) -> Question:
    """Return the question with its addressees and reasons, each {value, text}.

    >>> [one["value"] for one in define({})["addressees"]]
    ['family', 'friend', 'colleague', 'stranger', 'device']
    """
    addressees = question.get("addressees", ADDRESSEES)
    reasons = question.get("reasons", REASONS)
    return {
        **question,
        "addressees": options.listed("addressees", addressees, 1, MOST_ADDRESSEES),
        "reasons": options.listed("reasons", reasons, 0, MOST_REASONS),
    }


def clean(question: Question, answer: Any, shown: Shown) -> dict[str, Any]:
    """Return the four parts; the decision and the addressee are needed, the others may be null."""
    del shown
    given = parts(answer, PARTS)
    for part in ("wish", "addressee"):
        if given.get(part) is None:
            raise in_part(part, InvalidAnswer("an answer is needed."))
    level = given.get("level")
    return {
        "level": None if level is None else whole(level, 1, len(LEVELS), name="level"),
        "wish": _one(given["wish"], WISHES, "wish"),
        "addressee": _one(given["addressee"], question["addressees"], "addressee"),
        "reasons": _several(given.get("reasons"), question["reasons"]),
    }


def _one(given: Any, known: Sequence[dict[str, Any]], part: str) -> str:
    try:
        return options.one_of(given, [option["value"] for option in known])
    except InvalidAnswer as error:
        raise in_part(part, error) from error


def _several(given: Any, known: Sequence[dict[str, Any]]) -> list[str]:
    """Return the reasons in the question's order, however they were named."""
    if given is None:
        return []
    if not isinstance(given, list) or len(given) > len(known):
        raise InvalidAnswer(
            "reasons: {given} is not a list of up to {most}.", given=short(given), most=len(known)
        )
    named = {_one(reason, known, "reasons") for reason in given}
    if len(named) < len(given):
        raise InvalidAnswer("reasons: each may be named only once.")
    return [option["value"] for option in known if option["value"] in named]


def read(question: Question, fields: Fields) -> dict[str, Any] | None:
    """Return the answer in the fields `<question>.<part>`, `.reasons` once for each reason."""
    name = question["name"]
    given: dict[str, Any] = {
        "level": number(fields, f"{name}.level"),
        "wish": only(fields, f"{name}.wish"),
        "addressee": only(fields, f"{name}.addressee"),
        "reasons": [reason for reason in fields.get(f"{name}.reasons", []) if reason],
    }
    touched = given["level"] is not None or given["wish"] or given["reasons"]
    # A list of addressees may have one chosen from the start: alone, that says nothing.
    return given if touched else None


def draw(question: Question, order: Sequence[str]) -> Question:
    """Add `levels` {value, text}, `wishes`, `minutes`, and `choices`, the lists with their keys."""
    del order
    levels = [{"value": level, "text": text} for level, text in enumerate(LEVELS, start=1)]
    return {
        **question,
        "choices": {part: options.with_keys(question[part]) for part in ("addressees", "reasons")},
        "levels": levels,
        "wishes": list(WISHES),
        "minutes": MINUTES,
    }


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return [dict(wish) for wish in WISHES]


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return the share who decide for alone, in all and by addressee, the level and the reasons.

    >>> answer = {"level": 5, "wish": "alone", "addressee": "friend", "reasons": ["tired"]}
    >>> found = aggregate(define({}), [Said(1, 1, answer)])[1]
    >>> found["distribution"], found["addressees"], found["reasons"]["tired"]
    ({'alone': 1.0, 'open': 0.0}, {'friend': {'n': 1, 'alone': 1.0}}, 1.0)
    """
    wishes = [wish["value"] for wish in WISHES]
    shares = summaries.shares(said, wishes, itemgetter("wish"))
    levels = summaries.numbers(said, itemgetter("level"))
    return {
        task: {
            **shares[task],
            "level": levels.get(task),
            "addressees": _by_addressee(question, answers),
            "reasons": _reasons(question, answers),
        }
        for task, answers in by_task(said).items()
    }


def _by_addressee(question: Question, answers: Sequence[Said]) -> dict[str, Any]:
    found = {}
    for option in question["addressees"]:
        of = [one for one in answers if one.answer["addressee"] == option["value"]]
        if of:
            alone = _share(of, [one.answer["wish"] == "alone" for one in of])
            found[option["value"]] = {"n": len(of), "alone": alone}
    return found


def _reasons(question: Question, answers: Sequence[Said]) -> dict[str, float | None]:
    return {
        option["value"]: _share(answers, [option["value"] in a.answer["reasons"] for a in answers])
        for option in question["reasons"]
    }


def _share(answers: Sequence[Said], so: Sequence[bool]) -> float | None:
    total = sum(one.weight for one in answers)
    for_it = sum(one.weight for one, is_so in zip(answers, so, strict=True) if is_so)
    return summaries.rounded(for_it / total) if total else None


def cells(question: Question, answer: Any) -> dict[str, Any]:
    """Return a column for each part, and one for each reason: 1 if it was named, else 0."""
    given = answer or {}
    single = {part: given.get(part) for part in PARTS if part != "reasons"}
    reasons = {
        f"reason_{option['value']}": int(option["value"] in given["reasons"]) if answer else None
        for option in question["reasons"]
    }
    return single | reasons
