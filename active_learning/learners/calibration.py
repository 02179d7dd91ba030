"""How sure a learner may be: temperature and penalty by cross-validation over people."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from active_learning.learners.learner import Array, Groups

COLDEST, HOTTEST = 0.2, 20.0


def grouped_folds(groups: Groups, folds: int, seed: int) -> npt.NDArray[np.intp]:
    """Return the fold (n,) of every row; no group is in two folds.

    Groups in random order go, the largest first, to the fold that has the fewest rows.
    """
    names, inverse, sizes = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.random.default_rng(seed).permutation(len(names))
    order = order[np.argsort(-sizes[order], kind="stable")]
    fold_of = np.zeros(len(names), dtype=np.intp)
    filled = np.zeros(min(folds, len(names)), dtype=np.intp)
    for group in order:
        fold_of[group] = filled.argmin()
        filled[fold_of[group]] += sizes[group]
    return fold_of[inverse]


def out_of_fold(
    fit_and_score: Callable[[npt.NDArray[np.bool_]], Array],
    fold_of: npt.NDArray[np.intp],
) -> Array:
    """Return scores (S, n, K) of S settings, each row scored by fits that never saw its fold.

    `fit_and_score` takes which rows to learn from (n,) and returns the scores (S, m, K) of the
    m others.
    """
    parts = [(fold_of == fold, fit_and_score(fold_of != fold)) for fold in range(fold_of.max() + 1)]
    settings, _, classes = parts[0][1].shape
    scores = np.empty((settings, len(fold_of), classes))
    for held_out, part in parts:
        scores[:, held_out] = part
    return scores


def fit_temperature(scores: Array, soft: Array, weights: Array) -> tuple[float, float]:
    """Return the temperature that makes the weighted log-loss least, and that loss.

    Guo et al. 2017, "On Calibration of Modern Neural Networks", for soft labels.

    Args:
        scores: (n, K) logits of rows that the fit did not see.
        soft: (n, K) what they should predict.
        weights: (n,).
    """

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return float(-(weights[:, None] * soft * logs).sum() / weights.sum())

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    best = minimize_scalar(loss, bounds=bounds, method="bounded")
    return float(np.exp(best.x)), float(best.fun)
