"""Logistic regression on soft labels, with a committee; the first learner, and the fallback."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self, cast

import numpy as np
import numpy.typing as npt

from active_learning.learners.calibration import fit_temperature, grouped_folds, out_of_fold
from active_learning.learners.checking import checked
from active_learning.learners.keeping import State, load_named, save_named
from active_learning.learners.learner import Array, Groups, Vectors
from active_learning.learners.linear import (
    Reduction,
    fit_coefficients,
    fit_reduction,
    logits,
    probabilities,
)
from active_learning.threads import one_thread

FOLDS = 5
MEMBERS = 8
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)
DEFAULT_STRENGTH = 1e-3


@dataclass(frozen=True, eq=False)
class LogisticLearner:
    """Standardise, PCA, multinomial logistic regression; temperature from held-out people.

    The committee's members share the reduction, the penalty and the temperature; each is
    fitted to a bootstrap of the groups, so they disagree where more people would help.
    """

    name: ClassVar[str] = "logistic"
    version: ClassVar[int] = 3

    reduction: Reduction
    coefficients: Array  # (p + 1, K)
    members: Array  # (M, p + 1, K)
    temperature: float

    @classmethod
    @one_thread()
    def fit(
        cls,
        vectors: Vectors,
        soft: Array,
        weights: Array,
        groups: Groups | None = None,
        *,
        seed: int,
    ) -> Self:
        """Fit to vectors (n, d), soft labels (n, K) and weights (n,); see `Learner.fit`."""
        vectors, soft, weights, groups = checked(vectors, soft, weights, groups)
        reduction = fit_reduction(vectors, seed)
        reduced = reduction(vectors)
        strength, temperature = _settings(reduced, soft, weights, groups, seed)
        coefficients = fit_coefficients(reduced, soft, weights, strength)
        members = [
            fit_coefficients(reduced, soft, weights * times, strength, coefficients)
            for times in _bootstraps(groups, seed)
        ]
        return cls(reduction, coefficients, np.stack(members), temperature)

    def predict_proba(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return calibrated probabilities (n, K) for vectors (n, d)."""
        places = self.embed(vectors) if places is None else places
        return probabilities(logits(places, self.coefficients), self.temperature)

    def predict_members(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return the committee's probabilities (M, n, K)."""
        places = self.embed(vectors) if places is None else places
        return probabilities(logits(places, self.members), self.temperature)

    def embed(self, vectors: Vectors) -> Array:
        """Return the principal components (n, p)."""
        return self.reduction(vectors)

    def state(self) -> State:
        """Return plain values and arrays by name."""
        return {
            "centre": self.reduction.centre,
            "scale": self.reduction.scale,
            "directions": self.reduction.directions,
            "coefficients": self.coefficients,
            "members": self.members,
            "temperature": self.temperature,
        }

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        parts = (cast("Vectors", state[name]) for name in ("centre", "scale", "directions"))
        coefficients, members = (cast("Array", state[key]) for key in ("coefficients", "members"))
        return cls(Reduction(*parts), coefficients, members, cast("float", state["temperature"]))

    def save(self, path: Path) -> str:
        """Write to `path` at once or not at all; return the file's SHA-256."""
        return save_named(self, path)

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Read what `save` wrote; see `Learner.load`."""
        return cls.from_state(load_named(cls, path, sha256))


def _settings(
    reduced: Array, soft: Array, weights: Array, groups: Groups, seed: int
) -> tuple[float, float]:
    """Choose penalty and temperature by the log-loss on people whom the fit did not see.

    The reduction saw them, yet no label: it tells nothing of what is to be predicted.
    """
    fold_of = grouped_folds(groups, FOLDS, seed)
    if fold_of.max() == 0 or len(np.unique(fold_of[weights > 0])) < 2:
        return DEFAULT_STRENGTH, 1.0

    def fit_and_score(learn: npt.NDArray[np.bool_]) -> Array:
        fits: list[Array] = []
        for strength in STRENGTHS:
            near = fits[-1] if fits else None
            fits.append(
                fit_coefficients(reduced[learn], soft[learn], weights[learn], strength, near)
            )
        return logits(reduced[~learn], np.stack(fits))

    scores = out_of_fold(fit_and_score, fold_of)
    fits = [fit_temperature(each, soft, weights) for each in scores]
    best = int(np.argmin([loss for _, loss in fits]))
    return STRENGTHS[best], fits[best][0]


def _bootstraps(groups: Groups, seed: int) -> npt.NDArray[np.intp]:
    """How often each member sees each row, (M, n): whole groups, drawn with replacement."""
    names, inverse = np.unique(groups, return_inverse=True)
    if len(names) == 1:
        names, inverse = np.arange(len(groups)), np.arange(len(groups))
    rng = np.random.default_rng(seed)
    drawn = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), size=MEMBERS)
    return drawn[:, inverse]
