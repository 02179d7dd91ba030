from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.features import Extractor, UnreadableClipError, Vector, forget
from active_learning.features.cache import DamagedVectorError, Entry, NotKeptError, kept

CLIP_HASH = "ab" * 32
CLIP = Path("clip.png")


class Counted:
    """An extractor's function that counts how often it is called."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, _path: Path) -> Vector:
        self.calls += 1
        return np.arange(4, dtype=np.float32)


def extractor(function: Callable[[Path], Vector], version: int = 1) -> Extractor:
    return Extractor("count", version, 4, function)


def cached(path: Path, clip_hash: str, extractor: Extractor, folder: Path) -> Vector:
    entry = Entry(clip_hash, extractor.key, extractor.dimension, folder)
    return kept(entry, lambda: extractor(path))


def test_a_vector_is_computed_once_and_then_read_from_disk(tmp_path: Path) -> None:
    count = Counted()

    first = cached(CLIP, CLIP_HASH, extractor(count), tmp_path)
    second = cached(CLIP, CLIP_HASH, extractor(count), tmp_path)

    assert count.calls == 1
    assert not second.flags.writeable
    assert first.tolist() == second.tolist() == [0, 1, 2, 3]


def test_another_version_is_computed_anew(tmp_path: Path) -> None:
    count = Counted()

    cached(CLIP, CLIP_HASH, extractor(count, version=1), tmp_path)
    cached(CLIP, CLIP_HASH, extractor(count, version=2), tmp_path)

    assert count.calls == 2


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-3]),
        lambda file: file.write_bytes(b"not an array at all"),
        lambda file: np.save(file, np.zeros(5, dtype=np.float32)),
        lambda file: np.save(file, np.zeros(4)),
        lambda file: np.save(file, np.full(4, np.nan, dtype=np.float32)),
        lambda file: np.save(file, np.array([{}], dtype=object), allow_pickle=True),
    ],
    ids=["empty", "cut", "text", "shape", "type", "not-a-number", "pickle"],
)
def test_a_spoilt_file_is_computed_again(tmp_path: Path, spoil: Callable[[Path], None]) -> None:
    count = Counted()
    cached(CLIP, CLIP_HASH, extractor(count), tmp_path)
    spoil(next(tmp_path.rglob("*.npy")))

    vector = cached(CLIP, CLIP_HASH, extractor(count), tmp_path)

    assert count.calls == 2
    assert vector.tolist() == [0, 1, 2, 3]


def test_a_kept_vector_is_an_ordinary_array_file(tmp_path: Path) -> None:
    cached(CLIP, CLIP_HASH, extractor(Counted()), tmp_path)

    assert np.load(next(tmp_path.rglob("*.npy"))).tolist() == [0, 1, 2, 3]


@given(at=st.integers(0), bit=st.integers(0, 7))
def test_every_flipped_bit_is_noticed_and_the_file_dropped(at: int, bit: int) -> None:
    with TemporaryDirectory() as folder:
        entry = Entry(CLIP_HASH, "count-1", 4, Path(folder))
        entry.write(np.arange(4, dtype=np.float32))
        (file,) = entry.folder.rglob("*.npy")
        content = bytearray(file.read_bytes())
        content[at % len(content)] ^= 1 << bit
        file.write_bytes(content)

        with pytest.raises(DamagedVectorError):
            entry.read()

        assert not file.exists()


@given(length=st.integers(0, 175))
def test_a_file_that_is_cut_off_anywhere_is_noticed(length: int) -> None:
    with TemporaryDirectory() as folder:
        entry = Entry(CLIP_HASH, "count-1", 4, Path(folder))
        entry.write(np.arange(4, dtype=np.float32))
        (file,) = entry.folder.rglob("*.npy")
        assert file.stat().st_size == 176
        file.write_bytes(file.read_bytes()[:length])

        with pytest.raises(DamagedVectorError):
            entry.read()


def test_a_whole_file_of_another_length_is_damage_too(tmp_path: Path) -> None:
    Entry(CLIP_HASH, "count-1", 5, tmp_path).write(np.zeros(5, dtype=np.float32))

    with pytest.raises(DamagedVectorError):
        Entry(CLIP_HASH, "count-1", 4, tmp_path).read()


def test_what_was_never_kept_is_no_damage(tmp_path: Path) -> None:
    with pytest.raises(NotKeptError) as caught:
        Entry(CLIP_HASH, "count-1", 4, tmp_path).read()

    assert not isinstance(caught.value, DamagedVectorError)


@pytest.mark.parametrize(
    "vector",
    [
        np.array([0, 1, np.nan, 3], dtype=np.float32),
        np.array([0, 1, -np.inf, 3], dtype=np.float32),
        np.zeros(4),
        np.zeros((2, 2), dtype=np.float32),
    ],
    ids=["not-a-number", "infinite", "type", "shape"],
)
def test_a_wrong_vector_never_enters(tmp_path: Path, vector: Vector) -> None:
    entry = Entry(CLIP_HASH, "count-1", 4, tmp_path)

    with pytest.raises(ValueError, match="count-1"):
        entry.write(vector)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_refused_clip_is_refused_again_with_the_same_sentence(tmp_path: Path) -> None:
    count = Counted()
    Entry(CLIP_HASH, "count-1", 4, tmp_path).refuse("It is too long.")

    with pytest.raises(UnreadableClipError, match="too long"):
        cached(CLIP, CLIP_HASH, extractor(count), tmp_path)

    assert count.calls == 0
    assert cached(CLIP, CLIP_HASH, extractor(count, version=2), tmp_path).tolist() == [0, 1, 2, 3]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    wrong = extractor(lambda _: np.zeros(3, dtype=np.float32))

    with pytest.raises(ValueError, match="count-1"):
        cached(CLIP, CLIP_HASH, wrong, tmp_path)

    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "AB" * 32, "ab" * 31, "*" * 64])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        cached(CLIP, name, extractor(Counted()), tmp_path)


def test_a_clip_is_forgotten_in_every_version_and_no_other_clip_is(tmp_path: Path) -> None:
    other = "cd" * 32
    for version in (1, 2):
        cached(CLIP, CLIP_HASH, extractor(Counted(), version), tmp_path)
    cached(CLIP, other, extractor(Counted()), tmp_path)

    Entry(CLIP_HASH, "other-1", 4, tmp_path).refuse("It is too long.")

    removed = forget(CLIP_HASH, tmp_path)

    assert removed == 3
    assert [path.stem for path in tmp_path.rglob("*.*")] == [other]
