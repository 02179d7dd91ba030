"""How much to believe a posterior whose labels are not as independent as the model says."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from annotation.agreement.answers import Answers, Floats, Ints

RHOS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
FINER = 8
NEIGHBOURS = [set(pair) for pair in pairwise(RHOS)]
ENOUGH_LABELS = 25_000
# Beyond so far from 0 the exponential may leave the range of floats.
SAFE = 600.0


def tempered(log_odds: Floats, n: Ints, rho: float, softness: float = 1.0) -> Floats:
    """Return the posterior of classes (n_tasks, K), flattened but with its order kept.

    `log_odds` are log prior + log-likelihood (n_tasks, K) of a task's `n` labels (n_tasks,). They
    are scaled by `1 / (1 + (n - 1) rho)`: rho 0 takes the labels as independent, 1 as repetitions
    of one; and by `1 / softness`, which is 1 where tasks have one class each (`mixed`).

    >>> tempered(np.log([[0.81, 0.01]]), np.array([2]), 1.0).round(3)
    array([[0.9, 0.1]])
    """
    if rho == 0 and softness == 1:
        return softmax(log_odds)
    return softmax(log_odds / ((1 + np.maximum(n - 1, 0) * rho) * softness)[:, None])


def fit_rho(others: Floats, n_others: Ints, likelihood: Floats) -> float:
    """Return the rho under which left-out labels are likeliest, of `RHOS` and between.

    Of each left-out label: `others` (n, K), the log-odds of its task by prior and other labels;
    `n_others` (n,), how many those are; `likelihood` (n, K), of the label under each class.

    >>> repeated = np.log([[0.9, 0.1]] * 10) * 5
    >>> fit_rho(repeated, np.full(10, 5), np.array([[0.8, 0.2]] * 7 + [[0.2, 0.8]] * 3))
    1.0
    """

    def score(rho: float) -> float:
        predicted = (tempered(others, n_others, rho) * likelihood).sum(axis=1)
        return float(np.log(predicted).sum())

    best = max(RHOS, key=score)
    # A step of the table is a factor of 1.6 where a task has twenty labels.
    near = [rho for rho in RHOS if rho == best or {rho, best} in NEIGHBOURS]
    between = [float(rho) for rho in np.linspace(min(near), max(near), FINER)]
    return max([best, *between], key=score)


def sample(answers: Answers) -> Answers:
    """Return at most 25,000 of the labels, evenly spaced: enough to tell one rho from another."""
    step = -(-len(answers) // ENOUGH_LABELS) or 1
    return answers.subset(np.arange(0, len(answers), step))


def softmax(log_odds: Floats) -> Floats:
    """Return the softmax of every row (n, K)."""
    shares = log_odds.copy()
    softmax_in_place(shares)
    return shares


def softmax_in_place(log_odds: Floats) -> float:
    """Turn every row (n, K) into its softmax; return the sum over rows of ln(sum of exp).

    Rows are many and short, which numpy's reductions are slow at: columns are taken one by one.
    """
    largest = 0.0
    if log_odds.size and (log_odds.min() < -SAFE or log_odds.max() > SAFE):
        highest = log_odds[:, 0].copy()
        for column in log_odds.T[1:]:
            np.maximum(highest, column, out=highest)
        log_odds -= highest[:, None]
        largest = float(highest.sum())
    np.exp(log_odds, out=log_odds)
    total = log_odds[:, 0].copy()
    for column in log_odds.T[1:]:
        total += column
    log_odds /= total[:, None]
    return largest + float(np.log(total).sum())
