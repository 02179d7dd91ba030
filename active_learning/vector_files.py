"""Vectors that a researcher brings in a file, read with suspicion; pure.

Two forms are read: NumPy's `.npz` with the arrays `ids` and `vectors`, and Parquet with a column
`external_id` and either one column of lists or any number of numeric columns. Nothing in a file
is ever unpickled, and how much it unpacks to is looked at before it is unpacked.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

LARGEST_BYTES = 4 * 1024**3
LARGEST_DIMENSION = 16_384
LONGEST_ID = 200
ROWS_AT_A_TIME = 4096
_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}

Vectors = npt.NDArray[np.float32]


class VectorFileError(ValueError):
    """The file's vectors cannot be taken; the message names the row or field and the remedy."""


class Brought(NamedTuple):
    """Vectors with the external id of the clip that each belongs to."""

    ids: list[str]  # n, each once
    vectors: Vectors  # (n, d), finite


def read(path: Path, *, largest: int = LARGEST_BYTES) -> Brought:
    """Return the vectors in the file at `path`, all of them sound.

    Args:
        path: a file whose first bytes say that it is `.npz` or Parquet, whatever its name.
        largest: bytes that the unpacked vectors may take.

    Raises:
        VectorFileError: the file is of another form, damaged or too big; a column is missing or
            holds no numbers; rows and ids differ in number; an id is empty, too long or there
            twice; rows differ in length; a number is NaN or infinite.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        return checked(*_read_npz(path, largest))
    if start == b"PAR1":
        from active_learning.vector_parquet import read_parquet  # noqa: PLC0415 - needs pyarrow

        return checked(*read_parquet(path, largest))
    raise VectorFileError(
        "The file is neither .npz nor Parquet. Save it by numpy.savez(path, ids=..., vectors=...)."
    )


def checked(ids: Sequence[str], vectors: npt.NDArray[np.generic]) -> Brought:
    """Return ids (n,) and vectors (n, d) as they are stored, if nothing is wrong with them.

    >>> checked(["a", "b"], np.array([[1, 2], [3, 4]])).vectors.dtype.name
    'float32'
    >>> checked(["a", "a"], np.array([[1.0], [2.0]]))
    Traceback (most recent call last):
    active_learning.vector_files.VectorFileError: ids: 'a' is in rows 1 and 2. Give each clip once.
    """
    if len(ids) != len(vectors):
        raise VectorFileError(f"There are {len(ids)} ids for {len(vectors)} vectors.")
    if not len(ids):
        raise VectorFileError("The file has no rows.")
    if not 1 <= vectors.shape[1] <= LARGEST_DIMENSION:
        raise VectorFileError(
            f"vectors: each has {vectors.shape[1]} numbers, 1 to {LARGEST_DIMENSION} are possible."
        )
    _check_ids(ids)
    with np.errstate(over="ignore"):
        rows = np.ascontiguousarray(vectors, dtype=np.float32)
    _check_finite(ids, rows)
    return Brought(list(ids), rows)


def _check_ids(ids: Sequence[str]) -> None:
    seen: dict[str, int] = {}
    for row, name in enumerate(ids, start=1):
        if not 0 < len(name) <= LONGEST_ID:
            raise VectorFileError(f"ids: row {row} has no id of 1 to {LONGEST_ID} characters.")
        if name in seen:
            raise VectorFileError(
                f"ids: {name!r} is in rows {seen[name]} and {row}. Give each clip once."
            )
        seen[name] = row


def _check_finite(ids: Sequence[str], rows: Vectors) -> None:
    for start in range(0, len(rows), ROWS_AT_A_TIME):
        bad = np.argwhere(~np.isfinite(rows[start : start + ROWS_AT_A_TIME]))
        if len(bad):
            row, column = start + int(bad[0, 0]), int(bad[0, 1])
            raise VectorFileError(
                f"vectors: row {row + 1} ({ids[row]!r}) has {rows[row, column]} as number "
                f"{column + 1}. Leave the clip out or give it a finite number."
            )


def _read_npz(path: Path, largest: int) -> tuple[list[str], npt.NDArray[np.generic]]:
    try:
        with zipfile.ZipFile(path) as archive:
            ids = _array(archive, "ids", 1, "USiu", largest)
            vectors = _array(archive, "vectors", 2, "fiu", largest)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise VectorFileError(f"The .npz file is damaged or encrypted: {error}") from error
    try:
        return [as_text(name) for name in ids.tolist()], vectors
    except UnicodeDecodeError as error:
        raise VectorFileError("ids: the bytes are not UTF-8. Save them as text.") from error


def as_text(name: object) -> str:
    """Return an id as text, as which clips are named."""
    return name.decode() if isinstance(name, bytes) else str(name)


def _array(
    archive: zipfile.ZipFile, name: str, axes: int, kinds: str, largest: int
) -> npt.NDArray[np.generic]:
    """Read one member, once its header says that it is of the right kind and size."""
    if f"{name}.npy" not in archive.namelist():
        raise VectorFileError(f"The .npz file has no array {name!r}. It needs `ids` and `vectors`.")
    try:
        with archive.open(f"{name}.npy") as member:
            _check_header(member, name, axes, kinds, largest)
        with archive.open(f"{name}.npy") as member:
            array: npt.NDArray[np.generic] = np.lib.format.read_array(member, allow_pickle=False)
    except VectorFileError:
        raise
    except ValueError as error:
        raise VectorFileError(f"{name}: the array cannot be read: {error}") from error
    return array


def _check_header(member: IO[bytes], name: str, axes: int, kinds: str, largest: int) -> None:
    version = np.lib.format.read_magic(member)
    if version not in _HEADERS:
        raise VectorFileError(f"{name}: .npy of version {version} is not read. Save it plainly.")
    shape, _order, dtype = _HEADERS[version](member)
    if dtype.kind not in kinds:
        wanted = "text or whole numbers" if axes == 1 else "real numbers"
        raise VectorFileError(f"{name}: the type is {dtype}, it has to be {wanted}.")
    if len(shape) != axes:
        wanted = "(n,)" if axes == 1 else "(n, d)"
        raise VectorFileError(f"{name}: the shape is {shape}, it has to be {wanted}.")
    check_size(int(np.prod(shape, dtype=object)) * dtype.itemsize, largest)


def check_size(size: int, largest: int) -> None:
    """Refuse what unpacks to more than `largest` bytes."""
    if size > largest:
        raise VectorFileError(
            f"The file unpacks to {size / 2**20:.0f} MiB, {largest / 2**20:.0f} are possible. "
            "Use float32, fewer dimensions, or only the clips of this collection."
        )
