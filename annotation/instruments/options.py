"""Options to choose from: checked, completed from a published vocabulary, put in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, repeat
from typing import Any

from annotation.instruments.base import InvalidAnswer, InvalidQuestion, Question
from annotation.instruments.checks import LONGEST_TEXT, finite, not_one_of, short
from annotation.instruments.presets import PRESETS

KEYS = {"options", "preset", "extras", "shuffle"}
# The places on the keyboard, from left to right.
PLACES = "1234567890-="
# With Shift they reach as many again.
KEY_NAMES = (*PLACES, *(f"⇧{place}" for place in PLACES))
# Ways out, always last and never shuffled: that one cannot say is an answer, too.
EXTRAS = {
    "none": "No emotion",
    "other": "Something else",
    "unclear": "I cannot tell",
    "not-enough-context": "Not enough context",
}


def define(question: Question, fewest: int, most: int, *, shuffle: bool = True) -> Question:
    """Return the question with every option as {value, text}, and its ways out at the end.

    >>> define({"options": ["joy", {"value": "sad", "text": "Sadness"}]}, 2, 12)["options"]
    [{'value': 'joy', 'text': 'joy'}, {'value': 'sad', 'text': 'Sadness'}]
    >>> define({"preset": "ekman", "extras": ["unclear"]}, 2, 12)["options"][-1]
    {'value': 'unclear', 'text': 'I cannot tell', 'extra': True}
    """
    offered = [option for option in _offered(question, fewest, most) if not option.get("extra")]
    if not fewest <= len(offered) <= most:
        raise _wrong_number(question, fewest, most, len(offered))
    extras = _extras(question)
    _refuse_doubled([*offered, *extras])
    shuffled = question.get("shuffle", shuffle)
    if not isinstance(shuffled, bool):
        raise InvalidQuestion(
            "{key}: give true or false, not {given}.", key="shuffle", given=short(shuffled)
        )
    return {**question, "options": [*offered, *extras], "shuffle": shuffled}


def listed(key: str, given: Any, fewest: int, most: int) -> list[dict[str, Any]]:
    """Return a list of a question's own, under `key` of it, as {value, text}.

    >>> listed("reasons", ["tired", {"value": "busy", "text": "Busy with something"}], 1, 9)[0]
    {'value': 'tired', 'text': 'tired'}
    """
    if not isinstance(given, list | tuple) or not fewest <= len(given) <= most:
        raise InvalidQuestion(
            "{key}: give a list of {fewest} to {most}.", key=key, fewest=fewest, most=most
        )
    found = [_option(option, key) for option in given]
    _refuse_doubled(found, key)
    return found


def values(question: Question) -> list[str]:
    """Return the values of the options, in the scheme's order."""
    return [option["value"] for option in question["options"]]


def texts(question: Question) -> list[dict[str, str]]:
    """Return the options as {value, text} and nothing else."""
    return [{"value": o["value"], "text": o["text"]} for o in question["options"]]


def chosen(question: Question, answer: Any) -> str:
    """Return the value of the option that `answer` names."""
    return one_of(answer, values(question))


def one_of(answer: Any, known: Sequence[str]) -> str:
    """Return the value among `known` that `answer` is."""
    if isinstance(answer, int) and finite(answer) is not None:
        answer = str(answer)
    if not isinstance(answer, str) or answer not in known:
        raise InvalidAnswer(
            "{given} is not an option. Choose one of: {known}.",
            given=short(answer),
            known=", ".join(known),
        )
    return answer


def ordered(question: Question, order: Sequence[str]) -> list[dict[str, Any]]:
    """Return the options in the annotator's order, each with its key on the keyboard."""
    place = {value: number for number, value in enumerate(order)}
    found = sorted(question["options"], key=lambda option: place.get(option["value"], len(place)))
    return with_keys(found)


