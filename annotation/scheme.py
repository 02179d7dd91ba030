"""Puts instruments together to a label scheme: checks its questions and the values given to it."""

from __future__ import annotations

import random
from typing import Any

from annotation.instruments import (
    INSTRUMENTS,
    Instrument,
    InvalidAnswer,
    InvalidQuestion,
    best_worst,
    pairwise,
)
from annotation.instruments.base import Fields, Shown
from annotation.instruments.checks import not_one_of

Questions = list[dict[str, Any]]
LONGEST_NAME, LONGEST_PROMPT = 40, 500
MOST_QUESTIONS = 12
COMMON = {"name", "instrument", "prompt", "help", "required"}
# Questions that compare clips, with how many they show, and those that may stand beside one: they
# are about the comparison, where every other question is about the one clip of its task.
COMPARISONS = {pairwise.NAME: pairwise.CLIPS, best_worst.NAME: best_worst.CLIPS}
BESIDE_A_COMPARISON = {"confidence", "free-text"}


class InvalidValue(ValueError):
    """A label's value breaks its scheme. `errors` has what is wrong with each field."""

    def __init__(self, errors: dict[str, InvalidAnswer]) -> None:
        super().__init__("; ".join(f"{field}: {error}" for field, error in errors.items()))
        self.errors = errors


def instrument_of(question: dict[str, Any]) -> Instrument:
    """Return the instrument that a question is asked with."""
    return INSTRUMENTS[question["instrument"]]


def define(questions: Questions) -> Questions:
    """Return the questions complete, or raise InvalidQuestion."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise InvalidQuestion("A scheme has 1 to {most} questions.", most=MOST_QUESTIONS)
    names = [question.get("name") for question in questions]
    if not all(map(_is_name, names)) or len(set(names)) != len(names):
        raise InvalidQuestion(
            "Each question needs a name of its own: a word of up to {longest} letters.",
            longest=LONGEST_NAME,
        )
    defined = [_define(question) for question in questions]
    if not any(question["required"] for question in defined):
        raise InvalidQuestion("A scheme needs a question that has to be answered.")
    _require_alone([question["instrument"] for question in defined])
    return defined


def _require_alone(asked: list[str]) -> None:
    """Refuse a scheme that asks about one clip and about several."""
    if not any(name in COMPARISONS for name in asked):
        return
    if asked[0] not in COMPARISONS:
        raise InvalidQuestion("instrument: put the question that compares clips first.")
    strange = next((name for name in asked[1:] if name not in BESIDE_A_COMPARISON), None)
    if strange is not None:
        raise InvalidQuestion(
            "instrument: a scheme that compares clips cannot ask {strange}, too. Beside the one "
            "comparison it may ask: {known}.",
            strange=strange,
            known=", ".join(sorted(BESIDE_A_COMPARISON)),
        )


def comparison(questions: Questions) -> dict[str, Any] | None:
    """Return the question that compares clips, None where each task is about one clip."""
    return questions[0] if questions[0]["instrument"] in COMPARISONS else None


def clips_shown(questions: Questions) -> int:
    """Return how many clips a task of the scheme shows."""
    return COMPARISONS.get(questions[0].get("instrument", ""), 1)


def _is_name(name: Any) -> bool:
    # Two underscores in a row are how queries go down into what is stored.
    is_word = isinstance(name, str) and name.isidentifier() and "__" not in name
    return is_word and len(name) <= LONGEST_NAME


def clean(questions: Questions, value: Any, shown: Shown | None = None) -> dict[str, Any]:
    """Return the value as it is stored: an answer for every question, null where none was given.

    A bare word or number answers the first question.
    """
    names = {question["name"] for question in questions}
    if not isinstance(value, dict):
        value = {questions[0]["name"]: value}
    strange = InvalidAnswer("The scheme has no such question.")
    errors = {str(name): strange for name in value if name not in names}
    cleaned: dict[str, Any] = {}
    for question in questions:
        name = question["name"]
        try:
            cleaned[name] = _clean(question, value.get(name), shown or Shown())
        except InvalidAnswer as error:
            errors[name] = error
    if errors:
        raise InvalidValue(errors)
    return cleaned


def read(questions: Questions, fields: Fields) -> dict[str, Any]:
    """Return the value in a form that a browser sent by itself."""
    return {q["name"]: instrument_of(q).read(q, fields) for q in questions}


def draw(questions: Questions, orders: dict[str, list[str]]) -> Questions:
    """Return the questions as the page draws them, options in the annotator's own order."""
    return [
        {
            **instrument_of(question).draw(question, orders.get(question["name"], [])),
            "template": f"annotation/instruments/{question['instrument'].replace('-', '_')}.html",
        }
        for question in questions
    ]


