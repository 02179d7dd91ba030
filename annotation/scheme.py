"""Puts instruments together to a label scheme: checks its questions and the values given to it."""

from __future__ import annotations

from typing import Any

from annotation.instruments import INSTRUMENTS, InvalidAnswer, InvalidQuestion
from annotation.instruments.single_choice import values

Questions = list[dict[str, Any]]
LONGEST_NAME = 40
COMMON = {"name", "instrument", "prompt", "required"}


class InvalidValue(ValueError):
    """A label's value breaks its scheme. `errors` has a sentence for each field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {error}" for field, error in errors.items()))
        self.errors = errors


def define(questions: Questions) -> Questions:
    """Return the questions complete, or raise InvalidQuestion."""
    names = [question.get("name") for question in questions]
    if not all(map(_is_name, names)) or len(set(names)) != len(names):
        raise InvalidQuestion(
            f"Each question needs a name of its own: a word of up to {LONGEST_NAME} letters."
        )
    defined = [_define(question) for question in questions]
    if not any(INSTRUMENTS[question["instrument"]].CATEGORICAL for question in defined):
        raise InvalidQuestion("A scheme needs a question with options.")
    return defined


def _is_name(name: Any) -> bool:
    # Two underscores in a row are how queries go down into what is stored.
    is_word = isinstance(name, str) and name.isidentifier() and "__" not in name
    return is_word and len(name) <= LONGEST_NAME


def clean(questions: Questions, value: Any) -> dict[str, Any]:
    """Return the value as it is stored: an answer for every question, null where none was given.

    A bare word or number answers the first question.
    """
    if not isinstance(value, dict):
        value = {questions[0]["name"]: value}
    known = {question["name"] for question in questions}
    errors = {str(name): "The scheme has no such question." for name in value if name not in known}
    cleaned: dict[str, Any] = {}
    for question in questions:
        name = question["name"]
        try:
            cleaned[name] = _clean(question, value.get(name))
        except InvalidAnswer as error:
            errors[name] = str(error)
    if errors:
        raise InvalidValue(errors)
    return cleaned


def category_question(questions: Questions) -> dict[str, Any]:
    """Return the question whose answers are aggregated as categories."""
    return next(
        question for question in questions if INSTRUMENTS[question["instrument"]].CATEGORICAL
    )


def categories(questions: Questions) -> list[str]:
    """Return the options of the categorical question, in the scheme's order."""
    return values(category_question(questions))


def _define(question: dict[str, Any]) -> dict[str, Any]:
    instrument = INSTRUMENTS.get(str(question.get("instrument")))
    if instrument is None:
        raise InvalidQuestion(
            f"instrument: {question.get('instrument')!r} is not one of: {', '.join(INSTRUMENTS)}."
        )
    unknown = sorted(map(str, set(question) - COMMON - instrument.KEYS))
    if unknown:
        known = ", ".join(sorted(COMMON | instrument.KEYS))
        raise InvalidQuestion(f"{unknown[0]}: there is no such key. Known keys: {known}.")
    if not isinstance(question.get("prompt"), str) or not question["prompt"].strip():
        raise InvalidQuestion("prompt: the question needs its wording.")
    required = question.get("required", instrument.CATEGORICAL)
    complete: dict[str, Any] = instrument.define({**question, "required": bool(required)})
    return complete


def _clean(question: dict[str, Any], answer: Any) -> Any:
    if answer is None:
        if question["required"]:
            raise InvalidAnswer("An answer is needed.")
        return None
    return INSTRUMENTS[question["instrument"]].clean(question, answer)
