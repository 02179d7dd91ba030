from pathlib import Path

import numpy as np
import pytest

from active_learning.features import UnreadableClipError
from active_learning.features.decoding import grey_frames, mono_samples
from active_learning.features.extractor import Grey
from active_learning.features.faces import Face
from active_learning.features.sounds import SOUND_DIMENSION
from active_learning.features.videos import FACE_DIMENSION, fill_gaps, motion, video_vector
from tests.active_learning.features.media import real, squares, tone, write_film, write_sound


def left_edge(frame: Grey) -> int:
    return int(np.argmax(frame[45] > 130))


def test_frames_are_spaced_evenly_over_the_film(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.mp4", squares(24, step=3))

    edges = [left_edge(frame) for frame in grey_frames(path, 8)]

    assert np.diff(edges) == pytest.approx(9, abs=1)
    assert edges[0] == pytest.approx(8 + 3, abs=3)


def test_seeking_in_a_long_film_meets_the_same_frames(tmp_path: Path) -> None:
    stepwise = [frame for frame in squares(6) for _ in range(48)]
    path = write_film(tmp_path / "long.mp4", stepwise)

    edges = [left_edge(frame) for frame in grey_frames(path, 6)]

    assert edges == pytest.approx([8 + 4 * step for step in range(6)], abs=1)


def test_a_film_of_three_frames_gives_three(tmp_path: Path) -> None:
    path = write_film(tmp_path / "short.mp4", squares(3))

    assert len(grey_frames(path, 8)) == 3


def test_sound_comes_out_as_it_went_in(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "tone.wav", tone(220))

    samples = mono_samples(path)

    assert samples == pytest.approx(tone(220), abs=1e-3)


def test_a_silent_film_has_a_face_part_but_no_sound_part(tmp_path: Path) -> None:
    silent = video_vector(write_film(tmp_path / "silent.mp4", squares()))
    spoken = video_vector(write_film(tmp_path / "spoken.mp4", squares(), tone(200)))

    assert not silent[-SOUND_DIMENSION:].any()
    assert spoken[-SOUND_DIMENSION:].any()
    assert silent[:FACE_DIMENSION] == pytest.approx(spoken[:FACE_DIMENSION])


def test_what_moves_has_more_motion_than_what_rests() -> None:
    crops = [np.full((64, 64), 100, dtype=np.uint8) for _ in range(3)]
    moved = [crop.copy() for crop in crops]
    moved[1][:16, :16] = 151

    assert not motion(crops).any()
    assert motion(moved)[0] == pytest.approx(0.2)
    assert not motion(moved)[1:16].any()


def test_a_frame_without_a_face_borrows_the_nearest_place() -> None:
    lost, early, late = Face(50, 50, 99, 0), Face(10, 10, 20, 7), Face(80, 80, 20, 9)

    filled = fill_gaps([early, lost, lost, lost, late])

    assert [face.x for face in filled] == [10, 10, 10, 80, 80]
    assert [face.votes for face in filled] == [7, 0, 0, 0, 9]


def test_the_face_in_a_real_film_is_seen_in_most_frames() -> None:
    vector = video_vector(real("video/clips/langer_1.mp4"))

    assert vector[FACE_DIMENSION // 2 - 5] > 0.5


@pytest.mark.parametrize("keep", [0, 40, 600])
def test_a_film_cut_short_is_refused_by_name(tmp_path: Path, keep: int) -> None:
    path = write_film(tmp_path / "film.mp4", squares())
    path.write_bytes(path.read_bytes()[:keep])

    with pytest.raises(UnreadableClipError, match=r"film\.mp4"):
        video_vector(path)


@pytest.mark.parametrize("seed", range(12))
def test_damage_anywhere_is_survived_or_refused_by_name(tmp_path: Path, seed: int) -> None:
    path = write_film(tmp_path / "film.mp4", squares(), tone(200))
    rng, content = np.random.default_rng(seed), bytearray(path.read_bytes())
    for at in rng.integers(len(content), size=20):
        content[at] = rng.integers(256)
    path.write_bytes(content)

    try:
        assert np.isfinite(video_vector(path)).all()
    except UnreadableClipError as refusal:
        assert "film.mp4" in str(refusal)  # noqa: PT017  # Either end is right.


def test_a_sound_file_is_no_film(tmp_path: Path) -> None:
    path = write_sound(tmp_path / "tone.wav", tone(220))

    with pytest.raises(UnreadableClipError, match="no picture"):
        video_vector(path)
