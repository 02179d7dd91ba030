"""A dimension of affect, with what its two ends mean: asked for by points, slider or trace."""

from __future__ import annotations

import re
from typing import Any

from annotation.instruments.base import InvalidQuestion
from annotation.instruments.checks import short, text
from annotation.instruments.presets.preset import worded

WORD = re.compile(r"[a-z][a-z0-9-]{0,39}")
# What the low and the high end mean where the researcher does not say it.
ENDS = {
    "valence": ("unpleasant", "pleasant"),
    "arousal": ("calm", "excited"),
    "dominance": ("controlled", "in control"),
    "pleasure": ("displeased", "pleased"),
    "potency": ("weak", "strong"),
    "unpredictability": ("expected", "unexpected"),
    "intensity": ("weak", "strong"),
}
KEYS = {"name", "text", "low", "high", "uri"}


def dimension(key: str, given: Any) -> dict[str, str]:
    """Return a dimension as {name, text, low, high}, and its uri where it has one.

    >>> dimension("dimension", "valence")
    {'name': 'valence', 'text': 'Valence', 'low': 'unpleasant', 'high': 'pleasant'}
    """
    asked = given if isinstance(given, dict) else {"name": given}
    name = asked.get("name")
    if set(asked) - KEYS or not isinstance(name, str) or not WORD.fullmatch(name):
        raise InvalidQuestion(
            "{key}: {given} is not a dimension. Give a word of small letters, or "
            "{name: ..., low: ..., high: ...}.",
            key=key,
            given=short(given),
        )
    ends = dict(zip(("low", "high"), ENDS.get(name, ()), strict=False))
    missing = next((end for end in ("low", "high") if end not in {**ends, **asked}), None)
    if missing:
        raise InvalidQuestion(
            "{key}: {name} needs {missing}, a text for that end of its scale.",
            key=key,
            name=name,
            missing=missing,
        )
    found = {"text": worded(name), **ends, **asked}
    return {"name": name} | {k: text(key, found[k]) for k in ("text", "low", "high")} | _uri(asked)


def _uri(asked: dict[str, Any]) -> dict[str, str]:
    return {"uri": text("uri", asked["uri"], 200)} if "uri" in asked else {}
