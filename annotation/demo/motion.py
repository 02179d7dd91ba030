"""How a face moves through a clip: feelings rise and fall, eyes blink and wander, lips speak."""

import numpy as np
from numpy.typing import NDArray

from annotation.demo.clips import DemoClip
from annotation.demo.emotions import ACTIONS, PROFILES, actions, envelope
from annotation.demo.expression import Expression, expression
from annotation.demo.persons import Manner

_WANDER = actions(gaze_x=0.35, gaze_y=0.18, tilt=0.2, turn=0.3, nod=0.18)
_MOUTH = [ACTIONS.index(name) for name in ("press", "upper_lip")]


def movements(
    clip: DemoClip, manner: Manner, fps: int, loudness: NDArray[np.float64]
) -> list[Expression]:
    """Return one expression a frame; `loudness` (0..1, any rate) opens the mouth to speak."""
    rng = np.random.default_rng(clip.seed)
    t = np.arange(round(clip.duration * fps)) / fps
    vectors = _feelings(clip, t, rng) + _restlessness(t, rng)
    voice = np.interp(t, np.linspace(0, clip.duration, len(loudness)), loudness)
    vectors[:, _MOUTH] *= 1 - 0.5 * voice[:, None]
    vectors[:, ACTIONS.index("open")] += 0.30 * voice
    blinks = _blinks(t, rng)
    return [
        expression(vector, manner, blink) for vector, blink in zip(vectors, blinks, strict=True)
    ]


def _feelings(
    clip: DemoClip, t: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Shape (len(t), 18). The second feeling of a blend comes later and overlaps the first."""
    total = np.tile(PROFILES["calm"] * 0.5, (len(t), 1))
    for order, (emotion, strength) in enumerate(clip.shown):
        onset = 0.15 + 0.45 * order + rng.uniform(0, 0.15)
        apex = onset + rng.uniform(0.35, 0.6)
        offset = clip.duration - 0.6 + 0.2 * order
        total += envelope(t, onset, apex, offset)[:, None] * PROFILES[emotion] * strength
    return total


def _restlessness(t: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Slow sway of eyes and head: three sine waves each, so that no two people keep still alike."""
    rates = rng.uniform(0.15, 0.8, (3, 1, len(ACTIONS)))
    phases = rng.uniform(0, 2 * np.pi, (3, 1, len(ACTIONS)))
    waves: NDArray[np.float64] = np.sin(2 * np.pi * rates * t[None, :, None] + phases).mean(axis=0)
    return waves * _WANDER


def _blinks(t: NDArray[np.float64], rng: np.random.Generator) -> list[float]:
    moments = rng.uniform(0.3, t[-1] - 0.2, 1 + int(rng.integers(2)))
    nearest = np.abs(t[:, None] - moments).min(axis=1)
    return [float(value) for value in np.clip(1.25 - nearest / 0.075, 0, 1)]
