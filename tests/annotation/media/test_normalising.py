"""What comes out of a good file: playable, bare of metadata, the same bytes each time."""

import hashlib
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from annotation.media import Limits, normalise, probe
from tests.annotation.media.samples import write_sound, write_video

SHARED = Path("../shared/data")
CODECS = {
    ".wav": "pcm_s16le",
    ".mp3": "libmp3lame",
    ".flac": "flac",
    ".opus": "libopus",
    ".m4a": "aac",
    ".aac": "aac",
    ".aiff": "pcm_s16be",
}


def opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        image.load()
        return image


def first_picture(path: Path) -> np.ndarray:
    with av.open(str(path)) as written:
        return next(written.decode(video=0)).to_ndarray(format="rgb24")


def test_a_video_becomes_h264_and_aac_with_a_poster_and_a_waveform(tmp_path: Path) -> None:
    source = write_video(tmp_path / "in.mp4")

    clip = normalise(source, tmp_path / "out")

    assert (clip.kind, clip.mime, clip.width, clip.height, clip.fps) == (
        ("video", "video/mp4", 160, 120, 10.0)
    )
    assert clip.duration == pytest.approx(2.0, abs=0.05)
    assert clip.poster is not None
    assert opened(clip.poster).size == (160, 120)
    assert len(clip.waveform) == 200
    with av.open(str(clip.file)) as written:
        assert {stream.codec_context.name for stream in written.streams} == {"h264", "aac"}


def test_the_index_of_a_video_comes_before_its_pictures(tmp_path: Path) -> None:
    clip = normalise(write_video(tmp_path / "in.mp4"), tmp_path / "out")

    content = clip.file.read_bytes()

    assert content.index(b"moov") < content.index(b"mdat")


def test_a_large_video_with_odd_sides_is_scaled_to_even_ones(tmp_path: Path) -> None:
    source = write_video(tmp_path / "in.mkv", size="322x182")

    clip = normalise(source, tmp_path / "out", Limits(video_long_side=161, video_short_side=100))

    assert (clip.width, clip.height) == (160, 92)


def test_a_video_filmed_upright_is_shown_upright(tmp_path: Path) -> None:
    source = write_video(tmp_path / "in.mp4")
    one, none, minus_one = (number.to_bytes(4, "big", signed=True) for number in (65536, 0, -65536))
    content = source.read_bytes()
    at = content.index(one + none * 3 + one, content.index(b"tkhd"))  # Show it as it is ...
    clockwise = none + one + none + minus_one + none  # ... becomes: turn it by a quarter.
    source.write_bytes(content[:at] + clockwise + content[at + 20 :])

    clip = normalise(source, tmp_path / "out")

    assert (clip.width, clip.height) == (120, 160)
    top, bottom = first_picture(clip.file)[[5, -5], :, 0].mean(axis=1)
    assert (top < 20, bottom > 140) == (True, True)


@pytest.mark.parametrize("extension", CODECS)
def test_every_sound_becomes_aac_of_the_same_length(tmp_path: Path, extension: str) -> None:
    source = write_sound(tmp_path / f"in{extension}", CODECS[extension])

    clip = normalise(source, tmp_path / "out")

    assert (clip.kind, clip.mime, clip.has_audio) == ("audio", "audio/mp4", True)
    assert clip.duration == pytest.approx(1.0, abs=0.05)
    assert clip.poster is None


def test_the_waveform_follows_the_loudness_and_keeps_its_scale(tmp_path: Path) -> None:
    clip = normalise(write_sound(tmp_path / "in.wav", "pcm_s16le"), tmp_path / "out")

    assert np.allclose(clip.waveform, np.linspace(0, 0.5, 200), atol=0.02)


def test_the_hash_is_of_the_bytes_that_came(tmp_path: Path) -> None:
    source = write_sound(tmp_path / "in.wav", "pcm_s16le")

    clip = normalise(source, tmp_path / "out")

    assert clip.sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert clip.size == source.stat().st_size


def test_a_photograph_is_turned_upright_and_loses_where_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of somebody"
    Image.new("RGB", (40, 20), "red").save(tmp_path / "in.jpg", exif=exif, comment=b"a secret")

    clip = normalise(tmp_path / "in.jpg", tmp_path / "out")

    assert (clip.width, clip.height) == (20, 40)
    assert not opened(clip.file).getexif()
    assert b"secret" not in clip.file.read_bytes()


@pytest.mark.parametrize(
    ("mode", "name", "mime"),
    [
        ("RGB", "a.webp", "image/jpeg"),
        ("RGBA", "a.png", "image/png"),
        ("CMYK", "a.jpg", "image/jpeg"),
        ("I;16", "a.tif", "image/png"),
        ("P", "a.gif", "image/png"),
        ("1", "a.bmp", "image/png"),
    ],
)
def test_pictures_of_every_mode_become_what_browsers_show(
    tmp_path: Path, mode: str, name: str, mime: str
) -> None:
    Image.new(mode, (30, 20)).save(tmp_path / name)

    clip = normalise(tmp_path / name, tmp_path / "out")

    assert clip.mime == mime
    assert opened(clip.file).mode in {"L", "RGB", "RGBA"}


def test_a_large_picture_is_scaled_down(tmp_path: Path) -> None:
    Image.new("RGB", (3200, 200)).save(tmp_path / "in.png")

    clip = normalise(tmp_path / "in.png", tmp_path / "out")

    assert (clip.width, clip.height, clip.mime) == (1600, 100, "image/jpeg")


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    source = write_video(tmp_path / "in.mp4")

    first = normalise(source, tmp_path / "one").file.read_bytes()

    assert normalise(source, tmp_path / "two").file.read_bytes() == first


def test_probing_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    source = write_video(tmp_path / "in.mp4")

    facts = probe(source)

    assert (facts.kind, facts.width, facts.fps, facts.has_audio) == ("video", 160, 10.0, True)
    assert facts.duration == pytest.approx(2.0, abs=0.05)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded clips in ../shared/data are missing")
@pytest.mark.parametrize(
    ("pattern", "kind"),
    [
        ("face_sentiment/images/an2i_*.jpg", "image"),
        ("emodb/mp3/03a01*.mp3", "audio"),
        ("video/clips/langer_1.mp4", "video"),
    ],
)
def test_recorded_clips_are_taken(tmp_path: Path, pattern: str, kind: str) -> None:
    sources = sorted(SHARED.glob(pattern))[:5]

    clips = [normalise(source, tmp_path / source.name) for source in sources]

    assert sources
    assert {clip.kind for clip in clips} == {kind}
    assert all(clip.file.stat().st_size > 500 for clip in clips)
