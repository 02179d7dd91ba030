"""Simulated annotators: honest, hasty and careless ones, each with a hand of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Character = Literal["honest", "hasty", "careless"]
_SHARPNESS = {"honest": 1.6, "hasty": 1.0}
_FLIPS = {"honest": 0.03, "hasty": 0.22}
# Median seconds and spread (of the logarithm) from seeing a clip to answering.
_PACE = {"honest": (5.5, 0.35), "hasty": (2.6, 0.30), "careless": (1.4, 0.25)}


@dataclass(frozen=True)
class Annotator:
    """`name` is a pseudonym; `seed` fixes personal habits, such as a careless one's favourites."""

    name: str
    character: Character
    seed: int


@dataclass(frozen=True)
class Answer:
    """An index into the options, a confidence from 1 (guessing) to 5 (sure), and seconds taken."""

    option: int
    confidence: int
    latency: float


ANNOTATORS = (
    *(Annotator(f"honest-{n}", "honest", 100 + n) for n in range(1, 8)),
    *(Annotator(f"hasty-{n}", "hasty", 200 + n) for n in range(1, 4)),
    *(Annotator(f"careless-{n}", "careless", 300 + n) for n in range(1, 3)),
)


def simulated_answer(
    annotator: Annotator,
    distribution: Sequence[float] | NDArray[np.float64],
    rng: np.random.Generator,
) -> Answer:
    """Return what `annotator` says of a clip that people read by `distribution`.

    Honest ones sample from the distribution sharpened; hasty ones as it is, and slip often;
    careless ones answer by a profile of their own, whatever the clip. Raises `ValueError` if the
    distribution is not one.
    """
    truth = np.asarray(distribution, dtype=float)
    if truth.ndim != 1 or (truth < 0).any() or not np.isclose(truth.sum(), 1, atol=1e-4):
        raise ValueError("A distribution has no negative shares and adds up to 1.")
    chances = answer_chances(annotator, truth)
    option = int(rng.choice(len(chances), p=chances))
    median, spread = _PACE[annotator.character]
    latency = round(float(median * np.exp(rng.normal(0, spread))), 2)
    return Answer(option, _confidence(annotator, truth, option, rng), latency)


def answer_chances(annotator: Annotator, truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the probability of each option, shape (K,), for a clip read by `truth`."""
    k = len(truth)
    if annotator.character == "careless":
        favourites = np.random.default_rng(annotator.seed)
        chances: NDArray[np.float64] = favourites.dirichlet(np.full(k, 0.6))
        return chances
    sharp = truth ** _SHARPNESS[annotator.character]
    flips = _FLIPS[annotator.character]
    chances = (1 - flips) * sharp / sharp.sum() + flips / k
    blurred: NDArray[np.float64] = chances / chances.sum()
    return blurred


def _confidence(
    annotator: Annotator, truth: NDArray[np.float64], option: int, rng: np.random.Generator
) -> int:
    """Honest ones are surest where the clip is clear; careless ones are always fairly sure."""
    if annotator.character == "careless":
        return int(rng.choice([4, 5]))
    clarity = float(truth[option]) * (4.6 if annotator.character == "honest" else 3.0)
    return int(np.clip(round(1.4 + clarity + rng.normal(0, 0.6)), 1, 5))
