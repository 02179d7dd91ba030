"""How good a learner is, from clips that chance picked and whose labels came after the guess.

Every interval is a bootstrap over groups (the person in the clip): clips of one person are no
independent witnesses. Plain percentiles are too narrow for few groups, so with G of them they are
widened by sqrt(G / (G - 1)) and by Student's t against the normal (after Hesterberg 2015, "What
Teachers Should Know About the Bootstrap"), and kept within what the figure can be.

Predictions and soft labels are (n, K), rows sum to 1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri, stdtrit, xlogy

Array = npt.NDArray[np.float64]
Groups = npt.NDArray[np.generic]

BOOTSTRAPS = 1000
LEVEL = 0.95
BINS = 10
SMALLEST = 1e-12


class Estimate(NamedTuple):
    """A figure and its interval; no interval where a single person is all there is."""

    value: float
    low: float | None
    high: float | None


def accuracy(predicted: Array, soft: Array) -> Array:
    """Return (n,): 1 where the likeliest class is the plurality, a share where some tie.

    >>> accuracy(np.array([[0.7, 0.3]]), np.array([[0.5, 0.5]])).tolist()
    [0.5]
    """
    guess, truth = _top(predicted), _top(soft)
    hits: Array = (guess * truth).sum(axis=1)
    return hits


def soft_accuracy(predicted: Array, soft: Array) -> Array:
    """Return (n,): the share of annotators who gave the likeliest class."""
    shares: Array = (_top(predicted) * soft).sum(axis=1)
    return shares


def log_loss(predicted: Array, soft: Array) -> Array:
    """Return (n,): cross-entropy to the soft label in nats (Good 1952); least at p = soft."""
    losses: Array = -xlogy(soft, np.clip(predicted, SMALLEST, None)).sum(axis=1)
    return losses


def brier(predicted: Array, soft: Array) -> Array:
    """Return (n,): the squared distance to the soft label (Brier 1950), 0 to 2.

    >>> brier(np.array([[0.9, 0.1]]), np.array([[1.0, 0.0]])).round(2).tolist()
    [0.02]
    """
    losses: Array = ((predicted - soft) ** 2).sum(axis=1)
    return losses


METRICS: dict[str, Callable[[Array, Array], Array]] = {
    "accuracy": accuracy,
    "soft_accuracy": soft_accuracy,
    "log_loss": log_loss,
    "brier": brier,
}


def base_rate(soft: Array, weights: Array | None = None) -> Array:
    """Return the weighted mean label (K,): what to predict for a clip not looked at.

    Raises:
        ValueError: there is no labelled clip, or none with weight.
    """
    if not len(soft) or (weights is not None and not weights.sum()):
        raise ValueError("A base rate needs a labelled clip.")
    rate: Array = np.average(soft, axis=0, weights=weights)
    return rate


def learning_curve_point(
    predicted: Array, soft: Array, groups: Groups, *, seed: int
) -> dict[str, Estimate]:
    """Return every metric and the calibration error of one round, each with its interval.

    Args:
        predicted: (n, K), made before the labels came, of clips picked uniformly at random.
        soft: (n, K) the consensus on them.
        groups: (n,) who is in the clip.
        seed: of the bootstrap.

    Raises:
        ValueError: no clip, or lengths that differ.
    """
    if not len(predicted) or not len(predicted) == len(soft) == len(groups):
        raise ValueError("Predictions, soft labels and groups are as many, and at least one.")
    point = {
        name: mean_estimate(metric(predicted, soft), groups, seed=seed)
        for name, metric in METRICS.items()
    }
    point["calibration_error"] = calibration_error(predicted, soft, groups, seed=seed)
    return point


def mean_estimate(values: Array, groups: Groups, *, seed: int) -> Estimate:
    """Return the mean of values (n,) with its interval."""
    sums = _by_group(np.column_stack([values, np.ones(len(values))]), groups)

    def mean(totals: Array) -> Array:
        ratio: Array = totals[..., 0] / totals[..., 1]
        return ratio

    estimate = _estimate(sums, mean, seed)
    return _within(estimate, values.min(), values.max())


def calibration_error(predicted: Array, soft: Array, groups: Groups, *, seed: int) -> Estimate:
    """Return the expected calibration error of the likeliest class (Naeini et al. 2015).

    In ten even bins of confidence: |confidence - share of annotators who agree|, by bin size.
    Biased upwards where clips are few, and its interval with it.
    """
    confidence = predicted.max(axis=1)
    gap = confidence - soft_accuracy(predicted, soft)
    in_bin = np.minimum((confidence * BINS).astype(np.intp), BINS - 1)
    spread = np.zeros((len(gap), BINS + 1))
    spread[np.arange(len(gap)), in_bin] = gap
    spread[:, BINS] = 1.0

    def error(totals: Array) -> Array:
        shares: Array = np.abs(totals[..., :BINS]).sum(axis=-1) / totals[..., BINS]
        return shares

    return _within(_estimate(_by_group(spread, groups), error, seed), 0.0, 1.0)


def weighted_risk(losses: Array, weights: Array, groups: Groups, *, seed: int) -> Estimate:
    """Return the pool's mean loss from clips that were picked actively: mean of v_m l_m.

    R_LURE of Farquhar, Gal & Rainforth 2021; `weights` (M,) come from
    `strategies.lure_weights`. The interval resamples people, so it is approximate: picks
    depend on one another.
    """
    return mean_estimate(losses * weights, groups, seed=seed)


def _top(shares: Array) -> Array:
    """One over the ties at the likeliest classes, 0 elsewhere."""
    top = shares >= shares.max(axis=1, keepdims=True) - SMALLEST
    even: Array = top / top.sum(axis=1, keepdims=True)
    return even


def _by_group(columns: Array, groups: Groups) -> Array:
    """Sums of the columns (n, c) by group, (G, c)."""
    names, inverse = np.unique(groups, return_inverse=True)
    sums = np.zeros((len(names), columns.shape[1]))
    np.add.at(sums, inverse, columns)
    return sums


def _estimate(sums: Array, statistic: Callable[[Array], Array], seed: int) -> Estimate:
    """The statistic of all groups, and its widened percentiles over resampled groups."""
    value = float(statistic(sums.sum(axis=0)))
    count = len(sums)
    if count < 2:
        return Estimate(value, None, None)
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(count, np.full(count, 1 / count), size=BOOTSTRAPS)
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(statistic(drawn @ sums), [tail, 1 - tail])
    wider = (count / (count - 1)) ** 0.5 * stdtrit(count - 1, 1 - tail) / ndtri(1 - tail)
    return Estimate(value, value + wider * float(low - value), value + wider * float(high - value))


def _within(estimate: Estimate, least: float, most: float) -> Estimate:
    value, low, high = estimate
    if low is None or high is None:
        return estimate
    # Rounding may leave the value a last bit outside.
    return Estimate(value, min(max(low, least), value), max(min(high, most), value))
