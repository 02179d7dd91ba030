"""What a published vocabulary is, and the ways to write one down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Preset:
    """A vocabulary: its options as {value, text}, and where it was published.

    A `uri` names the vocabulary that an option's value is a name in. A wheel's options have their
    place on it, too: {valence, control}, each from -1 to 1.
    """

    title: str
    source: str
    options: tuple[dict[str, Any], ...]

    @property
    def values(self) -> list[str]:
        return [option["value"] for option in self.options]


def options(names: str, uri: str = "") -> tuple[dict[str, Any], ...]:
    """Return an option for each of the names, which are its values as published.

    >>> options("joy fears-confirmed")[1]
    {'value': 'fears-confirmed', 'text': 'Fears confirmed'}
    """
    return tuple(
        {"value": name, "text": worded(name), **({"uri": uri} if uri else {})}
        for name in names.split()
    )


def worded(name: str) -> str:
    """Return a name as people read it.

    >>> worded("being-hurt")
    'Being hurt'
    """
    return name.replace("-", " ").capitalize()
