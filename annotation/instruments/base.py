"""What every instrument speaks of: what was shown, what was said, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from annotation.refusals import Refusal

Question = dict[str, Any]
Summary = dict[str, Any]
# What a plain form sends: each name with all that was given under it.
Fields = Mapping[str, Sequence[str]]


class InvalidQuestion(Refusal):
    """The researcher's question cannot be asked."""


class InvalidAnswer(Refusal):
    """The annotator's answer is not one that the question offers."""


@dataclass(frozen=True)
class Shown:
    """What was before the annotator: how long it lasts, None for a picture, and how many clips."""

    duration: float | None = None
    clips: int = 1


class Said(NamedTuple):
    """One answer to a question, by whom, about which task, and how much it counts."""

    task: int
    annotator: int
    answer: Any
    weight: float = 1.0


class Instrument(Protocol):
    """A kind of question: one module that has all of it, from its wording to its export.

    `CATEGORY_AT` is where in a stored answer its category stands: "" for the answer itself,
    "primary" for that part of it, None where there is no one category. A module may say
    `NEEDS_TIME = True`: its questions cannot be asked about a picture; `ORDERED = True`: its
    categories are steps of a scale.
    """

    NAME: str
    KEYS: set[str]
    REQUIRED: bool
    CATEGORY_AT: str | None

    def define(self, question: Question, /) -> Question:
        """Return the question checked and complete, the same again if given back."""

    def clean(self, question: Question, answer: Any, shown: Shown, /) -> Any:
        """Return the answer as it is stored."""

    def read(self, question: Question, fields: Fields, /) -> Any:
        """Return the answer in a plain form; None where the question was left alone."""

    def draw(self, question: Question, order: Sequence[str], /) -> Question:
        """Return the question with what its template needs."""

    def categories(self, question: Question, /) -> list[dict[str, str]]:
        """Return the categories as {value, text}; none where `CATEGORY_AT` is None."""

    def aggregate(self, question: Question, said: Sequence[Said], /) -> dict[int, Summary]:
        """Return what the answers amount to, task by task, as plain values."""

    def cells(self, question: Question, answer: Any, /) -> dict[str, Any]:
        """Return the answer's columns in a table by their suffix; of None too, all empty."""


def in_part(part: str, problem: InvalidAnswer) -> InvalidAnswer:
    """Return what is wrong with one part of an answer, by its name."""
    return InvalidAnswer("{part}: {problem}", part=part, problem=problem)


def only(fields: Fields, name: str) -> str | None:
    """Return what a form gives under `name`, None for nothing."""
    given = fields.get(name) or [""]
    return given[0] or None


def number(fields: Fields, name: str) -> float | str | None:
    """Return the number given under `name`; what is none stays text, for `clean` to refuse."""
    given = only(fields, name)
    if given is None:
        return None
    try:
        value = float(given)
    except ValueError:
        return given
    return int(value) if value.is_integer() else value


def by_task(said: Sequence[Said]) -> dict[int, list[Said]]:
    """Return the answers of each task."""
    tasks: dict[int, list[Said]] = {}
    for one in said:
        tasks.setdefault(one.task, []).append(one)
    return tasks