def orders(questions: Questions, chance: random.Random) -> dict[str, list[str]]:
    """Return the order of the options of each question whose order is random; ways out are last."""
    drawn = {}
    for question in questions:
        options = question.get("options", [])
        if question.get("shuffle", True) and options:
            values = [option["value"] for option in options if not option.get("extra")]
            chance.shuffle(values)
            extras = [option["value"] for option in options if option.get("extra")]
            drawn[question["name"]] = values + extras
    return drawn


def needs_time(questions: Questions) -> bool:
    """Whether an answer that is needed cannot be given about a picture, which has no time."""
    return any(q["required"] and getattr(instrument_of(q), "NEEDS_TIME", False) for q in questions)


def category_question(questions: Questions) -> dict[str, Any] | None:
    """Return the question whose answers are aggregated as categories, the first there is."""
    return next((q for q in questions if instrument_of(q).CATEGORY_AT is not None), None)


def is_ordered(question: dict[str, Any]) -> bool:
    """Whether the categories of a question are steps of a scale, in their order."""
    return bool(getattr(instrument_of(question), "ORDERED", False))


def category_path(question: dict[str, Any]) -> str:
    """Return where in a label's value the category of a categorical question stands."""
    at = instrument_of(question).CATEGORY_AT
    return f"{question['name']}__{at}" if at else str(question["name"])


def category_of(questions: Questions, value: dict[str, Any]) -> Any:
    """Return the category in a label's value; without one, the answer to the first question."""
    asked = category_question(questions) or questions[0]
    answer, at = value.get(asked["name"]), instrument_of(asked).CATEGORY_AT
    return answer.get(at) if at and answer is not None else answer


def options(questions: Questions) -> list[dict[str, str]]:
    """Return the categories as {value, text}, in order; none without a categorical question."""
    asked = category_question(questions)
    return instrument_of(asked).categories(asked) if asked else []


def categories(questions: Questions) -> list[str]:
    """Return the values of the categories, in the scheme's order."""
    return [option["value"] for option in options(questions)]


def _define(question: dict[str, Any]) -> dict[str, Any]:
    instrument = INSTRUMENTS.get(str(question.get("instrument")))
    if instrument is None:
        raise not_one_of("instrument", question.get("instrument"), INSTRUMENTS)
    unknown = sorted(map(str, set(question) - COMMON - instrument.KEYS))
    if unknown:
        raise InvalidQuestion(
            "{key}: there is no such key. Known keys: {known}.",
            key=unknown[0],
            known=", ".join(sorted(COMMON | instrument.KEYS)),
        )
    for key in ("prompt", "help"):
        text = question.get(key, "" if key == "help" else None)
        if not isinstance(text, str) or len(text) > LONGEST_PROMPT:
            raise InvalidQuestion(
                "{key}: give a text of up to {longest} characters.", key=key, longest=LONGEST_PROMPT
            )
    if not question["prompt"].strip():
        raise InvalidQuestion("prompt: the question needs its wording.")
    required = question.get("required", instrument.REQUIRED)
    return instrument.define({**question, "required": bool(required)})


def _clean(question: dict[str, Any], answer: Any, shown: Shown) -> Any:
    if answer is None:
        if question["required"]:
            raise InvalidAnswer("An answer is needed.")
        return None
    return instrument_of(question).clean(question, answer, shown)
