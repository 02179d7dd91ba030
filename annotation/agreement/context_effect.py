"""How much seeing the context changes what people say, beyond what chance alone would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import row_shares
from annotation.agreement.ambiguity import jensen_shannon
from annotation.agreement.answers import Answers, Floats

RESAMPLES = 1000
SPLITS = 50
FEWEST = 3


@dataclass(frozen=True)
class Effect:
    """The mean effect over clips in nats, with its 95 % interval over clips."""

    value: float
    low: float
    high: float
    n_tasks: int


def context_effect(blind: Answers, context: Answers, *, seed: int = 0) -> Effect:
    """Return the mean of `JS(blind, context) - E[JS(half, half')]` over the tasks that have both.

    `blind` and `context` number the same tasks and categories. With few labels any two samples
    differ: what the same people's labels, pooled and dealt out anew into two samples of these
    sizes, differ by is taken off, so that the effect is 0 on average where context changes
    nothing. It may be below 0 by chance. Raises ValueError where no task has both.

    Source: the estimator of the project's own design; the divergence is Lin (1991), "Divergence
    measures based on the Shannon entropy".

    >>> alone = Answers([0, 0], [0, 1], [0, 0], 1, 2, 2)
    >>> together = Answers([0, 0], [2, 3], [1, 1], 1, 4, 2)
    >>> round(context_effect(alone, together).value, 2)
    0.46
    """
    first, second = blind.counts(), context.counts()
    labelled = first.sum(axis=1), second.sum(axis=1)
    # Of one answer each the divergence is what chance says, always: they tell nothing.
    both = (labelled[0] > 0) & (labelled[1] > 0) & (labelled[0] + labelled[1] >= FEWEST)
    if not both.any():
        raise ValueError("No task was labelled both blind and in context.")
    rng = np.random.default_rng(seed)
    first, second = first[both], second[both]
    seen = jensen_shannon(row_shares(first), row_shares(second))
    delta = seen - _by_chance(first, second, rng)
    drawn = rng.integers(0, len(delta), size=(RESAMPLES, len(delta)))
    low, high = np.quantile(delta[drawn].mean(axis=1), [0.025, 0.975])
    return Effect(float(delta.mean()), float(low), float(high), len(delta))


def _by_chance(first: Floats, second: Floats, rng: np.random.Generator) -> Floats:
    """Return the mean divergence of two samples dealt out of each task's pooled labels."""
    pooled = np.rint(first + second).astype(np.int64)
    sizes = np.rint(first.sum(axis=1)).astype(np.int64)
    total = np.zeros(len(pooled))
    for _ in range(SPLITS):
        dealt = np.array(
            [
                rng.multivariate_hypergeometric(row, size)
                for row, size in zip(pooled, sizes, strict=True)
            ],
            dtype=np.float64,
        )
        total += jensen_shannon(row_shares(dealt), row_shares(pooled - dealt))
    return total / SPLITS
