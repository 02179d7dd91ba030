"""A committee of different kinds: logistic regression, boosted trees and a network."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self, cast

import numpy as np

from active_learning.learners.crossing import BoostingLearner, NetworkLearner
from active_learning.learners.keeping import State, load_named, save_named
from active_learning.learners.learner import Array, Groups, Vectors
from active_learning.learners.logistic import LogisticLearner


@dataclass(frozen=True, eq=False)
class CommitteeLearner:
    """The mean of three calibrated learners; its members are theirs.

    Kinds that err differently disagree where it matters, and their mean errs less than any
    (Dietterich 2000, "Ensemble methods in machine learning").
    """

    name: ClassVar[str] = "committee"
    version: ClassVar[int] = 3

    logistic: LogisticLearner
    boosting: BoostingLearner
    network: NetworkLearner

    @classmethod
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
        return cls(
            LogisticLearner.fit(vectors, soft, weights, groups, seed=seed),
            BoostingLearner.fit(vectors, soft, weights, groups, seed=seed),
            NetworkLearner.fit(vectors, soft, weights, groups, seed=seed),
        )

    def predict_proba(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return calibrated probabilities (n, K) for vectors (n, d)."""
        places = self.embed(vectors) if places is None else places
        told = [learner.predict_proba(vectors, places) for learner in self._learners()]
        mean: Array = np.mean(told, axis=0)
        return mean

    def predict_members(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return the probabilities (M, n, K) of all members of all three."""
        places = self.embed(vectors) if places is None else places
        told = [learner.predict_members(vectors, places) for learner in self._learners()]
        return np.concatenate(told)

    def embed(self, vectors: Vectors) -> Array:
        """Return the principal components (n, p), which are the same for all three."""
        return self.logistic.embed(vectors)

    def state(self) -> State:
        """Return plain values and arrays by name."""
        return {learner.name: learner.state() for learner in self._learners()}

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        return cls(
            LogisticLearner.from_state(cast("State", state["logistic"])),
            BoostingLearner.from_state(cast("State", state["boosting"])),
            NetworkLearner.from_state(cast("State", state["network"])),
        )

    def save(self, path: Path) -> str:
        """Write to `path` at once or not at all; return the file's SHA-256."""
        return save_named(self, path)

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Read what `save` wrote; see `Learner.load`."""
        return cls.from_state(load_named(cls, path, sha256))

    def _learners(self) -> tuple[LogisticLearner, BoostingLearner, NetworkLearner]:
        return self.logistic, self.boosting, self.network
