"""Pools of made-up clips."""

import numpy as np
import numpy.typing as npt

from active_learning.strategies import STRATEGIES, Middle, Pool, Strategy
from active_learning.strategies.utilities import Array

FloatArray = npt.NDArray[np.float64]


def made_up(
    n: int = 60, d: int = 5, classes: int = 4, members: int = 3, seed: int = 0
) -> tuple[Array, FloatArray]:
    """Members' probabilities (M, n, K) and vectors (n, d)."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(classes), size=(members, n)), rng.normal(size=(n, d))


def utilities(strategy: Strategy, members: Array, vectors: FloatArray) -> Array:
    """What the strategy says of the clips, their own middle being the pool's."""
    return strategy.utility(members, vectors, Middle.of(vectors))


def pool(n: int = 60, strategy: Strategy = STRATEGIES["margin"], **parts: object) -> Pool:
    """A pool of `made_up` clips, with some parts given or replaced."""
    members, vectors = made_up(n)
    useful = utilities(strategy, members, vectors)
    return Pool(**{"vectors": vectors, "utilities": useful, **parts})  # type: ignore[arg-type]
