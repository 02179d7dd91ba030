"""The places of the clips in a comparison: in the task, never on the screen."""

from __future__ import annotations

from collections.abc import Sequence
from reprlib import repr as short
from typing import Any

from annotation.instruments.base import InvalidAnswer, Shown

PLACES = ("first", "second", "third", "fourth")


def place(answer: Any, shown: Shown, *others: str) -> str:
    """Return the place, or other word, that was chosen; refuse one where no clip was shown.

    >>> place("second", Shown(clips=2))
    'second'
    """
    known = [*PLACES[: shown.clips], *others]
    if not isinstance(answer, str) or answer not in known:
        raise InvalidAnswer(
            "{given} is not a place. Choose one of: {known}.",
            given=short(answer),
            known=", ".join(known),
        )
    return answer


def choices(n: int, order: Sequence[str]) -> list[dict[str, str]]:
    """Return the places as they stand on the screen, each with the key that chooses it.

    >>> choices(2, ["second", "first"])[0]
    {'value': 'second', 'key': '1'}
    """
    known = PLACES[:n]
    seen = list(order) if sorted(order) == sorted(known) else list(known)
    return [{"value": value, "key": str(number)} for number, value in enumerate(seen, start=1)]
