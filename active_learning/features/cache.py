"""Vectors on disk, by the clip's hash and the extractor's version, each under a seal."""

import functools
import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from active_learning import writing
from active_learning.features.extractor import UnreadableClipError, Vector

_HASH = re.compile(r"[0-9a-f]{64}")
_SEAL = hashlib.sha256().digest_size


class NotKeptError(LookupError):
    """The cache has nothing to say of this content yet."""


class DamagedVectorError(NotKeptError):
    """What the cache had was not what was written; it has been dropped."""


@dataclass(frozen=True, slots=True)
class Entry:
    """The place of one content's vector, or of the sentence why it has none.

    Args:
        content_hash: SHA-256 of the content, 64 hexadecimal digits.
        key: names the extractor and its version.
        dimension: of the vector.
        folder: the cache; made where missing.

    Raises:
        ValueError: `content_hash` is no SHA-256.
    """

    content_hash: str
    key: str
    dimension: int
    folder: Path

    def __post_init__(self) -> None:
        _require_hash(self.content_hash)

    def read(self) -> Vector:
        """Return the vector (dimension,) float32 that was written, to the bit; read only.

        The file is an ordinary `.npy` with the SHA-256 of its bytes behind it. It is read, not
        mapped: that takes a fifth of the time, and what was checked cannot change afterwards.

        Raises:
            DamagedVectorError: the file is not what was written; it is gone now.
            NotKeptError: nothing is kept.
            UnreadableClipError: the content was refused before, as the message says.
        """
        try:
            content = self._vector.read_bytes()
        except OSError:
            self._raise_refusal()
            raise NotKeptError(self.content_hash) from None
        body, head = memoryview(content)[:-_SEAL], _head(self.dimension)
        whole = len(body) == len(head) + 4 * self.dimension and body[: len(head)] == head
        if not whole or hashlib.sha256(body).digest() != content[-_SEAL:]:
            self._vector.unlink(missing_ok=True)
            raise DamagedVectorError(self.content_hash)
        return np.frombuffer(body, dtype=np.float32, offset=len(head))

    def write(self, vector: Vector) -> None:
        """Keep the vector (dimension,).

        Raises:
            ValueError: it has another shape or type, or a number in it is not finite.
            OSError: the disk is full, or the folder may not be written.
        """
        sound = vector.shape == (self.dimension,) and vector.dtype == np.float32
        if not (sound and np.isfinite(vector).all()):
            raise ValueError(f"{self.key} gave no finite vector of {self.dimension}.")
        body = _head(self.dimension) + vector.tobytes()
        _write(self._vector, body + hashlib.sha256(body).digest())

    def refuse(self, why: str) -> None:
        """Keep the sentence that says why this content has no vector."""
        _write(self._refusal, why.encode())

    def _raise_refusal(self) -> None:
        try:
            why = self._refusal.read_text(errors="replace")
        except OSError:
            return
        if why:
            raise UnreadableClipError(why)

    @property
    def _vector(self) -> Path:
        return self.folder / self.key / self.content_hash[:2] / f"{self.content_hash}.npy"

    @property
    def _refusal(self) -> Path:
        return self._vector.with_suffix(".txt")


def kept(entry: Entry, compute: Callable[[], Vector]) -> Vector:
    """Return what is kept, or what `compute` returns, which is kept then.

    Raises:
        UnreadableClipError: the content was refused before, or `compute` refuses it now.
    """
    try:
        return entry.read()
    except NotKeptError:
        entry.write(compute())
    return entry.read()


def forget(clip_hash: str, folder: Path) -> int:
    """Remove what every extractor left of a clip and return how many files there were.

    Raises:
        ValueError: `clip_hash` is no SHA-256.
    """
    _require_hash(clip_hash)
    found = list(folder.glob(f"*/{clip_hash[:2]}/{clip_hash}.*"))
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def _require_hash(content_hash: str) -> None:
    if not _HASH.fullmatch(content_hash):
        raise ValueError(f"{content_hash!r} is no SHA-256 in lower-case hexadecimal digits.")


@functools.cache
def _head(dimension: int) -> bytes:
    """The head of an `.npy` file with so many single-precision numbers."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        file, {"descr": "<f4", "fortran_order": False, "shape": (dimension,)}
    )
    return file.getvalue()


def _write(file: Path, content: bytes) -> None:
    with writing.at_once(file) as part:
        part.write(content)
