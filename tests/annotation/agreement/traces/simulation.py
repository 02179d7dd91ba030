"""Traces of a course that is known, each late and noisy in its own way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from annotation.agreement.answers import Floats

RATE = 10


def course(seconds: int, seed: int = 0) -> Floats:
    """Return a smooth random walk from about -1 to 1, ten samples a second."""
    steps = np.random.default_rng(seed).normal(size=seconds * RATE + 40)
    smooth = np.convolve(steps, np.hanning(41), mode="valid")[: seconds * RATE]
    shape: Floats = smooth / np.abs(smooth).max()
    return shape


def late_traces(
    lags: Sequence[float], noise: float = 0.05, seconds: int = 180, seed: int = 0
) -> tuple[Floats, Floats]:
    """Return the course (n,) and a trace (n_annotators, n) for each lag in seconds."""
    longest = 100
    whole = course(seconds + longest // RATE, seed)
    rng = np.random.default_rng(seed + 1)
    starts = [longest - round(lag * RATE) for lag in lags]
    traces = np.array([whole[start : start + seconds * RATE] for start in starts])
    return whole[longest:], traces + rng.normal(scale=noise, size=traces.shape)
