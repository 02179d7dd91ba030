"""A large pool of made-up vectors, mapped from a file, and classifiers that know its classes."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

CLASSES, MEMBERS = 7, 5
TRAINED_ON = 2000
ROWS = 65_536  # Drawn at once.

Vectors = npt.NDArray[np.floating]


class Model(Protocol):
    """What is asked of a fitted classifier."""

    coef_: Vectors

    def predict_proba(self, vectors: Vectors) -> Vectors:
        """Return probabilities (n, K)."""


def draw(folder: Path, n: int, d: int) -> tuple[Vectors, list[Model]]:
    """Return vectors (n, d) about 7 centres, single precision, and 5 classifiers fitted to few."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(CLASSES, d)).astype(np.float32)
    shape = (n, d)
    mapped = np.lib.format.open_memmap(folder / "pool.npy", "w+", dtype=np.float32, shape=shape)
    for at in range(0, n, ROWS):
        mapped[at : at + ROWS] = _some(rng, centres, min(ROWS, n - at))[0]
    mapped.flush()
    members: list[Model] = [_fitted(rng, centres) for _ in range(MEMBERS)]
    return np.load(folder / "pool.npy", mmap_mode="r"), members


def _fitted(rng: np.random.Generator, centres: Vectors) -> LogisticRegression:
    return LogisticRegression(C=0.01, max_iter=200).fit(*_some(rng, centres, TRAINED_ON))


def _some(
    rng: np.random.Generator, centres: Vectors, n: int
) -> tuple[Vectors, npt.NDArray[np.integer]]:
    """Return vectors (n, d) whose classes overlap at every d, and the classes (n,)."""
    of = rng.integers(CLASSES, size=n)
    noise = rng.standard_normal((n, centres.shape[1]), dtype=np.float32)
    return centres[of] * (2 / centres.shape[1] ** 0.5) + noise, of
