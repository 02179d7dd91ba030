"""Vectors for clips that nobody has looked at yet: as telling as a learner can be good."""

from __future__ import annotations

import numpy as np

from active_learning.learners.learner import Array, Vectors
from active_learning.planning.difficulty import Difficulty, draw_shares
from annotation.agreement.answers import Floats, Ints

DIMENSION = 32
# Of what in a vector says nothing of the answer, this much is the person's own.
OF_PERSON = 0.3
LEAST_NOISE, MOST_NOISE, HALVINGS = 0.003, 10.0, 16
CLIPS, CLIPS_EACH = 3000, 10


def draw_vectors(
    shares: Floats, groups: Ints, noise: float, rng: np.random.Generator, towards: int = 0
) -> Vectors:
    """Return vectors (n, 32): the clip's distribution, turned, under noise of clip and person.

    Args:
        shares: (n, K) what people say of each clip.
        groups: (n,) who is in it, from 0.
        noise: its spread in every direction, beside distributions whose parts are from 0 to 1.
        rng: of the noise.
        towards: seed of the directions, the same for all clips that one learner reads.
    """
    k = shares.shape[1]
    dimension = max(DIMENSION, 2 * k)
    turned = np.linalg.qr(np.random.default_rng(towards).normal(size=(dimension, k)))[0]
    people = rng.normal(size=(int(groups.max()) + 1, dimension))[groups]
    own = rng.normal(size=(len(shares), dimension))
    blurred = np.sqrt(1 - OF_PERSON) * own + np.sqrt(OF_PERSON) * people
    vectors: Vectors = (shares @ turned.T + noise * blurred).astype(np.float32)
    return vectors


def noise_for(difficulty: Difficulty, reaches: float, seed: int = 0) -> float:
    """Return the noise under which a linear reader of 2,000 clips names the plurality so often.

    The reader has seen the clips' true distributions, of other people than it is judged by. By
    halving the logarithm of the noise, on one draw of clips; beyond what noise can do, the least
    or the most.
    """
    rng = np.random.default_rng(seed)
    shares = draw_shares(difficulty, CLIPS, rng)
    low, high = np.log(LEAST_NOISE), np.log(MOST_NOISE)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _read(shares, float(np.exp(middle)), seed) > reaches:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def _read(shares: Floats, noise: float, seed: int) -> float:
    """Return how often least squares of the distributions on the vectors names the plurality."""
    groups = np.arange(len(shares)) // CLIPS_EACH
    vectors = draw_vectors(shares, groups, noise, np.random.default_rng(seed + 1))
    rows: Array = np.column_stack([vectors.astype(np.float64), np.ones(len(shares))])
    learns = np.arange(len(shares)) < len(shares) * 2 // 3
    reader = np.linalg.lstsq(rows[learns], shares[learns], rcond=None)[0]
    named = (rows[~learns] @ reader).argmax(axis=1)
    return float((named == shares[~learns].argmax(axis=1)).mean())
