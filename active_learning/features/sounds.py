"""Sound: statistics over a whole clip of what is heard frame by frame."""

from pathlib import Path

import numpy as np

from active_learning.features.acoustics import (
    FRAME,
    HOP,
    SILENCE,
    Array,
    cepstra,
    frames,
    harmonic_differences,
    pitch,
    power_spectrum,
    spectral_shape,
)
from active_learning.features.decoding import RATE, Samples, mono_samples
from active_learning.features.extractor import UnreadableClipError, Vector

COURSES = 2 + 6 + 13 + 4 + 2  # Loudness and crossings, spectral shape, cepstra, voice, harmonics.
STATISTICS = 8
TEMPORAL = 7
SOUND_DIMENSION = COURSES * STATISTICS + TEMPORAL
FRAMES_A_SECOND = RATE / HOP


def sound_vector(path: Path) -> Vector:
    """Return the features (SOUND_DIMENSION,) of the recording at `path`.

    Raises:
        UnreadableClipError: the file cannot be decoded or has no sound.
    """
    samples = mono_samples(path)
    if not len(samples):
        raise UnreadableClipError(f"{path.name} has no sound.")
    return describe_sound(samples)


def describe_sound(samples: Samples) -> Vector:
    """Describe mono 16 kHz samples (n,); all zeros where there are none.

    Functionals in the manner of eGeMAPS (Eyben et al. 2016): mean, spread, percentiles 20, 50,
    80, their range, mean rising and falling slope of each course; then how the voice comes and
    goes. Pitch is in semitones from 27.5 Hz and, like its irregularity and its harmonics, taken
    from voiced frames alone.
    """
    if not len(samples):
        return np.zeros(SOUND_DIMENSION, dtype=np.float32)
    power = power_spectrum(samples)
    hertz, strength = pitch(samples)
    loudness, crossings = _loudness(samples), _crossings(samples)
    courses = [loudness, crossings, *spectral_shape(power).T, *cepstra(power).T]
    courses += [*_voice(hertz, strength, loudness), *harmonic_differences(samples, hertz).T]
    numbers = np.concatenate([functionals(course) for course in courses])
    return np.concatenate([numbers, _temporal(hertz > 0, loudness)]).astype(np.float32)


def functionals(course: Array) -> Array:
    """Return the eight statistics of one course (n,), zeros of an empty one.

    >>> functionals(np.array([0.0, 1.0, 2.0, 1.0, 0.0])).round(2).tolist()
    [0.8, 0.75, 0.0, 1.0, 1.2, 1.2, 100.0, -100.0]
    """
    if not len(course):
        return np.zeros(STATISTICS)
    low, middle, high = np.percentile(course, [20, 50, 80])
    steps = np.diff(course) * FRAMES_A_SECOND
    rising, falling = (_mean(steps[steps > 0]), _mean(steps[steps < 0]))
    spread = float(course.std())
    return np.array([course.mean(), spread, low, middle, high, high - low, rising, falling])


def _mean(values: Array) -> float:
    return float(values.mean()) if len(values) else 0.0


def _loudness(samples: Samples) -> Array:
    """Energy in dB below full scale."""
    energy: Array = 10 * np.log10((frames(samples, FRAME) ** 2).mean(axis=1) + SILENCE)
    return energy


def _crossings(samples: Samples) -> Array:
    """Zero crossings as a share of the samples."""
    signs = frames(samples, FRAME) >= 0
    share: Array = (signs[:, 1:] != signs[:, :-1]).mean(axis=1)
    return share


def _voice(hertz: Array, strength: Array, loudness: Array) -> list[Array]:
    """Pitch, voicing, and frame-to-frame irregularity of pitch (jitter) and loudness (shimmer)."""
    voiced = hertz > 0
    semitones = 12 * np.log2(hertz[voiced] / 27.5)
    beside = voiced[1:] & voiced[:-1]
    jitter = np.abs(np.diff(hertz))[beside] / hertz[1:][beside]
    shimmer = np.abs(np.diff(loudness))[beside]
    return [semitones, strength, jitter, shimmer]


def _temporal(voiced: np.ndarray[tuple[int], np.dtype[np.bool_]], loudness: Array) -> Array:
    """Present flag, length (log s), voiced share, voiced parts a second, their mean and spread
    in seconds, loudness peaks a second."""
    seconds = len(voiced) / FRAMES_A_SECOND
    edges = np.flatnonzero(np.diff(np.r_[0, voiced.astype(np.int8), 0]))
    parts = (edges[1::2] - edges[::2]) / FRAMES_A_SECOND
    inner = loudness[1:-1]
    peaks = (inner > loudness[:-2]) & (inner >= loudness[2:]) & (inner > loudness.mean())
    part_spread = float(parts.std()) if len(parts) else 0.0
    rates = [len(parts) / seconds, _mean(parts), part_spread, peaks.sum() / seconds]
    return np.array([1.0, np.log(seconds), voiced.mean(), *rates])
