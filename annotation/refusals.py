"""Why something is not taken: a sentence with its values, for each reader in their language.

Pure code raises a refusal and knows no language; `annotation.saying` says it in the reader's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Self, Union

Value = Union[str, int, float, "Refusal"]
_PLACE = re.compile(r"\{(\w+)\}")


class Refusal(ValueError):
    """Something that is not taken; `str` of it is the English sentence.

    `message` has a place for each value, such as {given}; it stands in the sources as it is, for
    the catalogues are made of it. A value is put in as it stands and never read for places of its
    own, whoever wrote it. One that is a refusal too is said in the same language.

    >>> problem = Refusal("{given} is no level from 1 to {most}.", given="{most}", most=5)
    >>> str(Refusal("{part}: {problem}", part="level", problem=problem))
    'level: {most} is no level from 1 to 5.'
    """

    def __init__(self, message: str, /, **values: Value) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.worded(str)

    @classmethod
    def of(cls, message: str, values: Mapping[str, Value]) -> Self:
        """Return the refusal that had this message and these values in another process."""
        return cls(message, **values)

    def worded(self, translate: Callable[[str], str], point: str = ".") -> str:
        """Return the sentence as `translate` words it, with `point` in its decimal numbers.

        >>> Refusal("It ends at {end} s.", end=2.50).worded(lambda _: "Ende: {end} s.", ",")
        'Ende: 2,5 s.'
        """
        said = {name: _said(value, translate, point) for name, value in self.values.items()}
        return _PLACE.sub(lambda place: said.get(place[1], place[0]), translate(self.message))


def _said(value: Value, translate: Callable[[str], str], point: str) -> str:
    if isinstance(value, Refusal):
        return value.worded(translate, point)
    return f"{value:g}".replace(".", point) if isinstance(value, float) else str(value)
