"""Hair and scarves behind the head."""

from collections.abc import Callable

import numpy as np

from annotation.demo.drawing import (
    Colour,
    Pencil,
    both_sides,
    colour,
    darker,
    lighter,
    outline,
)
from annotation.demo.persons import Looks

Painter = Callable[[Pencil, Colour, float], None]


def draw_back(pencil: Pencil, looks: Looks) -> None:
    """Draw the hair behind neck and head."""
    painter = _BACKS.get(looks.style)
    if painter:
        painter(pencil, darker(colour(looks.hair), 0.12), looks.width)


def _bob_back(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-100 48,-90 76,-40 80,20 74,66 50,78 0,60", w)
    pencil.blob(both_sides(half), hair, -0.6)


def _bun_back(pencil: Pencil, hair: Colour, w: float) -> None:
    pencil.disc(0, -104, (27, 24), hair, -0.8)
    pencil.line([(-15, -112), (0, -118), (15, -112)], lighter(hair, 0.2), 2.4, -0.8)
    pencil.disc(0, -44, (66 * w, 58), hair, -0.5)


def _curls_back(pencil: Pencil, hair: Colour, w: float) -> None:
    pencil.disc(0, -30, (92 * w, 84), hair, -0.7)
    for angle in np.linspace(-3.75, 0.62, 19):
        pencil.disc(90 * w * np.cos(angle), -30 + 82 * np.sin(angle), (17, 17), hair, -0.7)


def _long_back(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-100 48,-90 74,-42 78,30 86,120 70,178 0,170", w)
    pencil.blob(both_sides(half), hair, -0.6)


def _scarf_back(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-106 50,-96 80,-44 82,26 92,96 104,175 0,180", w)
    pencil.blob(both_sides(half), hair, -0.5)


def _short_back(pencil: Pencil, hair: Colour, w: float) -> None:
    for angle in np.linspace(-3.5, 0.36, 13):
        pencil.disc(62 * w * np.cos(angle), -32 + 58 * np.sin(angle), (18, 18), hair, -0.4)


def _locs_back(pencil: Pencil, hair: Colour, w: float) -> None:
    pencil.disc(0, -36, (70 * w, 64), hair, -0.5)
    for step, x in enumerate(np.linspace(-76, 76, 11)):
        end = 74 + 16 * (step % 3)
        pencil.line(
            [(x * 0.7 * w, -60), (x * w, -10), (x * 1.02 * w, end)],
            lighter(hair, 0.05 * (step % 2)),
            13,
            -0.5,
        )


_BACKS: dict[str, Painter] = {
    "bob": _bob_back,
    "bun": _bun_back,
    "curls": _curls_back,
    "long": _long_back,
    "scarf": _scarf_back,
    "short": _short_back,
    "locs": _locs_back,
}
