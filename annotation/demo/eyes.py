"""Eyes, lids and brows."""

import numpy as np

from annotation.demo.drawing import Pencil, Points, colour, darker, mix, outline, smooth
from annotation.demo.expression import Expression
from annotation.demo.persons import Looks

_WHITE = (253, 251, 248)


def _curve(text: str) -> Points:
    return smooth(np.array(outline(text)), closed=False)


# Skin that covers what of the eyeball the lids hide.
_ABOVE = _curve("-15.5,1 -11,-14.5 0,-18.5 11,-14.5 15.5,1")
_BELOW = _curve("-15.5,1 -9,11 0,14 9,11 15.5,1")


def draw_eyes(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw both eyes: white, iris and light, then the lids over them."""
    for side in (-1, 1):
        _draw_eye(pencil, face, looks, side)


def _draw_eye(pencil: Pencil, face: Expression, looks: Looks, side: int) -> None:
    skin = colour(looks.skin)
    centre = np.array([side * 26.5, -6.0])
    squint = max(0.0, face.squint, 0.75 * face.cheek)
    up = 7.6 + 4.8 * face.eyes_wide - 2.4 * squint - 1.5 * max(0.0, face.brow_furrow)
    up = max(0.0, up * (1 - face.blink))
    down = max(0.3, 6.8 - 4.4 * squint) * (1 - 0.6 * face.blink)
    top, low = _lids(face, side, up, down)
    pencil.fill(np.concatenate([top, low[::-1]]) + centre, _WHITE, 0.8)
    if up > 1.0:
        _draw_iris(pencil, face, looks, centre)
    pencil.fill(np.concatenate([top, _ABOVE[::-1]]) + centre, darker(skin, 0.07), 0.8)
    pencil.fill(np.concatenate([low, _BELOW[::-1]]) + centre, skin, 0.8)
    lash = mix((46, 26, 24), skin, 0.05)
    pencil.stroke(top + centre, lash, 2.6, 0.8)
    pencil.stroke(low[3:-3] + centre, darker(skin, 0.3), 1.1 + 0.7 * squint, 0.8)
    if "lashes" in looks.extras:
        tip = centre + np.array([side * 14.0, 0.5])
        pencil.stroke(np.array([tip, tip + np.array([side * 4.0, -3.5])]), lash, 2.0, 0.8)
    if face.cheek > 0.35:
        crease = _curve("-11,4.5 0,6.8 11,4.5") + np.array([0, down])
        pencil.stroke(crease + centre, darker(skin, 0.15), 1.5, 0.8)


def _lids(face: Expression, side: int, up: float, down: float) -> tuple[Points, Points]:
    """The edges of both lids about the centre of the eye; sorrow and anger slant them."""
    slant = side * (1.9 * max(0.0, face.brow_inner) - 1.4 * max(0.0, face.brow_furrow))
    ends = (-14.0, 1.0 + 0.3 * slant), (14.0, 1.0 - 0.3 * slant)
    left, right = (-8, -0.82 * up + 0.4 * slant), (8, -0.82 * up - 0.4 * slant)
    top = np.array([ends[0], left, (0, -up), right, ends[1]])
    low = np.array([ends[0], (-7, 0.8 * down), (0, down), (7, 0.8 * down), ends[1]])
    return smooth(top, closed=False), smooth(low, closed=False)


def _draw_iris(pencil: Pencil, face: Expression, looks: Looks, centre: np.ndarray) -> None:
    iris = colour(looks.iris)
    x = centre[0] + 4.2 * face.gaze_x
    y = centre[1] - 0.8 + 3.4 * face.gaze_y
    pencil.disc(x, y, (7.1, 7.1), darker(iris, 0.35), 0.8)
    pencil.disc(x, y + 0.5, (5.9, 5.9), iris, 0.8)
    pencil.disc(x, y, (3.3, 3.3), (24, 16, 18), 0.8)
    pencil.disc(x + 2.3, y - 2.6, (1.8, 1.8), _WHITE, 0.8)


def draw_brows(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw both brows, tapered outwards; and what the forehead does above them."""
    shade = mix(darker(colour(looks.hair), 0.1), colour(looks.skin), 0.12)
    if looks.style == "scarf":
        shade = (52, 34, 28)
    for side in (-1, 1):
        part = face.side(side)
        inner_y = -26 - 8.5 * face.brow_inner * part + 6.5 * face.brow_furrow
        outer_y = -25 - 7.5 * face.brow_outer * part + 1.0 * face.brow_furrow
        middle_y = (
            -31
            - 3.2 * face.brow_inner * part
            - 6.5 * face.brow_outer * part
            + 3.6 * face.brow_furrow
        )
        inner_x = 14.5 - 3.2 * max(0.0, face.brow_furrow)
        line = smooth(
            np.array([(inner_x, inner_y), (27, middle_y), (42, outer_y)]) * [side, 1], closed=False
        )
        thick = np.interp(np.arange(len(line)), [0, len(line) / 2, len(line) - 1], [5.4, 4.6, 1.2])[
            :, None
        ]
        down = np.array([[0, 0.5]]) * thick * looks.brows
        pencil.fill(np.concatenate([line - down, (line + down)[::-1]]), shade, 0.9)
    _draw_forehead(pencil, face, looks)


def _draw_forehead(pencil: Pencil, face: Expression, looks: Looks) -> None:
    skin = colour(looks.skin)
    raised = max(0.0, (face.brow_inner + face.brow_outer) / 2) + 0.2 * ("lines" in looks.extras)
    if raised > 0.4 and looks.style not in {"bob", "scarf"}:
        shade = darker(skin, 0.06 + 0.1 * min(1.0, raised))
        for y in (-47, -53):
            pencil.line([(-17, y), (0, y - 1.6), (17, y)], shade, 1.4, 0.8)
    if face.brow_furrow > 0.45:
        shade = darker(skin, 0.24)
        for side in (-1, 1):
            pencil.line([(side * 3.4, -29), (side * 2.9, -21)], shade, 1.5, 0.95)
