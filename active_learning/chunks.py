"""What is seen of a chunk of candidates, in a file that says itself whether it is whole; pure."""

import hashlib
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning import writing

DIGEST = hashlib.sha256().digest_size

Arrays = Mapping[str, npt.NDArray[Any]]


class ChunkGoneError(Exception):
    """The file is missing, cut short, or not the one that was written."""


def path_of(folder: Path, number: int) -> Path:
    """Return where the chunk with this number is kept."""
    return folder / f"chunk-{number:05}.bin"


def write(path: Path, arrays: Arrays) -> None:
    """Write arrays behind the SHA-256 of their bytes, at once or not at all.

    The same arrays give the same bytes, whoever writes them.

    Raises:
        OSError: the disk is full, or the folder may not be written.
    """
    content = io.BytesIO()
    for name in sorted(arrays):
        np.lib.format.write_array(content, np.array(name), allow_pickle=False)
        np.lib.format.write_array(content, np.ascontiguousarray(arrays[name]), allow_pickle=False)
    with writing.at_once(path) as file:
        file.write(hashlib.sha256(content.getvalue()).digest() + content.getvalue())


def read(path: Path) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays in the file at `path`.

    Raises:
        ChunkGoneError: it is missing or damaged.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise ChunkGoneError(f"{path.name} is missing.") from error
    said, payload = content[:DIGEST], content[DIGEST:]
    if hashlib.sha256(payload).digest() != said:
        raise ChunkGoneError(f"{path.name} is damaged.")
    rest, arrays = io.BytesIO(payload), {}
    while rest.tell() < len(payload):
        name = str(np.lib.format.read_array(rest, allow_pickle=False))
        arrays[name] = np.lib.format.read_array(rest, allow_pickle=False)
    return arrays


def is_whole(path: Path) -> bool:
    """Say whether the file is there and holds what was written."""
    try:
        read(path)
    except ChunkGoneError:
        return False
    return True
