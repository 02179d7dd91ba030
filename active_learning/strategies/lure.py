"""Undoing the bias of active picking: LURE weights."""

import numpy as np

from active_learning.strategies.utilities import Array


def lure_weights(probabilities: Array, pool_size: int) -> Array:
    """Return the weight of each pick that makes a mean over picks an unbiased pool risk.

    v_m = 1 + (N - M) / (N - m) * (1 / ((N - m + 1) q_m) - 1), Farquhar, Gal & Rainforth 2021,
    "On Statistical Bias in Active Learning". Valid for one sequence of picks without
    replacement from one fixed pool, in the order in which they were drawn.

    Args:
        probabilities: (M,) q of each pick given all earlier ones, in the order of the draw.
        pool_size: N, the clips in the pool before the first pick.

    Returns:
        (M,); all 1 for uniform picks, and all 1 when the whole pool was picked. The uniform
        tenth of every draw keeps them at 10 or less.

    Raises:
        ValueError: more picks than clips, or a probability outside (0, 1].

    >>> lure_weights(np.array([1 / 4, 1 / 3]), 4).tolist()
    [1.0, 1.0]
    """
    q = np.asarray(probabilities, dtype=np.float64)
    picked = len(q)
    if picked > pool_size:
        raise ValueError(f"{picked} picks cannot come from a pool of {pool_size}.")
    if not ((q > 0) & (q <= 1)).all():
        raise ValueError("Every pick has a probability above 0 and at most 1.")
    if picked == pool_size:
        return np.ones(picked)
    order = np.arange(1, picked + 1)
    rest = (pool_size - picked) / (pool_size - order)
    return 1 + rest * (1 / ((pool_size - order + 1) * q) - 1)
