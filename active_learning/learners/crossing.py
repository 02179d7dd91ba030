"""Learners whose committee is the fits that each left out a part of the people."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol, Self, cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax, logsumexp

from active_learning.learners.calibration import fit_temperature, grouped_folds
from active_learning.learners.checking import checked
from active_learning.learners.keeping import State, load_named, save_named
from active_learning.learners.layers import Layers
from active_learning.learners.learner import Array, Groups, Vectors
from active_learning.learners.linear import Reduction, fit_reduction, probabilities
from active_learning.learners.trees import Trees
from active_learning.threads import one_thread

FOLDS = 5

Folds = npt.NDArray[np.intp]


class Member(Protocol):
    """One fit: scores as log-probabilities, and a state of plain values."""

    @classmethod
    def fit(cls, rows: Array, soft: Array, weights: Array, seed: int) -> Self:
        """Fit to rows (n, p), soft labels (n, K) and weights (n,)."""
        ...

    def log_probabilities(self, rows: Array) -> Array:
        """Return log-probabilities (n, K) of rows (n, p)."""
        ...

    def state(self) -> State:
        """Return plain values and arrays by name."""
        ...

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        ...


@dataclass(frozen=True, eq=False)
class CrossLearner:
    """Standardise, PCA, and the mean of five fits, each without a fifth of the people.

    Cross-validated committees (Parmanto, Munro & Doyle 1996): the fits that calibrate, on people
    they did not see, are also the committee; nothing is fitted twice.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 3
    member: ClassVar[type[Member]]

    reduction: Reduction
    members: list[Member]
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
        alone = len(np.unique(groups[weights > 0])) < 2
        fold_of = _folds(np.arange(len(groups)) if alone else groups, weights, seed)
        members: list[Member] = []
        scores = np.zeros(soft.shape)
        for fold in range(fold_of.max() + 1):
            learn = fold_of != fold
            members.append(cls.member.fit(reduced[learn], soft[learn], weights[learn], seed + fold))
            scores[~learn] = members[-1].log_probabilities(reduced[~learn])
        temperature = 1.0 if alone else fit_temperature(scores, soft, weights)[0]
        return cls(reduction, members, temperature)

    def predict_proba(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return calibrated probabilities (n, K) for vectors (n, d)."""
        told = self._log_probabilities(vectors, places)
        return probabilities(logsumexp(told, axis=0) - np.log(len(told)), self.temperature)

    def predict_members(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return the committee's probabilities (M, n, K)."""
        return probabilities(self._log_probabilities(vectors, places), self.temperature)

    def embed(self, vectors: Vectors) -> Array:
        """Return the principal components (n, p)."""
        return self.reduction(vectors)

    def state(self) -> State:
        """Return plain values and arrays by name."""
        return {
            "centre": self.reduction.centre,
            "scale": self.reduction.scale,
            "directions": self.reduction.directions,
            "members": [member.state() for member in self.members],
            "temperature": self.temperature,
        }

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        parts = (cast("Vectors", state[name]) for name in ("centre", "scale", "directions"))
        members = [cls.member.from_state(each) for each in cast("list[State]", state["members"])]
        return cls(Reduction(*parts), members, cast("float", state["temperature"]))

    def save(self, path: Path) -> str:
        """Write to `path` at once or not at all; return the file's SHA-256."""
        return save_named(self, path)

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Read what `save` wrote; see `Learner.load`."""
        return cls.from_state(load_named(cls, path, sha256))

    def _log_probabilities(self, vectors: Vectors, places: Array | None) -> Array:
        places = self.embed(vectors) if places is None else places
        return np.stack([log_softmax(m.log_probabilities(places), axis=1) for m in self.members])


class BoostingLearner(CrossLearner):
    """Boosted trees: finds what only two numbers together tell, at the price of more labels."""

    name = "boosting"
    member = Trees


class NetworkLearner(CrossLearner):
    """A network with one hidden layer."""

    name = "network"
    member = Layers


def _folds(groups: Groups, weights: Array, seed: int) -> Folds:
    """Folds (n,) of the rows with weight; the others, which no fit sees, are in the first."""
    fold_of = np.zeros(len(groups), dtype=np.intp)
    heavy = weights > 0
    fold_of[heavy] = grouped_folds(groups[heavy], FOLDS, seed)
    return fold_of
