"""Lin's concordance correlation: agreement of two series in shape, level and scale at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.signal import correlate

from annotation.agreement.answers import Floats


def ccc(x: ArrayLike, y: ArrayLike) -> float:
    """Return the concordance of two series (n,), from -1 to 1, where both are known.

    NaN stands for a missing value. Raises ValueError when the shapes differ or fewer than two
    values are shared. Two equal constant series have no concordance: NaN.

    Source: Lin (1989), "A concordance correlation coefficient to evaluate reproducibility",
    with variances over n. A series one off in level, of variance 2: 2*2 / (2 + 2 + 1).

    >>> ccc([1, 2, 3, 4, 5], [2, 3, 4, 5, 6])
    0.8
    """
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError("The concordance is of two series of the same length.")
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 2:
        raise ValueError("The concordance needs two moments that both series know.")
    return float(lagged_ccc(a[known], b[known], 0)[0])


def lagged_ccc(trace: Floats, reference: Floats, longest: int) -> Floats:
    """Return the concordance of `trace` (n,), read k samples later, with `reference` (n,).

    The result (2 longest + 1,) is for k = -longest .. longest; only moments that both know
    count, and a k at which fewer than two remain has NaN. The sums over all k are six
    correlations by Fourier transform, not a loop.

    >>> up = np.array([0.0, 0, 1, 3, 2, 0, 0, 0])
    >>> late = np.array([0.0, 0, 0, 1, 3, 2, 0, 0])
    >>> lagged_ccc(late, up, 2).round(2)
    array([-0.75, -0.35,  0.47,  1.  ,  0.38])
    """
    centre = np.nanmean(reference) if np.isfinite(reference).any() else 0.0
    x, x_known = _filled(trace - centre)
    y, y_known = _filled(reference - centre)

    def sums(a: Floats, b: Floats) -> Floats:
        whole: Floats = correlate(np.pad(a, longest), b, mode="valid")
        return whole

    n = np.rint(sums(x_known, y_known))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x, mean_y = sums(x, y_known) / n, sums(x_known, y) / n
        var_x = sums(x**2, y_known) / n - mean_x**2
        var_y = sums(x_known, y**2) / n - mean_y**2
        shared = 2 * (sums(x, y) / n - mean_x * mean_y)
        scale = var_x + var_y + (mean_x - mean_y) ** 2
        found = np.clip(shared / scale, -1.0, 1.0)
    # Rounding of the transform leaves a trace of variance in what is constant.
    lively = scale > 1e-12 * max(1.0, float((x**2).max()), float((y**2).max()))
    return np.where((n >= 2) & lively, found, np.nan)


def ccc_with_others(traces: Floats) -> Floats:
    """Return the concordance of each trace (n_annotators, n) with the mean of the others.

    NaN for an annotator who shares fewer than two moments with them.

    >>> ccc_with_others(np.array([[0.0, 1, 2], [0, 1, 2], [2, 1, 0]])).round(2)
    array([ 0.,  0., -1.])
    """
    return np.array([lagged_ccc(t, mean_of_others(traces, w), 0)[0] for w, t in enumerate(traces)])


def mean_of_others(values: Floats, left_out: int) -> Floats:
    """Return the mean of all rows (n_annotators, n) but one, NaN where none of them is known.

    >>> mean_of_others(np.array([[0.0, 1], [2, np.nan], [4, np.nan]]), 0)
    array([ 3., nan])
    """
    return mean_of_known(np.delete(values, left_out, axis=0))


def mean_of_known(values: Floats) -> Floats:
    """Return the mean over annotators (n_annotators, n), NaN where nobody is known.

    >>> mean_of_known(np.array([[1.0, np.nan, 4], [3, np.nan, np.nan]]))
    array([ 2., nan,  4.])
    """
    known = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        mean: Floats = np.where(known, values, 0.0).sum(axis=0) / known.sum(axis=0)
    return mean


def _filled(series: Floats) -> tuple[Floats, Floats]:
    known = np.isfinite(series)
    return np.where(known, series, 0.0), known.astype(float)
