"""What is not taken: named reasons, nothing left behind, an importer that lives on."""

import multiprocessing
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from PIL import Image

from annotation.media import Limits, UnreadableMedia, normalise, probe, worker
from tests.annotation.media.samples import write_sound, write_video


def refusal(source: Path, limits: Limits | None = None) -> str:
    """Normalise `source`, which must be refused without a trace; return the reason."""
    before = sorted(source.parent.iterdir())
    with pytest.raises(UnreadableMedia) as caught:
        normalise(source, source.parent / "out", limits)
    assert sorted(source.parent.iterdir()) == before
    return str(caught.value)


def write_noise(path: Path) -> Path:
    Image.effect_noise((80, 60), 50).convert("RGB").save(path)
    return path


WRITERS: dict[str, Callable[[Path], Path]] = {
    ".mp4": write_video,
    ".mov": write_video,
    ".mkv": write_video,
    ".avi": write_video,
    ".wav": lambda path: write_sound(path, "pcm_s16le"),
    ".flac": lambda path: write_sound(path, "flac"),
    ".opus": lambda path: write_sound(path, "libopus"),
    ".mp3": lambda path: write_sound(path, "libmp3lame"),
    ".m4a": lambda path: write_sound(path, "aac"),
    ".aiff": lambda path: write_sound(path, "pcm_s16be"),
    ".jpg": write_noise,
    ".png": write_noise,
    ".webp": write_noise,
    ".gif": write_noise,
    ".tif": write_noise,
    ".bmp": write_noise,
}


@pytest.mark.parametrize("extension", WRITERS)
@pytest.mark.parametrize("share", [0.5, 0.93])
def test_a_file_cut_off_before_its_end_is_refused(
    tmp_path: Path, extension: str, share: float
) -> None:
    source = WRITERS[extension](tmp_path / f"in{extension}")
    os.truncate(source, int(source.stat().st_size * share))

    assert "again from the original" in refusal(source) or "export it again" in refusal(source)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.mp4", b"These are my notes of Tuesday.\n" * 9, "content is text"),
        ("a.mp4", b"#EXTM3U\nhttp://192.0.2.1/secret.ts\n", "content is text"),
        ("a.png", b"\0\1\2\3" * 99, "unknown format"),
        ("a.exe", b"MZ", "Files named .exe are not taken"),
        ("clip", b"RIFF", "without an extension"),
        ("a.wav", b"", "empty"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 40, "damaged"),
        ("a.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + b"\0" * 99, "cannot be opened"),
    ],
)
def test_what_is_no_clip_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)

    assert says in refusal(tmp_path / name)


def test_a_picture_named_as_a_video_is_refused_by_what_it_is(tmp_path: Path) -> None:
    source = write_noise(tmp_path / "a.png").rename(tmp_path / "a.mp4")

    assert "the content is .png" in refusal(source)


def test_a_video_file_with_sound_only_is_refused(tmp_path: Path) -> None:
    source = write_sound(tmp_path / "a.mp4", "aac")

    assert "sound only" in refusal(source)


def test_a_sound_file_with_pictures_is_refused(tmp_path: Path) -> None:
    source = write_video(tmp_path / "a.mp4").rename(tmp_path / "a.m4a")

    assert "holds a video" in refusal(source)


def test_an_animated_picture_is_refused(tmp_path: Path) -> None:
    first, second = (Image.new("L", (9, 9), shade) for shade in (0, 255))
    first.save(tmp_path / "a.gif", save_all=True, append_images=[second])

    assert "several frames" in refusal(tmp_path / "a.gif")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "no such file" in refusal(tmp_path / "gone.mp4")


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (Limits(bytes=1000), "MiB allowed"),
        (Limits(duration=1.0), "longer than the 1 s"),
        (Limits(pixels=100), "160 x 120 pixels"),
    ],
)
def test_a_video_beyond_a_limit_is_refused(tmp_path: Path, limits: Limits, says: str) -> None:
    assert says in refusal(write_video(tmp_path / "a.mp4"), limits)


def test_a_picture_with_too_many_pixels_is_refused_unread(tmp_path: Path) -> None:
    Image.new("1", (20_000, 20_000)).save(tmp_path / "bomb.png")

    assert "20000 x 20000 pixels" in refusal(tmp_path / "bomb.png")


def test_a_file_that_takes_too_long_is_given_up_and_the_next_is_read(tmp_path: Path) -> None:
    slow = write_video(tmp_path / "a.mp4", seconds=20, size="640x480")

    assert "longer than 0.05 s" in refusal(slow, Limits(seconds=0.05))
    assert probe(write_noise(tmp_path / "b.png")).width == 80


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    Image.new("RGB", (6000, 6000)).save(tmp_path / "a.png")

    assert "memory" in refusal(tmp_path / "a.png", Limits(memory=260 * 1024 * 1024))
    assert probe(write_noise(tmp_path / "b.png")).width == 80


def test_a_reader_that_died_is_replaced(tmp_path: Path) -> None:
    source = write_noise(tmp_path / "a.png")
    probe(source)
    worker.reader.kept[0].kill()

    assert probe(source).width == 80


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_a_forked_worker_reads_with_a_child_of_its_own(tmp_path: Path) -> None:
    source = write_noise(tmp_path / "a.png")
    probe(source)
    readers = worker.reader.kept[0]

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("fork")) as pool:
        assert pool.submit(_probed_width, source).result() == 80

    assert readers.usable
    assert probe(source).width == 80


def _probed_width(source: Path) -> int:
    return probe(source).width


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has network namespaces")
def test_the_reader_has_no_network_where_the_system_allows_it(tmp_path: Path) -> None:
    probe(write_noise(tmp_path / "a.png"))
    if subprocess.run(["unshare", "--map-root-user", "--net", "true"], check=False).returncode:
        pytest.skip("this system forbids network namespaces")

    theirs = Path(f"/proc/{worker.reader.kept[0]._process.pid}/ns/net").readlink()

    assert theirs != Path("/proc/self/ns/net").readlink()


def test_the_reader_does_not_see_the_importers_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "do not tell")

    assert "SECRET_KEY" not in worker.environment()


def test_an_earlier_result_is_replaced_only_by_a_good_one(tmp_path: Path) -> None:
    clip = normalise(write_noise(tmp_path / "a.jpg"), tmp_path / "out")
    good = clip.file.read_bytes()
    (tmp_path / "b.jpg").write_bytes((tmp_path / "a.jpg").read_bytes()[:300])

    with pytest.raises(UnreadableMedia):
        normalise(tmp_path / "b.jpg", tmp_path / "out")

    assert clip.file.read_bytes() == good
    shutil.rmtree(tmp_path / "out")
