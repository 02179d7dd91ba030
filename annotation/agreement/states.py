"""When a task is done: it has settled on one class, on a mixture, or on being unclear."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincc, gammainc, gammaincinv

from annotation.agreement.aggregation import row_shares
from annotation.agreement.ambiguity import entropy, mutual_information
from annotation.agreement.answers import Bools, Floats

NODES = 48


class State(StrEnum):
    """What is known of a task. The first three are successes, each in its own way."""

    CONSENSUS = "consensus"
    MIXED = "mixed"
    AMBIGUOUS = "ambiguous"
    OPEN = "open"


@dataclass(frozen=True)
class Rules:
    """When a task counts as what. Probabilities are of the posterior, entropies in nats.

    A mixture needs `least_labels` as well: where tasks are much alike, the prior alone puts a
    quarter of the answers on two classes.
    """

    least_labels: float = 3.0
    plurality: float = 0.95
    share: float = 0.25
    share_probability: float = 0.8
    ambiguous_labels: float = 5.0
    ambiguous_information: float = 0.10
    ambiguous_entropy: float = 0.7 * float(np.log(2))


RULES = Rules()


def task_states(alphas: Floats, effective_n: Floats, rules: Rules = RULES) -> NDArray[np.str_]:
    """Return the value of each task's `State`, shape (n_tasks,), from its Dirichlet posterior.

    `alphas` (n_tasks, K) and `effective_n` (n_tasks,) are those of an `Aggregate`. A task whose
    first class is surely ahead while a second surely has its quarter is MIXED: that says more.

    >>> votes = np.array([[9.0, 0, 0], [20, 20, 0], [4, 4, 4], [1, 0, 0]])
    >>> task_states(votes + 1 / 3, votes.sum(axis=1)).tolist()
    ['consensus', 'mixed', 'ambiguous', 'open']
    """
    enough = effective_n >= rules.least_labels
    mixed = enough & has_two_shares(alphas, rules.share, rules.share_probability)
    consensus = enough & ~mixed
    consensus[consensus] = has_plurality(alphas[consensus], rules.plurality)
    ambiguous = (
        (effective_n >= rules.ambiguous_labels)
        & (mutual_information(alphas) < rules.ambiguous_information)
        & (entropy(row_shares(alphas)) > rules.ambiguous_entropy)
    )

    states = np.full(len(alphas), State.OPEN.value, dtype="<U9")
    states[ambiguous] = State.AMBIGUOUS.value
    states[consensus] = State.CONSENSUS.value
    states[mixed] = State.MIXED.value
    return states


def probability_of_share(alphas: Floats, share: float = 0.25) -> Floats:
    """Return P(p_c >= share) of each class under Dir(alphas), shape (n, K).

    >>> probability_of_share(np.array([[1.0, 1.0]]), 0.25)
    array([[0.75, 0.75]])
    """
    rest = alphas.sum(axis=1, keepdims=True) - alphas
    probability: Floats = betaincc(alphas, rest, share)
    return probability


def has_two_shares(alphas: Floats, share: float, probability: float) -> Bools:
    """Whether `probability_of_share` reaches `probability` for two classes, shape (n,); faster.

    Only classes whose mean is `probability * share` or more can (Markov), and seldom are two.

    >>> has_two_shares(np.array([[20.0, 20.0, 1.0], [20.0, 1.0, 1.0]]), 0.25, 0.8)
    array([ True, False])
    """
    total = alphas.sum(axis=1, keepdims=True)
    likely = alphas >= probability * share * total
    likely &= likely.sum(axis=1, keepdims=True) >= 2
    mine, rest = alphas[likely], (total - alphas)[likely]
    large = np.zeros(alphas.shape, dtype=bool)
    large[likely] = betaincc(mine, rest, share) >= probability
    two: Bools = large.sum(axis=1) >= 2
    return two


def has_plurality(alphas: Floats, probability: float) -> Bools:
    """Whether `plurality_probability` reaches `probability`, shape (n,); much faster.

    The chance that the first class is behind one other is exact, and bounds the whole from both
    sides; only what lies between the bounds is integrated.

    >>> has_plurality(np.array([[9.0, 1.0, 1.0], [3.0, 2.0, 1.0]]), 0.95)
    array([ True, False])
    """
    rows = np.arange(len(alphas))
    top = alphas.argmax(axis=1)
    behind = betainc(alphas[rows, top][:, None], alphas, 0.5)
    behind[rows, top] = 0.0
    reached: Bools = 1 - behind.sum(axis=1) >= probability
    open_ = ~reached & (1 - behind.max(axis=1) >= probability)
    reached[open_] = plurality_probability(alphas[open_]) >= probability
    return reached


def plurality_probability(alphas: Floats) -> Floats:
    """Return P(the class with the largest alpha has the largest share), shape (n,).

    Shares of a Dirichlet are independent gammas over their sum, so this is the integral of the
    others' distribution functions along the quantiles of the first: Gauss-Legendre quadrature,
    good to about 1e-4, the same at every run. With two classes, against the beta's exact value:

    >>> plurality_probability(np.array([[3.0, 1.0], [2.0, 2.0]])).round(3)
    array([0.875, 0.5  ])
    """
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    rows = np.arange(len(alphas))
    top = alphas.argmax(axis=1)
    draws = gammaincinv(alphas[rows, top][:, None], (nodes + 1) / 2)
    below = np.ones_like(draws)
    for c in range(alphas.shape[1]):
        ahead = gammainc(alphas[:, c, None], draws)
        below *= np.where((top == c)[:, None], 1.0, ahead)
    probability: Floats = below @ (weights / 2)
    return probability
