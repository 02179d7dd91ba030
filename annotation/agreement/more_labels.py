"""What more labels would buy: doubt that goes, tasks that settle, distributions that hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import betaln, entr, gammaln
from scipy.stats import binom

from annotation.agreement.aggregation import row_shares
from annotation.agreement.ambiguity import entropy, jensen_shannon, mutual_information
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.states import State, task_states

STEPS = 3
DRAWS = 600


@dataclass(frozen=True)
class Gain:
    """What is expected of some tasks after `more` labels on each of them.

    cost: labels in all.
    information: what is not known of a task's distribution, the mean of the tasks, in nats.
    settled: tasks that are on one class, on a mixture, or ambiguous.
    divergence: how far the labels of as many other people would differ from these, in nats.
    """

    more: int
    cost: int
    information: float
    settled: float
    divergence: float


def gains(
    alphas: Floats,
    effective_n: Floats,
    n_labels: Ints,
    *,
    weight: float = 1.0,
    draws: int = DRAWS,
    seed: int = 0,
) -> list[Gain]:
    """Return what is expected now and after 1 to `STEPS` more labels on each task.

    Args:
        alphas: (n_tasks, K) the Dirichlet posteriors, as of an `Aggregate`.
        effective_n: (n_tasks,) what the labels so far weigh together.
        n_labels: (n_tasks,) how many they are.
        weight: how likely a further label is honest; one that is not tells nothing.
        draws: futures that are played, over all tasks, for what has no closed form: the number
            that settle and the divergence. `information` is exact.

    Raises ValueError where there is no task.

    >>> found = gains(np.array([[1.25, 0.25, 0.25, 0.25]]), np.ones(1), np.ones(1, dtype=int))
    >>> [round(gain.information, 3) for gain in found]
    [0.423, 0.302, 0.236, 0.195]
    """
    if not len(alphas):
        raise ValueError("There is no task that could get more labels.")
    told = [expected_information(alphas, more, weight).mean() for more in range(STEPS + 1)]
    rng = np.random.default_rng(seed)
    of = _spread(len(alphas), draws)
    played = _play(alphas[of], effective_n[of], n_labels[of], weight, rng)
    return [
        Gain(more, more * len(alphas), float(told[more]), settled * len(alphas), divergence)
        for more, (settled, divergence) in enumerate(played)
    ]


def expected_information(alphas: Floats, more: int, weight: float = 1.0) -> Floats:
    """Return the mutual information expected after `more` labels on each task, shape (n_tasks,).

    Exact: what is learnt leaves the entropy *within* a distribution as it is on average, so only
    that of the mean has to be foreseen, and class by class the number of labels to come is
    beta-binomial. Each label tells with probability `weight`.

    >>> expected_information(np.array([[0.5, 0.5]]), 0).round(3)
    array([0.307])
    """
    chances = binom.pmf(np.arange(more + 1), more, weight)
    now = entropy(row_shares(alphas))
    within = now - mutual_information(alphas)
    after = sum(p * _entropy_after(alphas, told) for told, p in enumerate(chances))
    return np.maximum(np.asarray(after, dtype=float) - within, 0.0)


def _entropy_after(alphas: Floats, more: int) -> Floats:
    """Return the expected entropy of the mean after `more` honest labels, shape (n_tasks,)."""
    total = alphas.sum(axis=1, keepdims=True)
    rest = total - alphas
    result = np.zeros(len(alphas))
    for got in range(more + 1):
        ways = gammaln(more + 1) - gammaln(got + 1) - gammaln(more - got + 1)
        log_p = ways + betaln(alphas + got, rest + more - got) - betaln(alphas, rest)
        result += (np.exp(log_p) * entr((alphas + got) / (total + more))).sum(axis=1)
    return result


def _spread(n_tasks: int, draws: int) -> Ints:
    """Return the tasks to draw futures of: each as often as another, or some of them once."""
    if n_tasks >= draws:
        return np.linspace(0, n_tasks - 1, draws).astype(np.int64)
    return np.tile(np.arange(n_tasks), -(-draws // n_tasks))


def _play(
    alphas: Floats, effective_n: Floats, n_labels: Ints, weight: float, rng: Generator
) -> Iterator[tuple[float, float]]:
    """Yield the share that has settled and the mean divergence: now, and label by label."""
    shapes = np.maximum(rng.standard_gamma(alphas), 1e-300)
    shares = row_shares(shapes)
    one, other = rng.multinomial(n_labels, shares), rng.multinomial(n_labels, shares)
    alphas, effective_n = alphas.copy(), effective_n.astype(float)
    for step in range(STEPS + 1):
        if step:
            honest = rng.random(len(alphas)) < weight
            alphas += rng.multinomial(1, shares) * honest[:, None]
            effective_n += honest
            one, other = one + rng.multinomial(1, shares), other + rng.multinomial(1, shares)
        settled = task_states(alphas, effective_n) != State.OPEN.value
        yield float(settled.mean()), float(jensen_shannon(_shares(one), _shares(other)).mean())


def _shares(counts: Ints) -> Floats:
    """Return the shares of labels; without a label, of all classes alike."""
    return row_shares(counts + 1e-12)
