"""How far behind each annotator's trace runs, and taking that back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.ccc import lagged_ccc, mean_of_others

RATE = 10.0
# Reaction lags reach 6 s; the search goes further, since the others are late as well.
LONGEST_S = 8.0
SPREAD_S = 2.0
SECONDS_PER_ANSWER = 3.0
ROUNDS = 20


@dataclass(frozen=True, eq=False)
class Lags:
    """How many seconds each annotator's trace is behind."""

    seconds: Floats
    """(n_annotators,) on the sampling grid, none below 0."""

    crowd: float
    """The median annotator's, to which the others are shrunk."""


def estimate_lags(
    traces: Floats,
    *,
    rate: float = RATE,
    longest: float = LONGEST_S,
    spread: float = SPREAD_S,
    crowd: float | None = None,
) -> Lags:
    """Return the lag of each of `traces` (n_annotators, n), sampled `rate` times a second.

    An annotator's lag is where the trace, read that much later, agrees best (CCC) with the mean
    of the others, themselves brought into line; found in turn until nothing changes. It is
    sought up to `longest` seconds from the others and shrunk to the crowd's: a normal prior of
    standard deviation `spread` seconds around the median lag weighs against the likelihood of
    the CCC, three seconds of trace counting as one answer. A clear trace hardly moves, one that
    fits everywhere alike takes the crowd's lag.

    The crowd alone shows only who is later than whom. `crowd` gives the median lag itself, from
    a clip with a known course (see `lag_behind`); without it the fastest annotator has lag 0.
    Raises ValueError for fewer than two annotators or a negative `crowd`.

    Source: Mariooryad & Busso (2015), "Correcting time-continuous emotional labels by modeling
    the reaction lag of evaluators"; here the others stand in for the clip's own features.

    >>> course = np.convolve(np.random.default_rng(0).normal(size=900), np.ones(30), "same")
    >>> behind = np.array([np.roll(course, k)[100:] for k in (10, 15, 40)])
    >>> estimate_lags(behind).seconds, estimate_lags(behind, crowd=1.5).seconds
    (array([0. , 0.5, 3. ]), array([1. , 1.5, 4. ]))
    """
    if traces.ndim != 2 or len(traces) < 2:
        raise ValueError("Lags need the traces of two annotators or more.")
    if crowd is not None and crowd < 0:
        raise ValueError("The crowd's lag must not be below 0 seconds.")

    relative = _relative(traces, rate, round(longest * rate), spread)
    middle = round(float(np.median(relative)))
    common = middle - int(relative.min()) if crowd is None else round(crowd * rate)
    return Lags(np.maximum(relative - middle + common, 0) / rate, common / rate)


def lag_behind(
    reference: Floats, trace: Floats, *, rate: float = RATE, longest: float = LONGEST_S
) -> float:
    """Return how many seconds `trace` (n,) is behind `reference` (n,), from 0 to `longest`.

    `reference` is a course known beforehand, such as that of a calibration clip. Raises
    ValueError when the two agree nowhere.

    >>> course = np.sin(np.arange(300) / 20)
    >>> lag_behind(course[20:], course[:-20])
    2.0
    """
    span = round(longest * rate)
    agreement = lagged_ccc(trace, reference, span)[span:]
    if not np.isfinite(agreement).any():
        raise ValueError("The lag is undefined: the two traces do not overlap, or never move.")
    return float(np.nanargmax(agreement)) / rate


def advance(traces: Floats, seconds: Floats, *, rate: float = RATE) -> Floats:
    """Return `traces` (n_annotators, n) each read `seconds` (n_annotators,) later: y(t + lag).

    The end, of which nothing is known any more, is NaN.

    >>> advance(np.array([[1.0, 2, 3], [1, 2, 3]]), np.array([0.0, 0.2]))
    array([[ 1.,  2.,  3.],
           [ 3., nan, nan]])
    """
    return np.array(
        [
            _shifted(trace, round(float(lag) * rate))
            for trace, lag in zip(traces, seconds, strict=True)
        ]
    )


def _relative(traces: Floats, rate: float, span: int, spread: float) -> Ints:
    """Lags in samples; only their differences mean something."""
    lags = np.zeros(len(traces), dtype=np.int64)
    aligned = traces.copy()
    for _ in range(ROUNDS):
        before = lags.copy()
        for w, trace in enumerate(traces):
            others = mean_of_others(aligned, w)
            towards = round(float(np.median(np.delete(lags, w))))
            lags[w] = _most_plausible(_shifted(trace, towards), others, rate, span, spread)
            lags[w] += towards
            aligned[w] = _shifted(trace, int(lags[w]))
        if (lags == before).all():
            break
    return lags


def _most_plausible(trace: Floats, others: Floats, rate: float, span: int, spread: float) -> int:
    """The lag in samples, from -span to span, of the highest posterior; 0 is the crowd's."""
    lags = np.arange(-span, span + 1)
    agreement = np.clip(np.nan_to_num(lagged_ccc(trace, others, span)), 0.0, 0.999)
    answers = (np.isfinite(trace) & np.isfinite(others)).sum() / (rate * SECONDS_PER_ANSWER)
    evidence = -0.5 * answers * np.log1p(-(agreement**2))
    prior = -0.5 * (lags / (rate * spread)) ** 2
    return int(lags[np.argmax(evidence + prior)])


def _shifted(trace: Floats, samples: int) -> Floats:
    moved = np.full_like(trace, np.nan)
    n = len(trace)
    if abs(samples) < n:
        moved[max(-samples, 0) : n - max(samples, 0)] = trace[max(samples, 0) : n + min(samples, 0)]
    return moved
