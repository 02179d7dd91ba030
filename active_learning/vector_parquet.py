"""Vectors out of a Parquet file; pure, and the only place that knows pyarrow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from active_learning.vector_files import (
    ROWS_AT_A_TIME,
    VectorFileError,
    Vectors,
    as_text,
    check_size,
)


def read_parquet(path: Path, largest: int) -> tuple[list[str], Vectors]:
    """Return the ids (n,) and vectors (n, d) of a Parquet file, some thousand rows at a time.

    Raises:
        VectorFileError: the file is damaged, too big or lacks a column; a value is missing.
    """
    ids: list[str] = []
    parts: list[Vectors] = []
    try:
        with pq.ParquetFile(path) as file:
            columns = _columns(file.schema_arrow)
            for batch in file.iter_batches(ROWS_AT_A_TIME, columns=["external_id", *columns]):
                names = batch.column("external_id")
                if names.null_count:
                    raise VectorFileError(f"external_id: one of rows {_span(ids, batch)} is empty.")
                parts.append(_numbers(batch, columns, ids, parts))
                ids += [as_text(name) for name in names.to_pylist()]
                check_size(sum(part.nbytes for part in parts), largest)
    except (pa.ArrowException, OSError) as error:
        raise VectorFileError(f"The Parquet file is damaged: {error}") from error
    if not parts:
        raise VectorFileError("The file has no rows.")
    return ids, np.concatenate(parts)


def _columns(schema: pa.Schema) -> list[str]:
    """The one column of lists, or else every numeric column in its order."""
    if "external_id" not in schema.names:
        raise VectorFileError("The Parquet file has no column `external_id`.")
    fields = [field for field in schema if field.name != "external_id"]
    lists = [f.name for f in fields if types.is_list(f.type) or types.is_fixed_size_list(f.type)]
    if len(lists) > 1:
        raise VectorFileError(f"Several columns hold lists ({', '.join(lists)}); one is needed.")
    plain = [f.name for f in fields if types.is_floating(f.type) or types.is_integer(f.type)]
    if not (lists or plain):
        raise VectorFileError("The Parquet file has no column of lists and none of numbers.")
    return lists or plain


def _numbers(
    batch: pa.RecordBatch, columns: list[str], ids: list[str], parts: list[Vectors]
) -> Vectors:
    """Return the vectors of one batch, (rows, d) float32."""
    for name in columns:
        if batch.column(name).null_count:
            raise VectorFileError(f"{name}: one of rows {_span(ids, batch)} is empty.")
    first = batch.column(columns[0])
    if not hasattr(first, "flatten") or not hasattr(first.type, "value_type"):
        return np.column_stack([_floats(batch.column(name), name) for name in columns])
    lengths = np.array([len(row) for row in first], dtype=np.int64)
    wanted = parts[0].shape[1] if parts else int(lengths[0])
    if len(wrong := np.flatnonzero(lengths != wanted)):
        row = int(wrong[0])
        raise VectorFileError(
            f"{columns[0]}: row {len(ids) + row + 1} has {lengths[row]} numbers, "
            f"row 1 has {wanted}."
        )
    flat = first.flatten()
    if flat.null_count:
        raise VectorFileError(f"{columns[0]}: a list in rows {_span(ids, batch)} has a gap.")
    return _floats(flat, columns[0]).reshape(len(lengths), wanted)


def _floats(column: pa.Array, name: str) -> Vectors:
    numbers: npt.NDArray[np.generic] = column.to_numpy(zero_copy_only=False)
    if numbers.dtype.kind not in "fiu":
        raise VectorFileError(f"{name}: the type is {column.type}, it has to be a real number.")
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)


def _span(ids: list[str], batch: pa.RecordBatch) -> str:
    return f"{len(ids) + 1} to {len(ids) + batch.num_rows}"
