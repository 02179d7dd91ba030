"""Head, ears, cheeks, nose and what is worn."""

import numpy as np

from annotation.demo.drawing import Pencil, both_sides, colour, darker, lighter, mix, smooth
from annotation.demo.expression import Expression
from annotation.demo.persons import Looks

_RED = (224, 74, 74)


def draw_head(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw ears and the outline, whose chin follows the jaw; then blush and cheeks."""
    skin, w = colour(looks.skin), looks.width
    for side in (-1, 1):
        pencil.disc(side * 60 * w, 2, (8.5, 14), darker(skin, 0.08), -0.5)
        pencil.disc(side * 60.5 * w, 3, (4.5, 8.5), darker(skin, 0.22), -0.5)
    drop = 11 * max(0.0, face.open)
    j = w * looks.jaw
    half = [(0, -82), (34 * w, -75), (56 * w, -44), (60 * w, -6), (56 * w, 28 + drop * 0.2),
            (42 * j, 60 + drop * 0.7), (19 * j, 81 + drop), (0, 86 + drop)]  # fmt: skip
    pencil.blob(both_sides(half), skin)
    _draw_cheeks(pencil, face, looks)


def _draw_cheeks(pencil: Pencil, face: Expression, looks: Looks) -> None:
    skin = colour(looks.skin)
    pale = sum(skin) / 765
    warm = mix(skin, _RED, pale * (0.13 + 0.34 * min(1.0, max(0.0, face.blush))))
    between = mix(skin, warm, 0.5)
    for side in (-1, 1):
        y = 24 - 5 * max(0.0, face.cheek)
        pencil.disc(side * 37, y, (15, 10.5), between, 0.7)
        pencil.disc(side * 37, y, (10.5, 7), warm, 0.7)
        _draw_folds(pencil, face, looks, side)
    if "freckles" in looks.extras:
        dot = darker(skin, 0.3)
        for x, y in (
            (-38, 17),
            (-30, 21),
            (-22, 16),
            (-33, 26),
            (23, 17),
            (31, 21),
            (39, 17),
            (35, 26),
        ):
            pencil.disc(x, y, (1.1, 1.1), dot, 0.8)


def _draw_folds(pencil: Pencil, face: Expression, looks: Looks, side: int) -> None:
    """The line from nose to mouth: of age always, of a smile or a sneer with its strength."""
    skin = colour(looks.skin)
    aged = "lines" in looks.extras
    strength = max(0.0, face.corners) * 0.9 + max(0.0, face.upper_lip) + 0.45 * aged
    if strength > 0.25:
        lift = 5 * max(0.0, face.corners)
        shade = darker(skin, min(0.26, 0.08 + 0.16 * strength))
        pencil.line(
            [(side * 14.5, 25), (side * 25, 33 - lift * 0.4), (side * 29.5, 44 - lift)],
            shade,
            1.7,
            0.9,
        )
    if aged or face.squint > 0.5 or face.cheek > 0.6:
        shade = darker(skin, 0.2)
        for rise in (-3, 2):
            pencil.line(
                [(side * 44, -6 + rise * 0.4), (side * 50, -8 + rise * 1.5)], shade, 1.3, 0.4
            )


def draw_nose(pencil: Pencil, face: Expression, looks: Looks) -> None:
    """Draw a nose in three soft lines; it wrinkles and its wings rise in disgust."""
    skin, n = colour(looks.skin), looks.nose
    rise = 2.6 * max(0.0, face.nose)
    shade = darker(skin, 0.2)
    pencil.line([(-4.5, -6), (-7 * n, 9), (-10.5 * n, 18 - rise)], darker(skin, 0.1), 2.0, 1.5)
    pencil.blob(
        [(-11 * n, 19 - rise), (0, 13), (11 * n, 19 - rise), (6, 25), (0, 26.5), (-6, 25)],
        mix(skin, lighter(skin, 0.25), 0.5),
        1.6,
    )
    pencil.line(
        [(-11 * n, 19 - rise), (-8.5 * n, 23.5 - rise * 0.6), (-3.5, 23.2)], shade, 1.8, 1.6
    )
    pencil.line([(11 * n, 19 - rise), (8.5 * n, 23.5 - rise * 0.6), (3.5, 23.2)], shade, 1.8, 1.6)
    if face.nose > 0.3:
        for y in (-13, -8.5):
            pencil.line(
                [(-6, y + 1.5), (0, y), (6, y + 1.5)],
                darker(skin, 0.22 * min(1.0, face.nose)),
                1.4,
                1.2,
            )
    if "ring" in looks.extras:
        pencil.disc(10.5 * n, 21 - rise, (1.7, 1.7), (226, 196, 98), 1.6)


def draw_extras(pencil: Pencil, looks: Looks) -> None:
    """Draw what is worn: earrings and glasses."""
    if "earrings" in looks.extras:
        for side in (-1, 1):
            pencil.disc(side * 61 * looks.width, 21, (3.6, 4.8), (232, 190, 84), -0.3)
    if "glasses" in looks.extras:
        frame = (60, 48, 52)
        ring = np.array(
            [(-18, -7), (-14, 11), (0, 14), (14, 11), (18, -7), (10, -14), (-10, -14)], dtype=float
        )
        for side in (-1, 1):
            rim = smooth(ring + np.array([side * 26.5, -5]))
            pencil.stroke(np.concatenate([rim, rim[:1]]), frame, 2.0, 1.3)
            pencil.line([(side * 44, -11), (side * 59 * looks.width, -7)], frame, 2.0, 0.3)
        pencil.line([(-9, -9), (0, -12), (9, -9)], frame, 2.0, 1.3)
