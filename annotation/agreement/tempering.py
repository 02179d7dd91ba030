"""How much to believe a posterior whose labels are not as independent as the model says."""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Answers, Floats, Ints

RHOS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)
ENOUGH_LABELS = 100_000


def tempered(log_odds: Floats, n: Ints, rho: float) -> Floats:
    """Return the posterior of classes (n_tasks, K), flattened but with its order kept.

    `log_odds` are log prior + log-likelihood (n_tasks, K) of a task's `n` labels (n_tasks,). They
    are scaled by `1 / (1 + (n - 1) rho)`: rho 0 takes the labels as independent, 1 as repetitions
    of one.

    >>> tempered(np.log([[0.81, 0.01]]), np.array([2]), 1.0).round(3)
    array([[0.9, 0.1]])
    """
    if rho == 0:
        return softmax(log_odds)
    return softmax(log_odds / (1 + np.maximum(n - 1, 0) * rho)[:, None])


def fit_rho(answers: Answers, posterior: Floats, expected: Floats, prior: Floats) -> float:
    """Return the rho of `RHOS` under which left-out labels are likeliest.

    Each label is left out of its task's evidence and of its annotator's row of `expected`
    answers (n_annotators, K, K: answer, true class, pseudo-labels included), then predicted from
    the tempered rest. `posterior` (n_tasks, K) and `prior` (K,) are those of EM. At most 100,000
    labels, evenly spaced, are looked at.
    """
    logs = np.log(expected / expected.sum(axis=1, keepdims=True))
    evidence = np.zeros_like(posterior)
    for k in range(answers.n_classes):
        said = logs[:, :, k][answers.annotator, answers.label]
        evidence[:, k] = np.bincount(answers.task, said, answers.n_tasks)

    step = -(-len(answers) // ENOUGH_LABELS) or 1
    chosen = answers.subset(np.arange(0, len(answers), step))
    own_share = posterior[chosen.task]
    table = expected[chosen.annotator, chosen.label] - own_share
    likelihood = table / (expected.sum(axis=1)[chosen.annotator] - own_share)
    others = evidence[chosen.task] - logs[chosen.annotator, chosen.label] + np.log(prior)
    n_others = answers.labels_per_task[chosen.task] - 1

    def score(rho: float) -> float:
        predicted = (tempered(others, n_others, rho) * likelihood).sum(axis=1)
        return float(np.log(predicted).sum())

    return max(RHOS, key=score)


def softmax(log_odds: Floats) -> Floats:
    """Softmax of every row, a column at a time: many rows, few columns."""
    largest = log_odds[:, 0].copy()
    for column in log_odds.T[1:]:
        np.maximum(largest, column, out=largest)
    shares = np.empty_like(log_odds)
    total = np.zeros(len(log_odds))
    for k in range(log_odds.shape[1]):
        shares[:, k] = np.exp(log_odds[:, k] - largest)
        total += shares[:, k]
    shares /= total[:, None]
    return shares
