from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from active_learning.features import UnreadableClipError
from active_learning.features.images import (
    TEXTURE_CODES,
    TEXTURE_DIMENSION,
    _pattern_table,
    appearance,
    image_vector,
    texture,
)
from tests.active_learning.features.media import real

FOUND = -5


def blot(seed: int) -> npt.NDArray[np.uint8]:
    rough = np.random.default_rng(seed).integers(60, 190, (8, 8)).astype(np.uint8)
    return cv2.resize(rough, (64, 64), interpolation=cv2.INTER_CUBIC).astype(np.uint8)


def test_a_picture_without_a_face_is_described_and_flagged(tmp_path: Path) -> None:
    path = tmp_path / "wall.png"
    cv2.imwrite(str(path), np.full((90, 120), 99, dtype=np.uint8))

    vector = image_vector(path)

    assert np.isfinite(vector).all()
    assert vector[FOUND:] == pytest.approx([0, 0.5, 0.5, 1, 0])


def test_a_real_face_is_flagged_as_found() -> None:
    path = next(real("face_sentiment/images").glob("*_straight_happy_open.jpg"))

    assert image_vector(path)[FOUND] == 1


def test_the_same_file_gives_the_same_bytes() -> None:
    path = next(real("face_sentiment/images").glob("*_left_sad_open.jpg"))

    assert image_vector(path).tobytes() == image_vector(path).tobytes()


def test_dimmer_light_changes_a_face_less_than_another_face_does() -> None:
    face, other = blot(1), blot(2)
    dim = (face * 0.6 + 10).astype(np.uint8)

    to_dim = np.linalg.norm(appearance(face) - appearance(dim))

    assert to_dim < 0.5 * np.linalg.norm(appearance(face) - appearance(other))


def test_there_are_58_uniform_patterns_and_one_rest() -> None:
    table = _pattern_table()

    assert sorted(set(table.tolist())) == list(range(TEXTURE_CODES))
    assert (table == TEXTURE_CODES - 1).sum() == 256 - 58


def test_each_cell_of_the_texture_is_a_distribution() -> None:
    squared = texture(blot(3)) ** 2

    assert squared.shape == (TEXTURE_DIMENSION,)
    assert squared.reshape(-1, TEXTURE_CODES).sum(axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (2000, 2), (30, 30, 4)])
def test_a_picture_of_any_shape_is_described(tmp_path: Path, shape: tuple[int, ...]) -> None:
    path = tmp_path / "odd.png"
    cv2.imwrite(str(path), np.random.default_rng(0).integers(0, 255, shape).astype(np.uint8))

    assert np.isfinite(image_vector(path)).all()


@pytest.mark.parametrize("content", [b"", b"hello, I am no picture", b"\x89PNG\r\n\x1a\n cut"])
def test_what_is_no_picture_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "clip.png"
    path.write_bytes(content)

    with pytest.raises(UnreadableClipError, match=r"clip\.png"):
        image_vector(path)
