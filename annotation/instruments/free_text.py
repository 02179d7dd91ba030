"""The annotator's own words. Empty is null."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
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
from annotation.instruments.checks import short

NAME = "free-text"
KEYS = {"longest"}
REQUIRED = False
CATEGORY_AT = None
LONGEST = range(1, 5001)
# Tags, comments and the beginnings of both; "a < b" and "<3" are no markup.
MARKUP = re.compile(r"</|<!|<\?|<script|<[a-z][^<>]*>|<[a-z][\w-]*[\s/]+[\w:-]+=", re.IGNORECASE)


def define(question: Question) -> Question:
    """Return the question with the most characters that an answer may have.

    >>> define({"prompt": "What made you think so?"})["longest"]
    1000
    """
    longest = question.get("longest", 1000)
    if isinstance(longest, bool) or not isinstance(longest, int) or longest not in LONGEST:
        raise InvalidQuestion("longest: give 1 to {most} characters.", most=LONGEST.stop - 1)
    return {**question, "longest": longest}


def clean(question: Question, answer: Any, shown: Shown) -> str | None:
    """Return the text, composed (NFC) and without space around it."""
    del shown
    if not isinstance(answer, str):
        raise InvalidAnswer("{given} is not a text.", given=short(answer))
    words = unicodedata.normalize("NFC", answer.replace("\r\n", "\n")).strip()
    longest = question["longest"]
    if len(words) > longest:
        raise InvalidAnswer(
            "This has {n} characters. Say it in up to {most}.", n=len(words), most=longest
        )
    if any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in words):
        raise InvalidAnswer("This has characters that cannot be shown. Write plain text.")
    if MARKUP.search(words):
        raise InvalidAnswer("This looks like HTML. Write plain text, without tags such as <b>.")
    if not words and question["required"]:
        raise InvalidAnswer("An answer is needed.")
    return words or None


def read(question: Question, fields: Fields) -> str | None:
    return only(fields, question["name"])


def draw(question: Question, order: Sequence[str]) -> Question:
    del order
    return dict(question)


def categories(question: Question) -> list[dict[str, str]]:
    del question
    return []


def aggregate(question: Question, said: Sequence[Said]) -> dict[int, Summary]:
    """Return how many wrote something; their words stay in the labels alone.

    >>> aggregate({}, [Said(1, 1, "She looks away."), Said(1, 2, "Tired?")])
    {1: {'n': 2}}
    """
    del question
    return {task: {"n": len(answers)} for task, answers in by_task(said).items()}


def cells(question: Question, answer: Any) -> dict[str, Any]:
    del question
    return {"": answer}
