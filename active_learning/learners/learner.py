"""What every learner promises."""

from pathlib import Path
from typing import ClassVar, Protocol, Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Groups = npt.NDArray[np.generic]


class NotEnoughLabelsError(ValueError):
    """There are too few labelled clips to fit anything."""


class UntrustedLearnerError(ValueError):
    """The file is not the one that was written, or holds a type that is not allowed."""


class Learner(Protocol):
    """Predicts the distribution of labels from vectors.

    The same input, seed and number of threads give the same bytes of predictions.
    """

    name: ClassVar[str]
    version: ClassVar[int]

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
        """Return a learner fitted to soft labels.

        Args:
            vectors: (n, d).
            soft: (n, K) distributions, rows sum to 1.
            weights: (n,) not negative; only their ratios matter.
            groups: (n,) who is in the clip; None makes every clip a group of its own.
            seed: of every random choice.

        Raises:
            NotEnoughLabelsError: fewer than two clips carry weight.
            ValueError: shapes do not fit together, or a number is not finite.
        """
        ...

    def predict_proba(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return calibrated probabilities (n, K) for vectors (n, d).

        `places` (n, p) is what `embed` says of them; whoever has it need not pay for it again.
        """
        ...

    def predict_members(self, vectors: Vectors, places: Array | None = None) -> Array:
        """Return the committee's probabilities (M, n, K), M >= 2; `places` as above."""
        ...

    def embed(self, vectors: Vectors) -> Array:
        """Return vectors (n, p) of few dimensions, in which distances between clips mean most."""
        ...

    def save(self, path: Path) -> str:
        """Write the learner to `path` at once or not at all; return the file's SHA-256.

        The same learner, fitted and saved again, has the same SHA-256.
        """
        ...

    @classmethod
    def load(cls, path: Path, sha256: str) -> Self:
        """Read what `save` wrote, whose hash the caller kept.

        Raises:
            UntrustedLearnerError: the hash differs, or a type in the file is not allowed.
        """
        ...
