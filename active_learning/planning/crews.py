"""Who answers: people who look, and some who do not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from active_learning.simulating.world import SINGLE_MINDED
from annotation.agreement.answers import Bools, Floats


@dataclass(frozen=True, eq=False)
class Crew:
    """So many annotators, a share of whom never looks.

    theta: (R,) how likely those who look do so at a clip; eps: (R, K) what they say otherwise.
    A pilot has one row for each of its annotators; nobody of a crew without them slips, since a
    published alpha has its people's slips in it.
    """

    annotators: int
    careless: float = 0.0
    theta: Floats | None = None
    eps: Floats | None = None


@dataclass(frozen=True, eq=False)
class Hired:
    """One crew as it may come: theta (W,), eps (W, K), and who never looks (W,)."""

    theta: Floats
    eps: Floats
    careless: Bools


def hire(crew: Crew, classes: int, rng: np.random.Generator) -> Hired:
    """Draw the annotators of one campaign: those who look from a pilot's where there is one.

    Who is careless answers from a profile of their own, mostly a class or two, as the spam
    mixture has it.
    """
    careless = np.arange(crew.annotators) < round(crew.careless * crew.annotators)
    theta = np.where(careless, 0.0, 1.0)
    eps = rng.dirichlet(np.full(classes, SINGLE_MINDED), crew.annotators)
    if crew.theta is not None and crew.eps is not None:
        like = rng.integers(0, len(crew.theta), crew.annotators)
        theta = np.where(careless, 0.0, crew.theta[like])
        eps = np.where(careless[:, None], eps, crew.eps[like])
    return Hired(theta, eps, careless)
