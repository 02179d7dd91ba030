"""A pencil that knows where the head is: smooth shapes in a frame of 320 by 320 units."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

SIDE = 320
OVERSAMPLING = 2
Points = NDArray[np.float64]
Colour = tuple[int, int, int]
_PIVOT = np.array([0.0, 95.0])
_CENTRE = np.array([160.0, 152.0])
_ZOOM = 1.14
_DARK = 330


@dataclass(frozen=True)
class Pose:
    """Where the head is: `tilt` in radians, `turn` and `nod` in units per unit of depth."""

    tilt: float = 0.0
    turn: float = 0.0
    nod: float = 0.0

    def bring(self, points: Points, other: "Pose") -> Points:
        """Return points of this head in the coordinates of `other`, which stands straight."""
        back: Points = (self.place(points, 0.0) - _CENTRE) / _ZOOM
        brought: Points = back - np.array([other.turn, other.nod])
        return brought

    def place(self, points: Points, depth: float) -> Points:
        """Return points of the head, shape (n, 2), in the frame; nearer ones move further."""
        moved: Points = points + np.array([self.turn, self.nod]) * depth - _PIVOT
        cos, sin = np.cos(self.tilt), np.sin(self.tilt)
        turned: Points = moved @ np.array([[cos, sin], [-sin, cos]])
        placed: Points = (turned + _PIVOT) * _ZOOM + _CENTRE
        return placed


class Pencil:
    """Draws filled shapes and strokes, in the head's coordinates or, without pose, the frame's."""

    def __init__(self, image: Image.Image, pose: Pose) -> None:
        self._draw = ImageDraw.Draw(image)
        self._scale = image.width / SIDE
        self.pose = pose

    def fill(self, points: Points, colour: Colour, depth: float = 0.0) -> None:
        """Fill the outline `points` of the head."""
        self._draw.polygon(self._pixels(points, depth), fill=colour)

    def blob(
        self, points: Sequence[tuple[float, float]], colour: Colour, depth: float = 0.0
    ) -> None:
        """Fill a smooth closed shape through `points`."""
        self.fill(smooth(np.array(points, dtype=float)), colour, depth)

    def disc(
        self, x: float, y: float, size: tuple[float, float], colour: Colour, depth: float = 0.0
    ) -> None:
        """Fill an ellipse about (x, y) with the half axes `size`."""
        self.fill(_circle() * np.array(size) + np.array([x, y]), colour, depth)

    def stroke(self, points: Points, colour: Colour, width: float, depth: float = 0.0) -> None:
        """Draw along `points` with round ends."""
        pixels = self._pixels(points, depth)
        self._draw.line(
            pixels, fill=colour, width=max(1, round(width * self._scale * _ZOOM)), joint="curve"
        )
        radius = width * self._scale * _ZOOM / 2
        for x, y in (pixels[:2], pixels[-2:]):
            self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def line(
        self,
        points: Sequence[tuple[float, float]],
        colour: Colour,
        width: float,
        depth: float = 0.0,
    ) -> None:
        """Draw a smooth line through `points`."""
        self.stroke(smooth(np.array(points, dtype=float), closed=False), colour, width, depth)

    def _pixels(self, points: Points, depth: float) -> list[float]:
        """Return x, y, x, y ... in the picture."""
        placed = self.pose.place(points, depth) * self._scale
        pixels: list[float] = placed.ravel().tolist()
        return pixels


def smooth(points: Points, *, closed: bool = True, steps: int = 5) -> Points:
    """Return a Catmull-Rom curve through `points`, shape (n, 2), `steps` points a stretch."""
    if closed:
        padded = np.concatenate([points[-1:], points, points[:2]])
    else:
        padded = np.concatenate([points[:1], points, points[-1:]])
    corners = np.stack([padded[i : len(padded) - 3 + i] for i in range(4)])
    curve: Points = np.einsum("sk,knd->nsd", _catmull_rom(steps), corners).reshape(-1, 2)
    return curve if closed else np.concatenate([curve, points[-1:]])


@lru_cache
def _catmull_rom(steps: int) -> Points:
    t = np.arange(steps)[:, None] / steps
    powers = np.concatenate([np.ones_like(t), t, t * t, t**3], axis=1)
    basis = np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2
    weights: Points = powers @ basis
    return weights


@lru_cache
def _circle() -> Points:
    angle = np.linspace(0, 2 * np.pi, 28, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def both_sides(right: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Mirror a half outline that runs from the top to the bottom on the positive side."""
    return [*right, *((-x, y) for x, y in reversed(right) if x)]


@lru_cache
def outline(text: str, width: float = 1.0) -> list[tuple[float, float]]:
    """Return the points written as "x,y x,y", with every x times `width`.

    >>> outline("1,2 -3,4.5", 2)
    [(2.0, 2.0), (-6.0, 4.5)]
    """
    pairs = (pair.split(",") for pair in text.split())
    return [(float(x) * width, float(y)) for x, y in pairs]


@lru_cache
def colour(code: str) -> Colour:
    """Return #rrggbb as three numbers."""
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return `one` with `share` (0..1) of `other` in it.

    >>> mix((0, 0, 0), (100, 200, 50), 0.5)
    (50, 100, 25)
    """
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def darker(base: Colour, share: float) -> Colour:
    """Return `base` in a warm shade, deeper with `share`; dark tones need a darker one to show."""
    shadow = (60, 18, 24) if sum(base) > _DARK else (16, 5, 6)
    return mix(base, shadow, share if sum(base) > _DARK else min(1.0, 1.7 * share))


def lighter(base: Colour, share: float) -> Colour:
    """Return `base` in the light."""
    return mix(base, (255, 244, 228), share)
