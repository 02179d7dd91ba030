"""Dynamic time warping within a narrow band, for what a constant lag leaves over."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotation.agreement.answers import Floats
from annotation.agreement.ccc import mean_of_others
from annotation.agreement.ewe import standardised

RATE = 10.0
BAND_S = 2.0
STEPS = ((1, 1), (1, 0), (0, 1))


def align(traces: Floats, *, rate: float = RATE, band: float = BAND_S) -> Floats:
    """Return `traces` (n_annotators, n) each warped in time onto the mean of the others.

    No moment moves by more than `band` seconds; the values stay, only their times change. Only
    for traces whose lags have been taken back. Warping makes annotators agree more *by
    construction*: report the agreement before it too.

    >>> from annotation.agreement.ccc import ccc_with_others
    >>> x = np.arange(80) / 8
    >>> three = np.array([np.sin(x), np.sin(x), np.sin(x - 0.5)])
    >>> late, warped = ccc_with_others(three)[2], ccc_with_others(align(three))[2]
    >>> print(f"{late:.2f} {warped:.2f}")
    0.85 0.96
    """
    others = np.array([mean_of_others(traces, w) for w in range(len(traces))])
    return warp(traces, others, width=round(band * rate))


def warp(traces: Floats, references: Floats, *, width: int) -> Floats:
    """Return each trace on the time of its reference, both (n_annotators, n); NaN is unknown.

    Sample i of a trace may be matched with sample j of the reference when |i - j| <= `width`.
    The path has the least sum of squared differences of the standardised series, a diagonal step
    counting twice (Sakoe & Chiba 1978, symmetric form P = 0); where several samples fall on one
    moment their mean is taken. Unknown samples cost nothing and stay unknown.

    >>> warp(np.array([[0.0, 0, 0, 5, 0, 0]]), np.array([[0.0, 5, 0, 0, 0, 0]]), width=2)
    array([[0., 5., 0., 0., 0., 0.]])
    """
    if traces.shape != references.shape:
        raise ValueError("Each trace needs a reference of its own length.")
    # Over the moments that both know: else one who stopped early has another zero and unit.
    both = np.isfinite(traces) & np.isfinite(references)
    shapes = [standardised(np.where(both, series, np.nan)) for series in (traces, references)]
    costs = _costs(shapes[0], shapes[1], width)
    taken = _cheapest_steps(costs, width)
    return np.array([_on_path(t, step, width) for t, step in zip(traces, taken, strict=True)])


def _costs(traces: Floats, references: Floats, width: int) -> Floats:
    """Cost of matching reference sample j with trace sample j + k - width: (n_annotators, n, k)."""
    n = traces.shape[1]
    padded = np.pad(traces, ((0, 0), (width, width)), constant_values=np.inf)
    band = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1, axis=1)[:, :n]
    with np.errstate(invalid="ignore"):
        costs = (band - references[:, :, None]) ** 2
    inside = np.abs(np.arange(n)[:, None] + np.arange(-width, width + 1) - (n - 1) / 2) <= n / 2
    return np.where(inside, np.nan_to_num(costs, nan=0.0), np.inf)


def _cheapest_steps(costs: Floats, width: int) -> NDArray[np.int8]:
    """Which of STEPS (trace, reference) led to each cell on the cheapest path, same shape."""
    annotators, n, size = costs.shape
    total = np.full((annotators, size + 2), np.inf)
    total[:, width + 1] = 0.0
    taken = np.zeros(costs.shape, dtype=np.int8)
    for j in range(n):
        cost = costs[:, j]
        diagonal = total[:, 1:-1] + (2 if j else 1) * cost
        along_reference = total[:, 2:] + cost if j else np.full_like(cost, np.inf)
        best = np.minimum(diagonal, along_reference)
        taken[:, j] = np.where(along_reference < diagonal, 2, 0)
        total[:, 1:-1], stayed = _with_stays(best, cost)
        taken[:, j][stayed] = 1
    return taken


def _with_stays(best: Floats, cost: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Let the trace run on while the reference stays: the minimum over all earlier entries.

    `entered` minus the running sum of costs turns that recursion into a running minimum.
    """
    finite = np.isfinite(cost)
    running = np.cumsum(np.where(finite, cost, 0.0), axis=1)
    entered = best - running
    lowest = np.minimum.accumulate(entered, axis=1)
    return np.where(finite, lowest + running, np.inf), finite & (lowest < entered)


def _on_path(trace: Floats, taken: NDArray[np.int8], width: int) -> Floats:
    n = len(trace)
    sums, counts = np.zeros(n), np.zeros(n)
    i = j = n - 1
    while True:
        if np.isfinite(trace[i]):
            sums[j] += trace[i]
            counts[j] += 1
        if i == j == 0:
            break
        step_i, step_j = STEPS[taken[j, i - j + width]]
        i, j = i - step_i, j - step_j
    with np.errstate(invalid="ignore"):
        warped: Floats = sums / counts
    return warped
