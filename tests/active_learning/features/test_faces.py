import csv
from pathlib import Path

import cv2
import numpy as np
import pytest

from active_learning.features.decoding import grey_frames
from active_learning.features.extractor import Grey
from active_learning.features.faces import (
    FACE_SIDE,
    Face,
    _overlaps,
    crop_face,
    find_face,
    follow_face,
)
from tests.active_learning.features.media import real


def grey(path: Path) -> Grey:
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return image.astype(np.uint8)


def test_without_a_face_the_centred_square_is_taken() -> None:
    face = find_face(np.full((90, 160), 128, dtype=np.uint8))

    assert face == Face(80, 45, 90, 0)
    assert not face.found


def test_two_windows_that_share_a_third_overlap_by_a_third() -> None:
    windows = np.array([[0.0, 0, 10, 10], [5, 0, 10, 10]])

    assert _overlaps(windows)[0] == pytest.approx([1, 1 / 3])


def test_a_crop_takes_the_square_and_nothing_else() -> None:
    image = np.zeros((100, 100), dtype=np.uint8)
    image[20:52, 40:72] = 200

    crop = crop_face(image, Face(56, 36, 32, 5))

    assert crop.shape == (FACE_SIDE, FACE_SIDE)
    assert (crop[2:-2, 2:-2] == 200).all()


def test_a_crop_beyond_the_edge_repeats_the_edge() -> None:
    crop = crop_face(np.full((50, 50), 77, dtype=np.uint8), Face(0, 0, 40, 3))

    assert (crop == 77).all()


def test_faces_are_found_in_real_photographs_even_when_turned() -> None:
    folder = real("face_sentiment")
    with (folder / "tasks.csv").open() as file:
        rows = list(csv.DictReader(file))[::12]
    files = [(row["pose"], folder / "images" / row["image"]) for row in rows]

    found = [(pose, find_face(grey(path)).found) for pose, path in files]

    assert np.mean([seen for pose, seen in found if pose == "straight"]) > 0.95
    assert np.mean([seen for _, seen in found]) > 0.7


def test_a_face_is_found_at_the_same_place_in_a_larger_photograph() -> None:
    path = next(real("face_sentiment/images").glob("*_straight_neutral_open.jpg"))
    small = grey(path)
    large = cv2.resize(small, None, fx=5, fy=5).astype(np.uint8)

    one, five = find_face(small), find_face(large)

    assert np.array(five[:2]) / 5 == pytest.approx(np.array(one[:2]), abs=3)
    assert five.side / 5 == pytest.approx(one.side, rel=0.15)


def test_a_followed_face_is_where_a_whole_search_finds_it() -> None:
    frames = grey_frames(real("video/clips/langer_1.mp4"), 8)

    pairs = list(zip(follow_face(frames), map(find_face, frames), strict=True))

    for followed, searched in pairs:
        distance = np.hypot(followed.x - searched.x, followed.y - searched.y)
        assert distance < 0.1 * searched.side
        assert followed.side == pytest.approx(searched.side, rel=0.2)


def test_a_face_that_jumps_across_the_frame_is_found_again() -> None:
    photograph = grey(next(real("face_sentiment/images").glob("*_straight_neutral_open.jpg")))
    beside = np.full((photograph.shape[0], 3 * photograph.shape[1]), 128, dtype=np.uint8)
    left, right = beside.copy(), beside.copy()
    left[:, : photograph.shape[1]] = photograph
    right[:, -photograph.shape[1] :] = photograph

    first, second = follow_face([left, right])

    assert second.found
    assert second.x - first.x == pytest.approx(2 * photograph.shape[1], abs=5)


def test_a_film_without_a_face_has_the_centred_square_throughout() -> None:
    empty = np.full((90, 160), 128, dtype=np.uint8)

    assert {(face.x, face.found) for face in follow_face([empty] * 6)} == {(80, False)}
