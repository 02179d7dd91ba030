"""Vectors on disk, by the clip's hash and the extractor's version."""

import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from active_learning.features.extractor import Extractor, Vector

_HASH = re.compile(r"[0-9a-f]{64}")


def cached(path: Path, clip_hash: str, extractor: Extractor, folder: Path) -> Vector:
    """Return `extractor`'s vector of the clip at `path`, computed at most once.

    Args:
        path: the clip's file, read only when the cache has no sound vector.
        clip_hash: SHA-256 of the file, 64 hexadecimal digits.
        extractor: whose key names the sub-folder.
        folder: the cache; made where missing.

    Returns:
        (dimension,) float32, memory-mapped, read only. A cached file that is cut short, of
        another shape or type, or not finite is computed again.

    Raises:
        ValueError: `clip_hash` is no SHA-256.
        UnreadableClipError: the clip cannot be decoded.
    """
    return kept(clip_hash, extractor.key, extractor.dimension, folder, lambda: extractor(path))


def kept(
    content_hash: str, key: str, dimension: int, folder: Path, compute: Callable[[], Vector]
) -> Vector:
    """Return what `compute` makes of the content with this hash, computed at most once.

    Args, result and errors are as for `cached`; `key` names the extractor and its version.
    """
    target = _place(content_hash, key, folder)
    vector = _read(target, dimension)
    if vector is not None:
        return vector
    _write(target, compute())
    return _mapped(target)


def forget(clip_hash: str, folder: Path) -> int:
    """Remove every extractor's vector of a clip and return how many there were."""
    name = _place(clip_hash, "*", folder).relative_to(folder)
    found = list(folder.glob(str(name)))
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def _place(clip_hash: str, key: str, folder: Path) -> Path:
    if not _HASH.fullmatch(clip_hash):
        raise ValueError(f"{clip_hash!r} is no SHA-256 in lower-case hexadecimal digits.")
    return folder / key / clip_hash[:2] / f"{clip_hash}.npy"


def _mapped(file: Path) -> Vector:
    vector: Vector = np.load(file, mmap_mode="r", allow_pickle=False)
    return vector


def _read(file: Path, dimension: int) -> Vector | None:
    try:
        vector = _mapped(file)
    except (OSError, ValueError, EOFError):
        return None
    sound = vector.shape == (dimension,) and vector.dtype == np.float32
    return vector if sound and bool(np.isfinite(vector).all()) else None


def _write(file: Path, vector: Vector) -> None:
    """Write beside the target and rename, so that a reader meets all of it or nothing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            np.save(part, vector, allow_pickle=False)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
