"""One option out of several."""

from __future__ import annotations

from reprlib import repr as short
from typing import Any

from annotation.instruments.errors import InvalidAnswer, InvalidQuestion

NAME = "single-choice"
CATEGORICAL = True
KEYS = {"options"}
FEWEST, MOST = 2, 12
LONGEST = 60


def define(question: dict[str, Any]) -> dict[str, Any]:
    """Return the question with every option as {value, text}.

    >>> define({"options": ["joy", {"value": "sad", "text": "Sadness"}]})["options"]
    [{'value': 'joy', 'text': 'joy'}, {'value': 'sad', 'text': 'Sadness'}]
    """
    options = question.get("options")
    if not isinstance(options, list) or not FEWEST <= len(options) <= MOST:
        given = len(options) if isinstance(options, list) else 0
        raise InvalidQuestion(f"options: give a list of {FEWEST} to {MOST} options, not {given}.")
    complete = [_option(option) for option in options]
    for key in ("value", "text"):
        words = [option[key].casefold() for option in complete]
        doubled = next((word for word in words if words.count(word) > 1), None)
        if doubled is not None:
            raise InvalidQuestion(f"options: {doubled!r} is there twice; each must differ.")
    return {**question, "options": complete}


def clean(question: dict[str, Any], answer: Any) -> str:
    """Return the option that was chosen."""
    known = values(question)
    if isinstance(answer, int) and not isinstance(answer, bool):
        answer = str(answer)
    if not isinstance(answer, str) or answer not in known:
        raise InvalidAnswer(f"{short(answer)} is not an option. Choose one of: {', '.join(known)}.")
    return answer


def values(question: dict[str, Any]) -> list[str]:
    """Return the values of the options, in the scheme's order."""
    return [option["value"] for option in question["options"]]


def _option(option: Any) -> dict[str, str]:
    if isinstance(option, dict):
        unknown = set(option) - {"value", "text"}
        if unknown or "value" not in option:
            raise InvalidQuestion("options: an option is a word, or {value: ..., text: ...}.")
        value, text = option["value"], option.get("text", option["value"])
    else:
        value = text = option
    for word in (value, text):
        if isinstance(word, bool) or not isinstance(word, str | int):
            raise InvalidQuestion(f"options: {short(word)} is not a word; quote it in YAML.")
    pair = {"value": str(value).strip(), "text": str(text).strip()}
    if not all(0 < len(word) <= LONGEST and word.isprintable() for word in pair.values()):
        raise InvalidQuestion(f"options: an option has 1 to {LONGEST} characters, all printable.")
    return pair
