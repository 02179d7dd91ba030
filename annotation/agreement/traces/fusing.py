"""From the annotators' resampled traces to one: lags, warping, weights."""

from __future__ import annotations

from dataclasses import dataclass

from annotation.agreement.answers import Floats
from annotation.agreement.ccc import ccc_with_others
from annotation.agreement.ewe import Fused, fuse, standardised
from annotation.agreement.traces.lags import (
    RATE,
    SECONDS_PER_ANSWER,
    Lags,
    advance,
    estimate_lags,
)
from annotation.agreement.traces.warping import align


@dataclass(frozen=True, eq=False)
class FusedTraces:
    """One trace out of many, and how it came about."""

    fused: Fused
    """Value and spread (n,) on the traces' own grid, weights (n_annotators,)."""

    lags: Lags
    aligned: Floats
    """(n_annotators, n) what was fused."""

    ccc_before: Floats
    """(n_annotators,) of each annotator with the others' mean, as recorded."""

    ccc_lag_corrected: Floats
    ccc_after: Floats
    """The same after lags, and after warping too; equal where there was none."""


def fuse_traces(
    traces: Floats,
    *,
    rate: float = RATE,
    bounded: bool = True,
    crowd_lag: float | None = None,
    band: float = 0.0,
) -> FusedTraces:
    """Return the fused trace of `traces` (n_annotators, n), sampled `rate` times a second.

    In turn: unbounded traces are brought to mean 0 and standard deviation 1 per annotator, whose
    zero and unit are private; bounded ones stay as they are. Lags are taken back (`crowd_lag`: see
    `estimate_lags`). Traces are warped within `band` seconds, 0 (not at all) by default: warping
    raises the agreement by construction, and on the one recorded set whose truth is known
    (traces_colour) brought the fused trace no nearer to it. `ewe.fuse` weighs the rest.

    Raises ValueError for a band outside 0 to 2, and what the steps raise (NoAgreementError).

    >>> import numpy as np
    >>> course = np.convolve(np.random.default_rng(0).normal(size=900), np.ones(30), "same")
    >>> behind = np.array([np.roll(course, k)[100:] for k in (10, 15, 40)])
    >>> found = fuse_traces(behind)
    >>> found.ccc_before.round(2), found.ccc_after.round(2)
    (array([ 0.36,  0.49, -0.17]), array([1., 1., 1.]))
    """
    if not 0 <= band <= 2:
        raise ValueError("band: traces are warped by 0 to 2 seconds.")
    comparable = traces if bounded else standardised(traces)
    lags = estimate_lags(comparable, rate=rate, crowd=crowd_lag)
    corrected = advance(comparable, lags.seconds, rate=rate)
    aligned = align(corrected, rate=rate, band=band) if band else corrected
    return FusedTraces(
        fused=fuse(aligned, samples_per_answer=max(1.0, rate * SECONDS_PER_ANSWER)),
        lags=lags,
        aligned=aligned,
        ccc_before=ccc_with_others(comparable),
        ccc_lag_corrected=ccc_with_others(corrected),
        ccc_after=ccc_with_others(aligned),
    )
