"""A voice without words: a row of vowels, sung out of harmonics and formants.

The pitch, its melody, tempo, loudness, tremor and breath follow arousal and valence, in the
directions that Juslin & Laukka (2003) collected from 104 studies of vocal expression.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
CONTROL = 200  # control values per second
_HARMONICS = 36
# First three formants of five vowels, in Hz, for a male vocal tract (Peterson & Barney 1952).
_VOWELS = np.array(
    [[730, 1090, 2440], [530, 1840, 2480], [270, 2290, 3010], [570, 840, 2410], [300, 870, 2240]],
    dtype=float,
)
_WIDTHS = np.array([90.0, 110.0, 170.0])
_LEVELS = np.array([1.0, 0.5, 0.25])
Curve = NDArray[np.float64]


@dataclass(frozen=True)
class Utterance:
    """A sound of n samples at 24 kHz, in -1..1, and its loudness (0..1) 200 times a second."""

    samples: Curve
    loudness: Curve


def speak(
    duration: float, pitch: float, arousal: float, valence: float, rng: np.random.Generator
) -> Utterance:
    """Return `duration` seconds of a voice of mean `pitch` (Hz); arousal and valence in -1..1."""
    t = np.arange(int(duration * CONTROL)) / CONTROL
    centres, lengths, vowels = _syllables(duration, arousal, rng)
    loudness = _loudness(t, centres, lengths)
    formants = _formants(t, centres, vowels, pitch)
    contour = _contour(t, centres, pitch, (arousal, valence), rng)
    samples = _sing(contour, formants, loudness, tilt=1.55 - 0.45 * arousal)
    breath = 0.012 + 0.03 * max(0.0, -arousal) + 0.012 * max(0.0, -valence)
    noise = rng.standard_normal(len(samples)) * breath * np.sqrt(_stretched(loudness, len(samples)))
    level = 0.30 + 0.16 * arousal
    return Utterance(np.clip(samples * level + noise * level, -1, 1), loudness)


def _syllables(
    duration: float, arousal: float, rng: np.random.Generator
) -> tuple[Curve, Curve, NDArray[np.int64]]:
    """Centres and lengths in seconds, and a vowel each; the aroused speak faster."""
    length = 0.30 - 0.11 * arousal
    n = max(2, int((duration - 0.5) / length * 0.85))
    jitter = rng.uniform(-0.18, 0.18, n) * length
    centres = 0.3 + length * (np.arange(n) + 0.5) + jitter
    lengths = length * rng.uniform(0.75, 1.15, n)
    keep = (centres < duration - 0.3) & (rng.random(n) > 0.12)
    keep[0] = True
    return centres[keep], lengths[keep], rng.integers(0, len(_VOWELS), int(keep.sum()))


def _loudness(t: Curve, centres: Curve, lengths: Curve) -> Curve:
    bumps = np.clip(1 - np.abs(t[:, None] - centres) / (0.62 * lengths), 0, 1)
    loudness: Curve = np.sin(bumps.max(axis=1) * np.pi / 2) ** 1.5
    return loudness


def _formants(t: Curve, centres: Curve, vowels: NDArray[np.int64], pitch: float) -> Curve:
    """Shape (len(t), 3); a higher voice comes from a shorter tract."""
    scale = 1 + 0.17 * np.clip((pitch - 110) / 100, 0, 1)
    tracks = [np.interp(t, centres, _VOWELS[vowels, k] * scale) for k in range(3)]
    return np.stack(tracks, axis=1)


def _contour(
    t: Curve, centres: Curve, pitch: float, affect: tuple[float, float], rng: np.random.Generator
) -> Curve:
    """The pitch in Hz: raised and lively when aroused, falling when low, unsteady in fear."""
    arousal, valence = affect
    steps = rng.normal(0, 1.2 + 1.6 * max(0.0, arousal), len(centres)) + 1.2 * valence
    melody = np.interp(t, centres, steps)
    fall = -2.5 * t / t[-1] * (1 - 0.6 * arousal)
    tremor = (0.15 + 0.35 * max(0.0, arousal) * max(0.0, -valence)) * np.sin(2 * np.pi * 6.2 * t)
    contour: Curve = pitch * 2 ** ((melody + fall + tremor + 3.5 * arousal) / 12)
    return contour


def _sing(contour: Curve, formants: Curve, loudness: Curve, tilt: float) -> Curve:
    """Add harmonics, each as strong as the formants and the slope of the source make it."""
    n = len(contour) * RATE // CONTROL
    phase = 2 * np.pi * np.cumsum(_stretched(contour, n)) / RATE
    numbers = np.arange(1, _HARMONICS + 1)
    frequency = contour[:, None] * numbers
    distance = (frequency[:, :, None] - formants[:, None, :]) / _WIDTHS
    gain = (_LEVELS / (1 + distance**2)).sum(axis=2) / numbers ** (tilt - 0.75)
    gain *= (frequency < 0.45 * RATE) * loudness[:, None]
    samples = np.zeros(n)
    for number in numbers:
        samples += np.sin(number * phase) * _stretched(gain[:, number - 1], n)
    return samples / max(1e-9, float(np.abs(samples).max()))


def _stretched(curve: Curve, n: int) -> Curve:
    """Interpolate a control curve to `n` samples."""
    stretched: Curve = np.interp(np.arange(n) * len(curve) / n, np.arange(len(curve)), curve)
    return stretched
