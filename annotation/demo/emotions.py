"""Feelings as facial action units, and how they rise and fall.

The profiles follow the prototypes of the Facial Action Coding System (Ekman, Friesen & Hager,
2002: joy 6+12, sadness 1+4+15, anger 4+5+7+23, fear 1+2+4+5+20+25, surprise 1+2+5+26,
disgust 9+10+17), as a drawing can show them.
"""

import numpy as np
from numpy.typing import NDArray

OPTIONS = ("joy", "sadness", "anger", "fear", "surprise", "disgust", "calm")

# Every movement lies in -1..1 and is 0 in a face at rest.
ACTIONS = (
    "brow_inner",  # AU1: the inner ends of the brows rise
    "brow_outer",  # AU2: the outer ends rise
    "brow_furrow",  # AU4: the brows come down and together
    "eyes_wide",  # AU5: the upper lids rise; negative: they droop
    "squint",  # AU7: the lower lids rise
    "cheek",  # AU6: the cheeks push up under the eyes
    "nose",  # AU9: the nose wrinkles
    "upper_lip",  # AU10: the upper lip rises
    "corners",  # AU12: the corners of the mouth go up; negative (AU15): down
    "stretch",  # AU20: the mouth grows wide; negative (AU18): it puckers
    "press",  # AU24: the lips press together
    "open",  # AU25 and 26: lips part, jaw drops
    "gaze_x",
    "gaze_y",  # positive is down
    "tilt",
    "turn",
    "nod",  # positive is down
    "blush",
)
Actions = NDArray[np.float64]


def actions(**movements: float) -> Actions:
    """Return the vector, shape (18,), with the named movements.

    >>> actions(corners=0.5)[ACTIONS.index("corners")]
    np.float64(0.5)
    """
    vector = np.zeros(len(ACTIONS))
    for name, amount in movements.items():
        vector[ACTIONS.index(name)] = amount
    return vector


PROFILES: dict[str, Actions] = {
    "joy": actions(
        corners=1,
        cheek=1,
        squint=0.35,
        open=0.42,
        brow_outer=0.15,
        tilt=0.25,
        nod=-0.15,
        blush=0.45,
        stretch=0.3,
    ),
    "sadness": actions(
        brow_inner=1,
        brow_furrow=0.35,
        eyes_wide=-0.45,
        corners=-0.85,
        gaze_y=0.55,
        nod=0.55,
        tilt=-0.3,
        stretch=-0.1,
        blush=0.1,
    ),
    "anger": actions(
        brow_furrow=1,
        brow_outer=0.15,
        eyes_wide=0.3,
        squint=0.6,
        press=0.85,
        corners=-0.4,
        nod=0.3,
        blush=0.55,
        nose=0.35,
    ),
    "fear": actions(
        brow_inner=0.9,
        brow_outer=0.5,
        brow_furrow=0.35,
        eyes_wide=0.95,
        stretch=0.75,
        open=0.3,
        corners=-0.45,
        nod=-0.35,
        turn=0.3,
    ),
    "surprise": actions(
        brow_inner=0.9, brow_outer=1, eyes_wide=0.9, open=0.95, stretch=-0.4, nod=-0.4
    ),
    "disgust": actions(
        nose=1,
        upper_lip=0.9,
        brow_furrow=0.55,
        squint=0.6,
        corners=-0.5,
        eyes_wide=-0.25,
        turn=-0.5,
        tilt=0.3,
        nod=-0.1,
    ),
    "calm": actions(eyes_wide=-0.12, corners=0.16),
}

# Low and high feelings in the voice: arousal and valence, both -1..1 (after Russell 1980).
AFFECT = {
    "joy": (0.6, 0.9),
    "sadness": (-0.7, -0.7),
    "anger": (0.85, -0.7),
    "fear": (0.7, -0.6),
    "surprise": (0.75, 0.15),
    "disgust": (0.15, -0.75),
    "calm": (-0.5, 0.3),
}


def envelope(t: NDArray[np.float64], onset: float, apex: float, offset: float) -> Actions:
    """Return how far a feeling shows at the times `t` (seconds): 0, up to 1, and down again.

    It begins at `onset`, is full from `apex` and fades after `offset`, each move smooth.
    """
    rise = _smooth((t - onset) / max(apex - onset, 1e-6))
    return rise * (1 - 0.8 * _smooth((t - offset) / 0.7))


def _smooth(x: NDArray[np.float64]) -> NDArray[np.float64]:
    x = np.clip(x, 0, 1)
    return x * x * x * (x * (6 * x - 15) + 10)
