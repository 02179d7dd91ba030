"""Clips of made-up people whose class can be told from their vectors, though not for certain."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning.learners.learner import Array, Vectors


class Labelled(NamedTuple):
    vectors: Vectors
    soft: Array
    weights: Array
    groups: npt.NDArray[np.intp]


def labelled(
    people: int = 12, clips: int = 10, classes: int = 3, seed: int = 0, noise: float = 1.5
) -> Labelled:
    rng = np.random.default_rng(seed)
    groups = np.repeat(np.arange(people), clips)
    truth = rng.integers(0, classes, len(groups))
    centres = np.random.default_rng(99).normal(size=(classes, 20))
    own_style = rng.normal(scale=0.5, size=(people, 20))[groups]
    vectors = centres[truth] + own_style + rng.normal(scale=noise, size=(len(groups), 20))
    soft = np.full((len(groups), classes), 0.2 / classes)
    soft[np.arange(len(groups)), truth] += 0.8
    return Labelled(vectors.astype(np.float32), soft, np.ones(len(groups)), groups)
