"""The figures of a self-assessment scale, drawn by ourselves for any point between the ends.

Valence is in the mouth and the brows, arousal in the burst inside the body, dominance in the size.
"""

from __future__ import annotations

from math import cos, pi, sin
from typing import Any

from django import template

register = template.Library()

# The dimensions that mean much the same share a figure; others have none.
FIGURES = {
    "valence": "valence",
    "pleasure": "valence",
    "arousal": "arousal",
    "dominance": "dominance",
    "potency": "dominance",
}
SPIKES = 9
CENTRE_X, CENTRE_Y = 20.0, 29.0


@register.inclusion_tag("annotation/instruments/_manikin.html")
def manikin(dimension: str, at: float) -> dict[str, Any]:
    """Draw the figure of `dimension` at a point between its ends, -1 and 1; nothing if it has none.

    >>> manikin("valence", -1)["mouth"]
    '13 27.5 Q20 20.5 27 27.5'
    """
    kind = FIGURES.get(dimension, "")
    drawn = {"valence": _face, "arousal": _burst, "dominance": _size}
    return {"kind": kind} | (drawn[kind](at) if kind else {})


def _face(at: float) -> dict[str, str]:
    corners = 26 - 1.5 * at
    deepest = corners + 7 * at
    outer, inner = 13.2 + 0.8 * max(-at, 0) - 1.2 * max(at, 0), 13.2 - 2.4 * max(-at, 0)
    inner -= 1.6 * max(at, 0)
    return {
        "mouth": f"13 {corners:g} Q20 {_plain(deepest)} 27 {corners:g}",
        "left_brow": f"10.5 {_plain(outer)} L16.5 {_plain(inner)}",
        "right_brow": f"29.5 {_plain(outer)} L23.5 {_plain(inner)}",
    }


def _burst(at: float) -> dict[str, str]:
    energy = (at + 1) / 2
    return {
        "star": _star(1.6 + 10 * energy, 0.75 - 0.3 * energy),
        "eye": _plain(0.5 + 1.5 * energy),
        "lids": "closed" if at < -0.5 else "",
    }


def _star(radius: float, waist: float) -> str:
    corners = []
    for corner in range(2 * SPIKES):
        length = radius * (waist if corner % 2 else 1)
        angle = pi * corner / SPIKES - pi / 2
        x, y = CENTRE_X + length * cos(angle), CENTRE_Y + length * sin(angle)
        corners.append(f"{_plain(x)},{_plain(y)}")
    return " ".join(corners)


def _size(at: float) -> dict[str, str]:
    return {"scale": _plain(0.64 + 0.36 * at, 3)}


def _plain(number: float, digits: int = 2) -> str:
    """Write a number for a drawing, in any language of the page with a point."""
    return f"{round(number, digits):g}"
