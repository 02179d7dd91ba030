"""A learner quick enough to be fitted some thousand times in a simulation."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from active_learning.learners.calibration import grouped_folds
from active_learning.learners.learner import Array, Groups, NotEnoughLabelsError, Vectors
from active_learning.learners.linear import fit_coefficients, logits, probabilities

STRENGTHS = (0.3, 1.0, 3.0, 10.0)  # Of rows whose length is 1 on the average.
FOLDS = 4
STEPS = 40
MEMBERS = 5


@dataclass(frozen=True, eq=False)
class Sketch:
    """The logistic learner's fit with few penalties to choose from, few steps and no calibration.

    It takes vectors that are reduced already (`fit_reduction`), and scales them as a whole.
    """

    scale: float
    coefficients: Array  # (p + 1, K)
    members: Array  # (M, p + 1, K)

    @classmethod
    def fit(
        cls,
        vectors: Vectors,
        soft: Array,
        weights: Array,
        groups: Groups | None = None,
        *,
        seed: int,
        members: int = 0,
    ) -> Self:
        """Fit to vectors (n, p), soft labels (n, K) and weights (n,), and a committee if asked.

        Raises:
            NotEnoughLabelsError: all clips are of one class.
        """
        if len(np.unique(soft[weights > 0].argmax(axis=1))) < 2:
            raise NotEnoughLabelsError("A learner needs clips of two classes.")
        rows = np.asarray(vectors, dtype=np.float64)
        scale = float(np.sqrt((rows**2).sum(axis=1).mean())) or 1.0
        rows = rows / scale
        strength = _strength(rows, soft, weights, groups, seed)
        coefficients = fit_coefficients(rows, soft, weights, strength, steps=STEPS)
        rng = np.random.default_rng(seed)
        times = [np.bincount(rng.integers(0, len(rows), len(rows)), None, len(rows))
                 for _ in range(members)]  # fmt: skip
        bootstrapped = [
            fit_coefficients(rows, soft, weights * each, strength, coefficients, STEPS)
            for each in times
        ]
        return cls(scale, coefficients, np.stack([*bootstrapped, coefficients]))

    def predict_proba(self, vectors: Vectors) -> Array:
        """Return probabilities (n, K) for vectors (n, p)."""
        return probabilities(logits(self.embed(vectors) / self.scale, self.coefficients), 1.0)

    def predict_members(self, vectors: Vectors) -> Array:
        """Return the committee's probabilities (M, n, K)."""
        return probabilities(logits(self.embed(vectors) / self.scale, self.members), 1.0)

    def embed(self, vectors: Vectors) -> Array:
        """Return the vectors themselves."""
        return np.asarray(vectors, dtype=np.float64)


def _strength(rows: Array, soft: Array, weights: Array, groups: Groups | None, seed: int) -> float:
    """Choose the penalty by the log-loss on people whom the fit did not see."""
    fold_of = grouped_folds(np.arange(len(rows)) if groups is None else groups, FOLDS, seed)
    if fold_of.max() == 0:
        return STRENGTHS[1]
    losses = np.zeros(len(STRENGTHS))
    for fold in range(fold_of.max() + 1):
        out, near = fold_of == fold, None
        for at, strength in enumerate(STRENGTHS):
            near = fit_coefficients(rows[~out], soft[~out], weights[~out], strength, near, STEPS)
            predicted = probabilities(logits(rows[out], near), 1.0)
            losses[at] -= weights[out] @ (soft[out] * np.log(predicted)).sum(axis=1)
    return STRENGTHS[int(losses.argmin())]
