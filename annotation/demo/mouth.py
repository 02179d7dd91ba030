"""Mouth and chin: corners, lips, teeth, and the hair that grows around them."""

import numpy as np

from annotation.demo.drawing import Pencil, colour, darker, lighter, mix, smooth
from annotation.demo.expression import Expression
from annotation.demo.persons import Looks

_TEETH = (252, 248, 242)
_INSIDE = (92, 26, 34)
_TONGUE = (214, 106, 106)
_ROSE = (190, 66, 76)
_DEPTH = 1.1


def draw_mouth(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw lips that move with the face, and what is behind them when they part."""
    skin = colour(looks.skin)
    lip = mix(darker(skin, 0.12), _ROSE, 0.42)
    opening = max(0.0, face.open) * (1 - 0.8 * max(0.0, face.press))
    shape = _Shape(face, looks, opening)
    if opening > 0.04:
        pencil.fill(np.concatenate([shape.upper, shape.lower[::-1]]), _INSIDE, _DEPTH)
        _draw_inside(pencil, shape, opening)
    pencil.fill(np.concatenate([shape.upper_edge, shape.upper[::-1]]), darker(lip, 0.14), _DEPTH)
    pencil.fill(np.concatenate([shape.lower, shape.lower_edge[::-1]]), lip, _DEPTH)
    if opening <= 0.04:
        pencil.stroke(shape.upper, darker(lip, 0.5), 1.7, _DEPTH)
    for x, y in (shape.upper[0], shape.upper[-1]):
        pencil.disc(x, y, (1.6, 1.6), darker(lip, 0.35), _DEPTH)
    _draw_chin(pencil, face, looks, shape.bottom)
    if "moustache" in looks.extras:
        _draw_moustache(pencil, face, looks)


class _Shape:
    """The four curves of a mouth, left to right: edges of the lips and where they meet."""

    def __init__(self, face: Expression, looks: Looks, opening: float) -> None:
        half = 20.5 * (1 + 0.20 * face.stretch + 0.13 * max(0.0, face.corners) - 0.16 * opening)
        thick = looks.lips * (1 - 0.75 * max(0.0, face.press))
        lift = np.array([face.corners * 8.5 * face.side(side) for side in (-1, 1)])
        middle = 45.0 + 2.2 * max(0.0, face.corners) - 3.5 * face.upper_lip - 3.0 * opening
        drop = middle + 25 * opening
        ends = [(-half, 45 - lift[0]), (half, 45 - lift[1])]
        flat = 0.42 + 0.2 * max(0.0, face.corners)
        self.upper = self._curve(ends, middle, flat)
        self.lower = self._curve(ends, drop, 0.62)
        self.upper_edge = self._bow(ends, middle - 5.4 * thick)
        self.lower_edge = self._curve(ends, drop + 7.6 * thick, 0.66)
        self.half, self.middle, self.drop, self.bottom = half, middle, drop, drop + 8 * thick

    @staticmethod
    def _curve(ends: list[tuple[float, float]], middle: float, flat: float) -> np.ndarray:
        (x0, y0), (x1, y1) = ends
        inner = [(x0 * flat, y0 + (middle - y0) * 0.86), (x1 * flat, y1 + (middle - y1) * 0.86)]
        points = [ends[0], inner[0], (0.0, middle), inner[1], ends[1]]
        return smooth(np.array(points), closed=False)

    @staticmethod
    def _bow(ends: list[tuple[float, float]], top: float) -> np.ndarray:
        (x0, y0), (x1, y1) = ends
        points = [
            ends[0],
            (x0 * 0.6, y0 + (top - y0) * 0.72),
            (x0 * 0.2, top - 0.6),
            (0.0, top + 1.3),
        ]
        points += [(x1 * 0.2, top - 0.6), (x1 * 0.6, y1 + (top - y1) * 0.72), ends[1]]
        return smooth(np.array(points), closed=False)


def _draw_inside(pencil: Pencil, shape: _Shape, opening: float) -> None:
    """Teeth hang from the upper lip; the tongue shows when the jaw is low."""
    inner = shape.upper[2:-2]
    arch = np.sqrt(1 - (inner[:, 0] / shape.half) ** 2)
    height = (1.5 + 5.0 * min(1.0, opening * 2.2)) * arch
    reach = np.minimum(inner[:, 1] + height, _floor(shape, inner[:, 0]))
    pencil.fill(np.concatenate([inner, np.stack([inner[:, 0], reach], 1)[::-1]]), _TEETH, _DEPTH)
    if opening > 0.3:
        low, half = shape.drop, shape.half
        tongue = [
            (-half * 0.4, low - 3),
            (0, low - 5 - 5 * opening),
            (half * 0.4, low - 3),
            (0, low - 1),
        ]
        pencil.blob(tongue, _TONGUE, _DEPTH)


def _floor(shape: _Shape, x: np.ndarray) -> np.ndarray:
    floor: np.ndarray = np.interp(x, shape.lower[:, 0], shape.lower[:, 1]) - 0.5
    return floor


def _draw_chin(pencil: Pencil, face: Expression, looks: Looks, bottom: float) -> None:
    skin = colour(looks.skin)
    shade = darker(skin, 0.16)
    if {"beard", "goatee", "stubble"}.intersection(looks.extras):
        return
    pencil.line([(-9, bottom + 4.5), (0, bottom + 6), (9, bottom + 4.5)], shade, 1.8, 0.9)
    if face.corners < -0.35:  # AU17, the chin's own sadness
        pencil.line([(-5, bottom + 10), (0, bottom + 8.6), (5, bottom + 10)], shade, 1.5, 0.9)


def _draw_moustache(pencil: Pencil, face: Expression, looks: Looks) -> None:
    hair = lighter(colour(looks.hair), 0.1)
    y = 37.5 - 3 * face.upper_lip
    ends = [y + 6 - 5 * face.corners * face.side(side) for side in (-1, 1)]
    pencil.blob(
        [
            (0, y - 4),
            (12, y - 2.5),
            (25, ends[1]),
            (14, y + 4.5),
            (0, y + 3),
            (-14, y + 4.5),
            (-25, ends[0]),
            (-12, y - 2.5),
        ],
        hair,
        _DEPTH,
    )


def draw_beard(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw what grows below the mouth; it moves with the jaw."""
    skin, hair = colour(looks.skin), colour(looks.hair)
    low = 86 + 11 * max(0.0, face.open)
    w = looks.width
    if "stubble" in looks.extras:
        half = [
            (0, 33),
            (22, 31),
            (50 * w, 12),
            (55 * w, 30),
            (44 * w, 62),
            (22, low - 4),
            (0, low - 1),
        ]
        pencil.blob([*half, *((-x, y) for x, y in reversed(half) if x)], mix(skin, hair, 0.22), 0.6)
    if "beard" in looks.extras:
        half = [
            (0, 34),
            (20, 33),
            (38, 34),
            (54 * w, 2),
            (59 * w, 30),
            (48 * w, 68),
            (24, low + 9),
            (0, low + 12),
        ]
        pencil.blob([*half, *((-x, y) for x, y in reversed(half) if x)], lighter(hair, 0.06), 0.5)
    if "goatee" in looks.extras:
        half = [(0, 34), (15, 34.5), (25, 40), (24, 58), (19, low - 4), (0, low + 6)]
        pencil.blob([*half, *((-x, y) for x, y in reversed(half) if x)], lighter(hair, 0.05), 0.7)
        inner = [(0, 41), (16, 42), (18, 56), (10, low - 17), (0, low - 15)]
        pencil.blob([*inner, *((-x, y) for x, y in reversed(inner) if x)], skin, 0.7)
