"""How settled one task is: entropy, what more labels would tell, split-half divergence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, entr

from annotation.agreement import bootstrap
from annotation.agreement.aggregation import row_shares
from annotation.agreement.answers import Answers, Floats


def entropy(distribution: Floats) -> Floats:
    """Return the entropy of each row (n, K), in nats, shape (n,).

    >>> entropy(np.array([[1.0, 0.0], [0.5, 0.5]])).round(3)
    array([0.   , 0.693])
    """
    total: Floats = np.asarray(entr(distribution)).sum(axis=1)
    return total


def normalised_entropy(distribution: Floats) -> Floats:
    """Return the entropy as a share of the largest possible, ln K; shape (n,)."""
    return entropy(distribution) / float(np.log(distribution.shape[1]))


def mutual_information(alphas: Floats) -> Floats:
    """Return what one more label would tell of each task's distribution, in nats, shape (n,).

    `alphas` (n, K) is the Dirichlet posterior. This is the epistemic part of the entropy; the
    rest, `entropy(alphas / a_0) - mutual_information(alphas)`, is ambiguity of the clip itself
    and no reason to ask again. Source: Houlsby et al. (2011), "Bayesian active learning for
    classification and preference learning", in closed form for a Dirichlet.

    With K = 4 and s = 1 after one vote, 2-1, three alike, 5-5 and 25-25:

    >>> votes = np.array([[1, 0], [2, 1], [3, 0], [5, 5], [25, 25]])
    >>> mutual_information(np.pad(votes, ((0, 0), (0, 2))) + 0.25).round(3)
    array([0.423, 0.25 , 0.216, 0.096, 0.021])
    """
    total = alphas.sum(axis=1, keepdims=True)
    p = alphas / total
    gap = np.log(p) - digamma(alphas + 1) + digamma(total + 1)
    information: Floats = -(p * gap).sum(axis=1)
    return np.maximum(information, 0.0)


def jensen_shannon(p: Floats, q: Floats) -> Floats:
    """Return the divergence of each row of `p` from that of `q` (n, K), in nats, shape (n,).

    >>> jensen_shannon(np.array([[1.0, 0.0]]), np.array([[0.0, 1.0]])).round(3)
    array([0.693])
    """
    return np.maximum(entropy((p + q) / 2) - (entropy(p) + entropy(q)) / 2, 0.0)


def split_half_divergence(answers: Answers, *, splits: int = 20, seed: int = 0) -> Floats:
    """Return the mean divergence of random halves of each task's labels, shape (n_tasks,).

    In nats, from 0 (halves alike) to ln 2 (nothing in common). Of an odd number of labels one
    is left out by chance; tasks with fewer than two labels have NaN.

    >>> answers = Answers([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1], 2, 2, 2)
    >>> split_half_divergence(answers).round(3)
    array([0.   , 0.693])
    """
    ordered, _ = answers.in_order()
    rng = np.random.default_rng(seed)
    n = ordered.labels_per_task
    half = n // 2
    rank = np.arange(len(ordered)) - (np.cumsum(n) - n)[ordered.task]
    splittable = half > 0

    total = np.zeros(int(splittable.sum()))
    for _ in range(splits):
        shuffled = ordered.subset(np.lexsort((rng.random(len(ordered)), ordered.task)))
        first = shuffled.subset(rank < half[ordered.task]).counts()[splittable]
        until = 2 * half[ordered.task]
        second = shuffled.subset((rank >= half[ordered.task]) & (rank < until)).counts()
        total += jensen_shannon(row_shares(first), row_shares(second[splittable]))
    result = np.full(ordered.n_tasks, np.nan)
    result[splittable] = total / splits
    return result


@dataclass(frozen=True)
class Divergence:
    """The mean divergence of halves over a collection, in nats, with its interval."""

    value: float
    low: float
    high: float
    n_tasks: int


def collection_divergence(
    answers: Answers,
    persons: ArrayLike | None = None,
    *,
    splits: int = 20,
    level: float = 0.95,
    seed: int = 0,
) -> Divergence:
    """Return the mean `split_half_divergence` of the tasks that have one.

    The interval is over `persons` (n_tasks,) or, without them, over tasks: see `bootstrap`.
    Raises ValueError where no task has two labels.

    >>> answers = Answers([0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 0, 1], 2, 2, 2)
    >>> round(collection_divergence(answers).value, 3)
    0.347
    """
    each = split_half_divergence(answers, splits=splits, seed=seed)
    known = np.isfinite(each)
    if not known.any():
        raise ValueError("The divergence is undefined: no task has two labels.")
    who = bootstrap.persons_of(persons, known)
    table = np.column_stack([each[known], np.ones(known.sum())])
    above, below = bootstrap.interval(_Mean(), table, who, level=level, seed=seed)
    return Divergence(float(each[known].mean()), 1 - below, 1 - above, int(known.sum()))


class _Mean:
    """A mean as the mechanism of intervals wants it: a sum over a number."""

    def rows(self, table: Floats) -> Floats:
        return table

    def disagreement(self, sums: Floats) -> Floats:
        mean: Floats = sums[..., 0] / sums[..., 1]
        return mean
