from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from active_learning.features import UnreadableClipError, Vector, extract, looking
from annotation.media.worker import Reader
from tests.active_learning.features.deadly import MODULE
from tests.active_learning.features.media import squares


@pytest.fixture
def risky(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    """A reader that clips bring down, each in its way."""
    reader = Reader(MODULE)
    monkeypatch.setattr(looking, "reader", reader)
    yield reader
    reader.drop()


def picture(path: Path) -> Path:
    cv2.imwrite(str(path), squares()[0])
    return path


def look(path: Path) -> Vector:
    return looking.extractors()["image"](path)


def test_a_clip_has_the_same_vector_there_as_here(tmp_path: Path) -> None:
    path = picture(tmp_path / "clip.png")

    assert look(path).tobytes() == extract(path, "image").tobytes()


def test_one_process_looks_at_clip_after_clip(risky: Reader, tmp_path: Path) -> None:
    look(picture(tmp_path / "one.png"))
    (child,) = risky.kept
    (tmp_path / "text.png").write_text("I only look like a photograph.")

    with pytest.raises(UnreadableClipError, match=r"text\.png is not an image"):
        look(tmp_path / "text.png")

    assert risky.kept == [child]
    assert child.served == 2


@pytest.mark.parametrize("name", ["deadly.png", "broken.png"])
def test_a_clip_that_ends_its_reader_is_refused_and_the_next_one_is_read(
    risky: Reader, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UnreadableClipError, match=f"{name} brought the reader down"):
        look(picture(tmp_path / name))

    assert np.isfinite(look(picture(tmp_path / "next.png"))).all()


def test_a_clip_that_takes_too_long_is_refused(
    risky: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "SECONDS", 0.3)

    with pytest.raises(UnreadableClipError, match=r"longer than 0\.3 s"):
        look(picture(tmp_path / "endless.png"))


def test_a_reader_that_died_once_is_no_fault_of_the_clip(risky: Reader, tmp_path: Path) -> None:
    path = picture(tmp_path / "once.png")

    with pytest.raises(UnreadableClipError, match="not an image"):  # It is empty by then.
        look(path)


def test_an_answer_that_nobody_waited_for_is_not_taken_for_the_next_ones(
    risky: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look(picture(tmp_path / "one.png"))
    text = tmp_path / "text.png"
    text.write_text("I only look like a photograph.")

    def interrupted(seconds: float) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(risky.kept[0], "_line_within", interrupted)
    with pytest.raises(KeyboardInterrupt):
        look(text)

    assert np.isfinite(look(tmp_path / "one.png")).all()