def with_keys(choices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choices, each with the key of its place, "" where there is none left.

    >>> found = with_keys({"value": str(n)} for n in range(25))
    >>> found[0]["key"], found[11]["key"], found[12]["key"], found[24]["key"]
    ('1', '=', '⇧1', '')
    """
    names = chain(KEY_NAMES, repeat(""))
    return [{**choice, "key": name} for choice, name in zip(choices, names, strict=False)]


def _offered(question: Question, fewest: int, most: int) -> list[dict[str, Any]]:
    preset = question.get("preset")
    if preset is not None and (not isinstance(preset, str) or preset not in PRESETS):
        raise not_one_of("preset", preset, PRESETS)
    if "options" not in question and preset:
        return [{k: o[k] for k in ("value", "text", "uri") if k in o} for o in _of(preset)]
    given = question.get("options")
    if not isinstance(given, list | tuple):
        raise _wrong_number(question | {"options": given}, fewest, most, 0)
    return [_option(option) for option in given]


def _of(preset: str) -> tuple[dict[str, Any], ...]:
    return PRESETS[preset].options


def _wrong_number(question: Question, fewest: int, most: int, n: int) -> InvalidQuestion:
    if "options" in question:
        return InvalidQuestion(
            "options: give a list of {fewest} to {most} options, not {n}.",
            fewest=fewest,
            most=most,
            n=n,
        )
    return InvalidQuestion(
        "preset: {preset} has {n} options, and {instrument} takes {fewest} to {most}. Take another "
        "kind of question, or list the options you need.",
        preset=question["preset"],
        n=n,
        instrument=question.get("instrument", "…"),
        fewest=fewest,
        most=most,
    )


def _extras(question: Question) -> list[dict[str, Any]]:
    wished = question.get("extras", [])
    if not isinstance(wished, list):
        raise InvalidQuestion("{key}: give a list.", key="extras")
    unknown = [word for word in wished if not isinstance(word, str) or word not in EXTRAS]
    if unknown:
        raise not_one_of("extras", unknown[0], EXTRAS)
    return [
        {"value": word, "text": EXTRAS[word], "extra": True} for word in EXTRAS if word in wished
    ]


def _option(option: Any, key: str = "options") -> dict[str, Any]:
    if isinstance(option, dict):
        if set(option) - {"value", "text", "uri", "extra"} or "value" not in option:
            raise InvalidQuestion(
                "{key}: an option is a word, or {value: ..., text: ...}.", key=key
            )
        value, text = option["value"], option.get("text", option["value"])
    else:
        value = text = option
    for word in (value, text):
        # `finite` refuses true and false, and numbers too long to be written out.
        if not isinstance(word, str) and (not isinstance(word, int) or finite(word) is None):
            raise InvalidQuestion(
                "{key}: {given} is not a word; quote it in YAML.", key=key, given=short(word)
            )
    pair = {"value": str(value).strip(), "text": str(text).strip()}
    if not all(0 < len(word) <= LONGEST_TEXT and word.isprintable() for word in pair.values()):
        raise InvalidQuestion(
            "{key}: an option has 1 to {longest} characters, all printable.",
            key=key,
            longest=LONGEST_TEXT,
        )
    if pair["value"] == "null":
        # SQLite reads the null of JSON as this text: the two could not be told apart.
        raise InvalidQuestion("{key}: null stands for no answer; choose another value.", key=key)
    return pair | _marks(option, key)


def _marks(option: Any, key: str) -> dict[str, Any]:
    if not isinstance(option, dict):
        return {}
    uri = option.get("uri", "")
    if not isinstance(uri, str) or len(uri) > 200 or not uri.isprintable():
        raise InvalidQuestion("{key}: a uri is an address of up to 200 characters.", key=key)
    return ({"uri": uri} if uri else {}) | ({"extra": True} if option.get("extra") is True else {})


def _refuse_doubled(options: list[dict[str, Any]], where: str = "options") -> None:
    for key in ("value", "text"):
        words = [option[key].casefold() for option in options]
        doubled = next((word for word in words if words.count(word) > 1), None)
        if doubled is not None:
            raise InvalidQuestion(
                "{key}: {given} is there twice; each must differ.", key=where, given=repr(doubled)
            )
