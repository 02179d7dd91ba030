"""What an extractor is: a named, versioned function from a clip's file to a vector."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Kind = Literal["image", "audio", "video"]
Vector = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]


class UnreadableClipError(ValueError):
    """The clip's file cannot be decoded, so it has no features."""


@dataclass(frozen=True)
class Extractor:
    """Turns one clip's file into a float32 vector of `dimension` numbers.

    A change that alters any number must raise `version`: vectors of different versions
    never meet, neither in the cache nor in a learner.
    """

    name: str
    version: int
    dimension: int
    function: Callable[[Path], Vector]

    @property
    def key(self) -> str:
        """Name and version in one word, safe as the name of a folder."""
        return f"{self.name}-{self.version}"

    def __call__(self, path: Path) -> Vector:
        """Return the vector (dimension,) of the clip at `path`.

        Raises:
            UnreadableClipError: the file cannot be decoded.
            ValueError: the function broke its promise of shape or finiteness.
        """
        vector = np.ascontiguousarray(self.function(path), dtype=np.float32)
        if vector.shape != (self.dimension,) or not np.isfinite(vector).all():
            raise ValueError(f"{self.key} gave no finite vector of {self.dimension} for {path}.")
        return vector
