"""One frame: a person before a plain wall, wearing an expression."""

from functools import lru_cache

import numpy as np
from PIL import Image

from annotation.demo.drawing import (
    OVERSAMPLING,
    SIDE,
    Pencil,
    Pose,
    both_sides,
    colour,
    darker,
    lighter,
    mix,
)
from annotation.demo.expression import Expression
from annotation.demo.eyes import draw_brows, draw_eyes
from annotation.demo.features import draw_extras, draw_head, draw_nose
from annotation.demo.hair_before import draw_front
from annotation.demo.hair_behind import draw_back
from annotation.demo.mouth import draw_beard, draw_mouth
from annotation.demo.persons import Looks


def draw_portrait(looks: Looks, face: Expression, breath: float = 0.0) -> Image.Image:
    """Return a frame of 320 by 320 pixels; `breath` (-1..1) lifts the shoulders."""
    image = _wall(looks.backdrop).copy()
    pose = Pose(tilt=face.tilt * 0.14, turn=face.turn * 7.0, nod=face.nod * 6.0)
    head = Pencil(image, pose)
    draw_back(head, looks)
    _draw_body(Pencil(image, Pose(nod=-breath * 1.6)), head, looks)
    draw_head(head, face, looks)
    draw_beard(head, face, looks)
    draw_nose(head, face, looks)
    draw_eyes(head, face, looks)
    draw_brows(head, face, looks)
    draw_mouth(head, face, looks)
    draw_front(head, looks)
    draw_extras(head, looks)
    return image.reduce(OVERSAMPLING)


@lru_cache(maxsize=16)
def _wall(backdrop: str) -> Image.Image:
    tone = colour(backdrop)
    image = Image.new("RGB", (SIDE * OVERSAMPLING, SIDE * OVERSAMPLING), tone)
    pencil = Pencil(image, Pose())
    for step in range(4):
        pencil.disc(0, 4, (150 - 9 * step, 150 - 9 * step), lighter(tone, 0.16 * (step + 1)))
    return image


def _draw_body(body: Pencil, head: Pencil, looks: Looks) -> None:
    """Shoulders stay with the frame; the neck joins them to the head."""
    skin, top = colour(looks.skin), colour(looks.top)
    neck = np.array([(-27.0, 40.0), (27.0, 40.0)])
    upper = head.pose.bring(neck, body.pose)
    lower = np.array([(31.0, 113.0), (-31.0, 113.0)])
    shade = darker(skin, 0.17)
    shoulders = [(0, 104), (34, 105), (80, 117), (114, 142), (124, 185), (0, 200)]
    body.blob(both_sides(shoulders), top)
    neckline = [(-39, 104), (0, 98), (39, 104), (23, 124), (0, 130), (-23, 124)]
    body.blob(neckline, mix(shade, skin, 0.45))
    body.fill(np.concatenate([upper, lower]), shade)
    body.disc(0, 113, (31, 7), shade)
    body.line([(-41, 104), (-24, 125), (0, 132), (24, 125), (41, 104)], darker(top, 0.22), 4.0)
