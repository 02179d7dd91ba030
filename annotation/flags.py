"""What a clip may hold that somebody may not want to see: the words, their texts and their bits.

A clip keeps words, for people; tasks, assignments and opt-outs keep a bit mask, for the database.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy

from annotation.refusals import Refusal

# The order is the order of the bits: add new words at the end, and never take one away.
TEXTS: dict[str, Any] = {
    "violence": gettext_lazy("Violence or threats"),
    "injury": gettext_lazy("Injury or blood"),
    "death": gettext_lazy("Death or grief"),
    "self-harm": gettext_lazy("Self-harm or suicide"),
    "abuse": gettext_lazy("Abuse or humiliation"),
    "sexual": gettext_lazy("Sexual content"),
    "hate": gettext_lazy("Hate or slurs"),
    "distress": gettext_lazy("A person in great distress"),
    "substances": gettext_lazy("Alcohol or drugs"),
    "flashing": gettext_lazy("Flashing light"),
}
FLAGS = tuple(TEXTS)
SEPARATOR = ", "


class UnknownFlag(Refusal):
    """A word that is no flag; the message names those that are."""


def checked(words: Iterable[str]) -> list[str]:
    """Return the flags among `words`, each once and in their order; UnknownFlag for another."""
    given = list(words)
    if unknown := [word for word in given if word not in TEXTS]:
        raise UnknownFlag(
            "{given} is not one of: {known}.", given=repr(unknown[0]), known=SEPARATOR.join(FLAGS)
        )
    return [word for word in FLAGS if word in given]


def mask(words: Iterable[str]) -> int:
    """Return the bits of `words`.

    >>> mask(["violence", "death"])
    5
    """
    return sum(1 << FLAGS.index(word) for word in checked(words))


def words(bits: int) -> list[str]:
    """Return the words of a bit mask.

    >>> words(5)
    ['violence', 'death']
    """
    return [word for place, word in enumerate(FLAGS) if bits >> place & 1]


def choices(bits: int) -> list[tuple[str, Any]]:
    """Return the flags of a bit mask as a form offers them."""
    return [(word, TEXTS[word]) for word in words(bits)]


def told(given: Iterable[str]) -> str:
    """Return the flags as a person reads them."""
    return SEPARATOR.join(str(TEXTS[word]) for word in checked(given))


ALL = mask(FLAGS)
