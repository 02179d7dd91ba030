"""Who the annotators are before they have answered: crowd, experts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Floats, Ints, sums_by


@dataclass(frozen=True)
class Population:
    """The prior Beta(kappa t, kappa (1 - t)) of its annotators' honesty.

    `mean` is t; without one it is fitted to the population's own labels.
    """

    mean: float | None = None
    kappa: float = 20.0


CROWD = Population()
EXPERT = Population(mean=0.95, kappa=40.0)

# What is believed of a population's mean before it has answered, and how many annotators' worth.
START, START_WEIGHT = 0.8, 1.0
HIGHEST = 0.99


@dataclass(frozen=True, eq=False)
class Prior:
    """The populations, and which of them each annotator (n_annotators,) belongs to."""

    populations: tuple[Population, ...]
    member: Ints

    @property
    def kappa(self) -> Floats:
        """Strength of each annotator's prior, shape (n_annotators,)."""
        return np.array([p.kappa for p in self.populations])[self.member]

    def means(self, honest: Floats, n: Floats) -> Floats:
        """Return t of each population, from the honest and all labels of each annotator.

        Where t is fitted it is the mean of its annotators' theta, of which t itself is a part:
        theta_w = (kappa t + honest_w) / (kappa + n_w), solved for t.
        """
        size = len(self.populations)
        told = sums_by(self.member, n / (self.kappa + n), size)
        heard = sums_by(self.member, honest / (self.kappa + n), size)
        fitted = (START * START_WEIGHT + heard) / (START_WEIGHT + told)
        known = [p.mean for p in self.populations]
        means = [t if k is None else k for k, t in zip(known, fitted, strict=True)]
        return np.minimum(means, HIGHEST)
