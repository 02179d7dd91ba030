"""What rises and what falls: the part of a trace that annotators agree on best."""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Floats, Ints

RATE = 10.0
WINDOW_S = 3.0


def changes(traces: Floats, *, rate: float = RATE, window: float = WINDOW_S) -> Floats:
    """Return the change from each window of `window` seconds to the next.

    `traces` is (..., n); the result (..., n_windows - 1) holds differences of window means; a
    window of which less than half is known is NaN, a rest at the end is left out. Raises
    ValueError when there are fewer than two windows.

    Source: Yannakakis, Cowie & Busso (2017), "The ordinal nature of emotions".

    >>> changes(np.array([0.0, 0, 1, 3, 2, 2, 9]), rate=1, window=2)
    array([2., 0.])
    """
    size = round(window * rate)
    n_windows = traces.shape[-1] // size if size else 0
    if n_windows < 2:
        raise ValueError("Changes need a trace of two windows or more.")
    parts = traces[..., : n_windows * size].reshape(*traces.shape[:-1], n_windows, size)
    known = np.isfinite(parts)
    count = known.sum(axis=-1)
    total = np.where(known, parts, 0.0).sum(axis=-1)
    means = np.where(2 * count >= size, total / np.maximum(count, 1), np.nan)
    return np.diff(means, axis=-1)


def directions(change: Floats, *, least: float) -> Ints:
    """Return 1 for a rise, -1 for a fall by more than `least`, else 0; same shape.

    An unknown change is 0. `least` is in the trace's own unit.

    >>> directions(np.array([0.2, -0.01, -0.4, np.nan]), least=0.05)
    array([ 1,  0, -1,  0])
    """
    if least < 0:
        raise ValueError("The least change must not be below 0.")
    known = np.nan_to_num(change)
    return (np.sign(known) * (np.abs(known) > least)).astype(np.int64)


def share_in_step(directions_of: Ints, truth: Ints) -> float:
    """Return in which share of windows two series of directions (n,) go the same way.

    Only windows in which both move count; NaN when there is none.

    >>> share_in_step(np.array([1, -1, 0, 1]), np.array([1, 1, 1, -1]))
    0.3333333333333333
    """
    both = (directions_of != 0) & (truth != 0)
    return float(np.mean(directions_of[both] == truth[both])) if both.any() else float("nan")
