from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from active_learning.features import Extractor, Vector, cached, forget

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


def test_a_vector_is_computed_once_and_then_read_from_disk(tmp_path: Path) -> None:
    count = Counted()

    first = cached(CLIP, CLIP_HASH, extractor(count), tmp_path)
    second = cached(CLIP, CLIP_HASH, extractor(count), tmp_path)

    assert count.calls == 1
    assert isinstance(second, np.memmap)
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

    removed = forget(CLIP_HASH, tmp_path)

    assert removed == 2
    assert [path.stem for path in tmp_path.rglob("*.npy")] == [other]
