"""Hair and scarves before the head."""

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
    smooth,
)
from annotation.demo.persons import Looks

Painter = Callable[[Pencil, Colour, float], None]


def draw_front(pencil: Pencil, looks: Looks) -> None:
    """Draw the hair over the forehead and the temples."""
    _FRONTS[looks.style](pencil, colour(looks.hair), looks.width)


def _bob_front(pencil: Pencil, hair: Colour, w: float) -> None:
    shape = outline(
        "-62,30 -71,-20 -60,-72 -20,-100 30,-98 64,-66 71,-14 63,32 55,-4 50,-38 "
        "24,-62 -6,-45 -38,-38 -52,-28",
        w,
    )
    pencil.blob(shape, hair, 0.2)
    pencil.line([(24, -64), (46, -56), (60 * w, -28)], lighter(hair, 0.18), 2.6, 0.2)
    pencil.line([(10, -72), (-24, -62), (-50, -44)], lighter(hair, 0.18), 2.6, 0.2)


def _fade_front(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-94 32,-91 54,-70 61,-36 60,-12 56,-34 46,-57 0,-62", w)
    pencil.blob(both_sides(half), hair, 0.1)


def _bun_front(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-97 40,-88 63,-50 64,-4 57,-26 44,-54 16,-68 0,-72", w)
    pencil.blob(both_sides(half), hair, 0.1)
    for side in (-1, 1):
        pencil.line(
            [(side * 20, -76), (side * 42, -64), (side * 56, -40)], lighter(hair, 0.16), 2.2, 0.1
        )


def _bald_front(pencil: Pencil, hair: Colour, w: float) -> None:
    for side in (-1, 1):
        pencil.blob(outline("56,-46 65,-34 68,-10 63,6 57,-8 56,-28", side * w), hair, -0.2)
    pencil.line([(12, -71), (26, -65), (36, -55)], (255, 240, 228), 3.4, 0.3)


def _curls_front(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-104 48,-92 72,-46 70,-8 59,-22 44,-52 0,-62", w)
    pencil.blob(both_sides(half), hair, 0.1)
    for angle in np.linspace(-2.86, -0.28, 11):
        pencil.disc(57 * w * np.cos(angle), -20 + 44 * np.sin(angle), (9.5, 9), hair, 0.1)
    for x, y in ((-42, -78), (-14, -92), (20, -90), (48, -70), (4, -76)):
        pencil.line([(x - 6, y), (x, y - 4), (x + 6, y)], lighter(hair, 0.16), 2.2, 0.1)


def _long_front(pencil: Pencil, hair: Colour, w: float) -> None:
    for side in (-1, 1):
        curtain = outline(
            "-2,-100 40,-92 66,-54 71,0 74,70 62,66 60,10 54,-24 32,-54 2,-78", side * w
        )
        pencil.blob(curtain, hair, 0.15)
        pencil.line(
            [(side * 12, -86), (side * 42, -66), (side * 62 * w, -22)],
            lighter(hair, 0.22),
            2.6,
            0.15,
        )


def _scarf_front(pencil: Pencil, hair: Colour, w: float) -> None:
    outer = both_sides(outline("0,-104 46,-94 75,-46 74,20 66,86 48,132 0,146", w))
    inner = both_sides(outline("0,-68 34,-60 53,-28 55,14 43,56 20,80 0,85", w))
    ring = [smooth(np.array(points, dtype=float)) for points in (outer, inner)]
    closed = [np.concatenate([curve, curve[:1]]) for curve in ring]
    pencil.fill(np.concatenate([closed[0], closed[1][::-1]]), hair, 0.1)
    pencil.stroke(closed[1], darker(hair, 0.25), 2.2, 0.1)
    fold = darker(hair, 0.2)
    pencil.line([(-44, 70), (-12, 104), (34, 112)], fold, 2.4, 0.1)
    pencil.line([(-60, 40), (-40, 92), (4, 122)], fold, 2.4, 0.1)
    pencil.line([(-18, -98), (18, -92), (52, -66)], lighter(hair, 0.18), 2.6, 0.1)


def _tousled_front(pencil: Pencil, hair: Colour, w: float) -> None:
    shape = outline(
        "-63,-6 -68,-48 -54,-84 -34,-92 -22,-108 0,-100 20,-112 34,-98 56,-90 66,-52 "
        "63,-8 56,-34 44,-50 32,-46 20,-60 4,-48 -12,-60 -26,-46 -42,-54 -56,-30",
        w,
    )
    pencil.blob(shape, hair, 0.2)
    for x in (-30, -4, 24):
        pencil.line([(x - 8, -72), (x, -84), (x + 12, -90)], lighter(hair, 0.3), 2.6, 0.2)


def _side_front(pencil: Pencil, hair: Colour, w: float) -> None:
    shape = outline(
        "-63,-2 -67,-44 -52,-82 -30,-90 0,-103 42,-98 64,-62 64,-4 56,-34 48,-56 "
        "10,-64 -30,-70 -46,-50 -56,-28",
        w,
    )
    pencil.blob(shape, hair, 0.2)
    pencil.line([(-28, -84), (6, -84), (44, -74)], lighter(hair, 0.2), 2.4, 0.2)


def _short_front(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-99 42,-90 66,-50 66,-10 57,-30 42,-54 0,-60", w)
    pencil.blob(both_sides(half), hair, 0.1)
    for x, y in ((-46, -58), (-28, -64), (-8, -60), (12, -65), (32, -62), (48, -54)):
        pencil.disc(x * w, y, (12, 10), hair, 0.15)
        pencil.line(
            [(x * w - 6, y - 8), (x * w + 1, y - 12), (x * w + 8, y - 7)],
            darker(hair, 0.14),
            1.8,
            0.15,
        )


def _undercut_front(pencil: Pencil, hair: Colour, w: float) -> None:
    shaved = darker(hair, 0.45)
    for side in (-1, 1):
        pencil.blob(outline("50,-66 62,-40 63,-8 57,-20 52,-44", side * w), shaved)
    shape = outline(
        "-44,-60 -50,-86 -14,-108 34,-104 62,-76 72,-34 66,-10 58,-30 44,-46 14,-56 -20,-66", w
    )
    pencil.blob(shape, hair, 0.25)
    pencil.line([(-28, -86), (14, -90), (52, -58)], lighter(hair, 0.25), 2.8, 0.25)
    pencil.line([(-18, -74), (18, -76), (46, -54)], lighter(hair, 0.25), 2.0, 0.25)


def _locs_front(pencil: Pencil, hair: Colour, w: float) -> None:
    half = outline("0,-100 42,-92 66,-52 65,-8 56,-30 42,-56 0,-66", w)
    pencil.blob(both_sides(half), hair, 0.1)
    for side in (-1, 1):
        for k in range(4):
            x = 12 + 15 * k
            pencil.line(
                [(side * 4, -92), (side * x * 0.8, -86), (side * (x + 6) * w, -64 + 9 * k)],
                lighter(hair, 0.13),
                1.9,
                0.1,
            )


_FRONTS: dict[str, Painter] = {
    "bob": _bob_front,
    "fade": _fade_front,
    "bun": _bun_front,
    "bald": _bald_front,
    "curls": _curls_front,
    "long": _long_front,
    "scarf": _scarf_front,
    "tousled": _tousled_front,
    "side": _side_front,
    "short": _short_front,
    "undercut": _undercut_front,
    "locs": _locs_front,
}
