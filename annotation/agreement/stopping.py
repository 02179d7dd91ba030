"""Which tasks are asked about again: those that are open, and of which a label would tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from annotation.agreement.ambiguity import mutual_information
from annotation.agreement.answers import Bools, Floats
from annotation.agreement.states import RULES, Rules, State, task_states


def worth_asking(alphas: Floats, effective_n: Floats, rules: Rules = RULES) -> Bools:
    """Whether one more label would tell something of each task, shape (n_tasks,).

    `alphas` (n_tasks, K) and `effective_n` (n_tasks,) are those of an `Aggregate`. A task that has
    settled, on one class, on a mixture or on being unclear, is done. One that is open is asked
    about again while the mutual information of a label is `rules.ambiguous_information` or more,
    or while fewer than `rules.least_labels` have been heard. Entropy is no reason to ask: 25 to
    25 votes are known better than 2 to 1.

    >>> votes = np.array([[2.0, 1.0], [8, 0], [25, 25]])
    >>> worth_asking(votes + 0.5, votes.sum(axis=1))
    array([ True, False, False])
    """
    is_open = task_states(alphas, effective_n, rules) == State.OPEN.value
    tells = mutual_information(alphas) >= rules.ambiguous_information
    asked: Bools = is_open & (tells | (effective_n < rules.least_labels))
    return asked


def settled_share(states: NDArray[np.str_]) -> dict[str, float]:
    """Return the share of the tasks in each `State`.

    >>> settled_share(np.array(["open", "mixed", "mixed", "consensus"]))
    {'consensus': 0.25, 'mixed': 0.5, 'ambiguous': 0.0, 'open': 0.25}
    """
    return {state.value: float(np.mean(states == state.value)) for state in State}


def equal_redundancy(fixed: Floats, reached: float) -> float:
    """Return the fixed number of votes, a fraction between two, that reaches the same figure.

    `fixed` (n,) is the figure at 1 to n votes of every task; the best so far counts.

    >>> equal_redundancy(np.array([0.5, 0.25, 0.125]), 0.375)
    1.5
    """
    rising = 1.0 if fixed[-1] >= fixed[0] else -1.0
    steps = np.arange(1, len(fixed) + 1)
    return float(np.interp(rising * reached, np.maximum.accumulate(rising * fixed), steps))
