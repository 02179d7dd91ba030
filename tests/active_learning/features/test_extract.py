import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from active_learning.features import EXTRACTORS, Kind, UnreadableClipError, extract
from tests.active_learning.features.media import ROOT, squares, tone, write_film, write_sound

KINDS: list[Kind] = ["image", "audio", "video"]


@pytest.fixture
def clips(tmp_path: Path) -> dict[Kind, Path]:
    cv2.imwrite(str(tmp_path / "image.png"), squares()[0])
    return {
        "image": tmp_path / "image.png",
        "audio": write_sound(tmp_path / "sound.wav", tone(180)),
        "video": write_film(tmp_path / "film.mp4", squares(), tone(180)),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_a_finite_vector_of_its_dimension(
    kind: Kind, clips: dict[Kind, Path]
) -> None:
    vector = extract(clips[kind], kind)

    assert vector.dtype == np.float32
    assert vector.shape == (EXTRACTORS[kind].dimension,)
    assert np.isfinite(vector).all()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_gives_the_same_bytes_again(kind: Kind, clips: dict[Kind, Path]) -> None:
    assert extract(clips[kind], kind).tobytes() == extract(clips[kind], kind).tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_text_file_is_refused_by_every_kind(kind: Kind, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_text("I only look like a film.")

    with pytest.raises(UnreadableClipError, match=r"clip\.mp4"):
        extract(path, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_file_is_refused_by_every_kind(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(UnreadableClipError, match="gone"):
        extract(tmp_path / "gone.mp4", kind)


def test_extractors_have_different_keys() -> None:
    assert len({extractor.key for extractor in EXTRACTORS.values()}) == len(EXTRACTORS)


@pytest.mark.parametrize("part", ["features", "strategies", "evaluation"])
def test_the_slow_import_of_scikit_learn_is_left_to_learners(part: str) -> None:
    code = f"import sys, active_learning.{part}; sys.exit('sklearn' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)

    assert done.returncode == 0
