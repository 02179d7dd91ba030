"""The movements of a face at one instant, by name."""

from dataclasses import dataclass

import numpy as np

from annotation.demo.emotions import ACTIONS, Actions
from annotation.demo.persons import Manner


@dataclass(frozen=True)
class Expression:
    """One value per action unit, about -1..1; `lean` is how much stronger the right side moves."""

    brow_inner: float
    brow_outer: float
    brow_furrow: float
    eyes_wide: float
    squint: float
    cheek: float
    nose: float
    upper_lip: float
    corners: float
    stretch: float
    press: float
    open: float
    gaze_x: float
    gaze_y: float
    tilt: float
    turn: float
    nod: float
    blush: float
    lean: float = 0.0
    blink: float = 0.0

    def side(self, side: int) -> float:
        """Return the strength of the given side, 1 (right in the picture) or -1."""
        return 1 + side * self.lean


def expression(vector: Actions, manner: Manner, blink: float = 0.0) -> Expression:
    """Return the face of a person with `manner` who moves by `vector`, shape (18,)."""
    moved = np.clip(vector * manner.gain, -1.25, 1.25)
    values = dict(zip(ACTIONS, (float(value) for value in moved), strict=True))
    values["corners"] += manner.rest
    values["brow_furrow"] += manner.brow_rest
    return Expression(**values, lean=manner.lopsided, blink=blink)
