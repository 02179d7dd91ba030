"""What every instrument checks alike: whole and finite numbers, the parts of an answer, texts."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Iterable, Sequence
from typing import Any

from annotation.instruments.base import InvalidAnswer, InvalidQuestion, Question, in_part

LONGEST_TEXT = 60


def short(value: Any) -> str:
    """Return a value as a sentence can quote it.

    >>> short("x" * 99)
    "'xxxxxxxxxxxx...xxxxxxxxxxxxx'"
    """
    try:
        return reprlib.repr(value)
    except ValueError:  # Python does not write out an integer of thousands of digits.
        return "…"


def whole(answer: Any, least: int, most: int, *, name: str = "") -> int:
    """Return a whole number from `least` to `most`; `name` is the part of the answer it is.

    >>> whole(3, 1, 5)
    3
    """
    try:
        return _whole(answer, least, most)
    except InvalidAnswer as error:
        if not name:
            raise
        raise in_part(name, error) from error


def _whole(answer: Any, least: int, most: int) -> int:
    given = short(answer)
    if isinstance(answer, bool) or not isinstance(answer, int):
        raise InvalidAnswer(
            "{given} is not a whole number from {least} to {most}.",
            given=given,
            least=least,
            most=most,
        )
    if not least <= answer <= most:
        raise InvalidAnswer(
            "{given} is not between {least} and {most}.", given=given, least=least, most=most
        )
    return answer


def finite(value: Any) -> float | None:
    """Return a finite number, None for anything else.

    >>> finite(2), finite(True), finite(float("nan")), finite(10**999)
    (2.0, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    # Adding 0 makes minus zero zero, which is the same answer and has to be the same bytes.
    return number + 0.0 if math.isfinite(number) else None


def parts(answer: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return an answer that has several parts, each with one of these names."""
    if not isinstance(answer, dict):
        raise InvalidAnswer(
            "{given} is not an object with: {known}.", given=short(answer), known=", ".join(names)
        )
    known = frozenset(names)
    unknown = next((key for key in answer if key not in known), None)
    if unknown is not None:
        raise InvalidAnswer(
            "{given} was not shown. Known are: {known}.",
            given=short(unknown),
            known=", ".join(names),
        )
    return answer


def text(key: str, value: Any, longest: int = LONGEST_TEXT) -> str:
    """Return a short text of the question's, under `key` of it."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InvalidQuestion(
            "{key}: {given} is not a text; quote it in YAML.", key=key, given=short(value)
        )
    worded = str(value).strip() if isinstance(value, str) or finite(value) is not None else ""
    if not (0 < len(worded) <= longest and worded.isprintable()):
        raise InvalidQuestion(
            "{key}: a text has 1 to {longest} characters, all printable.", key=key, longest=longest
        )
    return worded


def points(question: Question, default: int, known: Sequence[int], key: str = "points") -> int:
    """Return how many points the question's scale has."""
    given = question.get(key, default)
    if isinstance(given, bool) or not isinstance(given, int) or given not in known:
        raise _not_among(known, key, short(given))
    return given


def not_one_of(key: str, given: Any, known: Iterable[str]) -> InvalidQuestion:
    """Return the refusal of a word that is none of those that the question may have there."""
    return InvalidQuestion(
        "{key}: {given} is not one of: {known}.",
        key=key,
        given=short(given),
        known=", ".join(known),
    )


def _not_among(known: Sequence[int], key: str, given: str) -> InvalidQuestion:
    if isinstance(known, range):
        return InvalidQuestion(
            "{key}: give {least} to {most}, not {given}.",
            key=key,
            least=known[0],
            most=known[-1],
            given=given,
        )
    return InvalidQuestion(
        "{key}: give {several} or {most}, not {given}.",
        key=key,
        several=", ".join(map(str, known[:-1])),
        most=known[-1],
        given=given,
    )
