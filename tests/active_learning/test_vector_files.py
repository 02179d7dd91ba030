"""Files of vectors: read whole, or refused with the row and the remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.vector_files import VectorFileError, checked, read

GOOD = {"ids": np.array(["a", "b"]), "vectors": np.array([[1.0, 2.0], [3.0, 4.0]])}


def npz(folder: Path, **changes: Any) -> Path:
    path = folder / "vectors.npz"
    arrays = {name: array for name, array in (GOOD | changes).items() if array is not None}
    np.savez(path, **arrays)
    return path


def parquet(folder: Path, **columns: Any) -> Path:
    pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    import pyarrow.parquet as pq  # noqa: PLC0415

    path = folder / "vectors.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_an_npz_file_gives_ids_and_float32_vectors(tmp_path: Path) -> None:
    brought = read(npz(tmp_path))

    assert brought.ids == ["a", "b"]
    assert brought.vectors.dtype == np.float32
    assert brought.vectors.tolist() == [[1, 2], [3, 4]]


def test_ids_may_be_whole_numbers_or_bytes(tmp_path: Path) -> None:
    assert read(npz(tmp_path, ids=np.array([7, 8]))).ids == ["7", "8"]
    assert read(npz(tmp_path, ids=np.array([b"x", b"y"]))).ids == ["x", "y"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"vectors": np.array([[1.0, 2.0], [np.nan, 4.0]])}, r"row 2 \('b'\) has nan as number 1"),
        ({"vectors": np.array([[1.0, 2.0], [3.0, 1e300]])}, r"row 2 \('b'\) has inf as number 2"),
        ({"vectors": np.array([1.0, 2.0])}, r"the shape is \(2,\), it has to be \(n, d\)"),
        ({"vectors": np.array([["x"], ["y"]])}, "it has to be real numbers"),
        ({"vectors": np.array([[1j], [2j]])}, "it has to be real numbers"),
        ({"vectors": np.array([[{}], [{}]], dtype=object)}, "the type is object"),
        ({"ids": np.array([{}, {}], dtype=object)}, "the type is object"),
        ({"ids": np.array(["a", "a"])}, "'a' is in rows 1 and 2"),
        ({"ids": np.array(["a", ""])}, "row 2 has no id"),
        ({"ids": np.array(["a"])}, "1 ids for 2 vectors"),
        ({"ids": None}, "has no array 'ids'"),
        ({"vectors": np.zeros((2, 0))}, "0 numbers"),
        ({"ids": np.array([], dtype="U1"), "vectors": np.zeros((0, 2))}, "no rows"),
    ],
)
def test_a_wrong_npz_file_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(VectorFileError, match=says):
        read(npz(tmp_path, **changes))


def test_a_file_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.npz"
    np.savez_compressed(path, ids=np.arange(1000), vectors=np.zeros((1000, 1000)))
    assert path.stat().st_size < 50_000

    with pytest.raises(VectorFileError, match="unpacks to 8 MiB, 1 are possible"):
        read(path, largest=2**20)


@pytest.mark.parametrize("length", [3, 10, 100, 300])
def test_a_file_cut_short_is_refused(tmp_path: Path, length: int) -> None:
    path = npz(tmp_path)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(VectorFileError):
        read(path)


def test_parquet_may_hold_a_column_of_lists(tmp_path: Path) -> None:
    brought = read(parquet(tmp_path, external_id=["a", "b"], v=[[1.0, 2.0], [3.0, 4.0]]))

    assert brought.ids == ["a", "b"]
    assert brought.vectors.tolist() == [[1, 2], [3, 4]]


def test_parquet_may_hold_numeric_columns(tmp_path: Path) -> None:
    brought = read(parquet(tmp_path, x=[1, 2], external_id=["a", "b"], y=[0.5, 1.5]))

    assert brought.vectors.tolist() == [[1, 0.5], [2, 1.5]]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"v": [[1.0], [2.0]]}, "no column `external_id`"),
        ({"external_id": ["a", "b"]}, "no column of lists and none of numbers"),
        ({"external_id": ["a", "b"], "v": [[1.0], [2.0, 3.0]]}, "row 2 has 2 numbers, row 1 has 1"),
        ({"external_id": ["a", "b"], "v": [[1.0], None]}, "v: one of rows 1 to 2 is empty"),
        ({"external_id": ["a", "b"], "v": [[1.0], [None]]}, "has a gap"),
        ({"external_id": ["a", None], "v": [[1.0], [2.0]]}, "external_id: one of rows 1 to 2"),
        ({"external_id": ["a", "b"], "x": [1.0, None]}, "x: one of rows 1 to 2 is empty"),
        ({"external_id": ["a", "b"], "v": [["x"], ["y"]]}, "it has to be a real number"),
        ({"external_id": ["a", "b"], "v": [[1.0], [2.0]], "w": [[1.0], [2.0]]}, "v, w"),
    ],
)
def test_a_wrong_parquet_file_is_refused_with_the_reason(
    tmp_path: Path, columns: dict[str, Any], says: str
) -> None:
    with pytest.raises(VectorFileError, match=says):
        read(parquet(tmp_path, **columns))


def test_another_kind_of_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vectors.npz"
    path.write_text("external_id,x\n")

    with pytest.raises(VectorFileError, match=r"neither \.npz nor Parquet"):
        read(path)


@given(
    st.lists(
        st.lists(
            st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=3, max_size=3
        ),
        min_size=1,
        max_size=8,
    )
)
def test_finite_numbers_come_through_as_they_are(rows: list[list[float]]) -> None:
    brought = checked([str(row) for row in range(len(rows))], np.array(rows))

    assert brought.vectors.tolist() == rows
