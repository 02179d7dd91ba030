"""Sound and film rewritten for the browser in one pass, which is also the check to their end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import OutputContainer
from PIL import Image

from annotation.media.containers import Streams, frames, opened
from annotation.media.errors import UnreadableMedia
from annotation.media.formats import Format
from annotation.media.limits import Limits
from annotation.media.tracks import (
    SAMPLE_RATE,
    PictureTrack,
    SoundTrack,
    displayed_size,
    frame_rate,
)


@dataclass(frozen=True)
class Written:
    """What the rewritten file holds; no picture has size 0, no sound an empty waveform."""

    path: Path
    duration: float
    width: int
    height: int
    fps: float
    has_audio: bool
    waveform: tuple[float, ...]


def write_sound(source: Path, form: Format, folder: Path, limits: Limits) -> Written:
    """Write `media.m4a`: AAC, 48 kHz, mono or stereo, no metadata."""
    path = folder / "media.m4a"
    with opened(source, form, limits) as streams, _output(path, "ipod") as out:
        sound = _sound_track(out, streams)
        _copy(streams, None, sound, limits)
    return _described(path, None, sound, (0, 0))


def write_film(source: Path, form: Format, folder: Path, limits: Limits) -> Written:
    """Write `media.mp4`: H.264 and AAC, index in front, no metadata."""
    path = folder / "media.mp4"
    size, rate = shape(source, form, limits)
    with opened(source, form, limits) as streams, _output(path, "mp4") as out:
        picture = PictureTrack(out, size, rate)
        sound = _sound_track(out, streams)
        _copy(streams, picture, sound, limits)
    return _described(path, picture, sound, size)


def read_to_the_end(source: Path, form: Format, limits: Limits) -> tuple[float, bool]:
    """Decode all of `source`; return its seconds and whether it has sound."""
    end = 0.0
    with opened(source, form, limits) as streams:
        for frame in frames(streams, limits):
            end = max(end, (frame.time or 0.0) - streams.start)
        return max(end, streams.expects), streams.audio is not None


def shape(source: Path, form: Format, limits: Limits) -> tuple[tuple[int, int], Fraction]:
    """Return displayed size and frame rate, from the first picture that decodes."""
    with opened(source, form, limits) as streams:
        for frame in frames(streams, limits):
            if isinstance(frame, av.VideoFrame) and streams.video is not None:
                rate = frame_rate(streams.video, limits)
                return displayed_size(frame, streams.video, limits), rate
    raise UnreadableMedia("The video has no picture that can be shown. Export it again.")


def representative_frame(path: Path) -> Image.Image:
    """Return the most contrasted of three frames, at 1/4, 1/2 and 3/4 of the film at `path`."""
    with av.open(str(path), format="mov") as container:
        stream = container.streams.video[0]
        length = stream.duration or 0
        found = [_frame_at(container, stream, length * part // 4) for part in (2, 1, 3)]
    return max(found, key=lambda image: float(np.asarray(image.convert("L")).std()))


def _frame_at(
    container: av.container.InputContainer, stream: av.VideoStream, at: int
) -> Image.Image:
    container.seek(at, stream=stream)
    frame = next(container.decode(stream))
    for later in container.decode(stream):
        if (frame.pts or 0) >= at:
            break
        frame = later
    return Image.fromarray(frame.to_ndarray(format="rgb24"))


@contextmanager
def _output(path: Path, container: str) -> Iterator[OutputContainer]:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(path), "w", format=container, options=options) as out:
        yield out


def _sound_track(out: OutputContainer, streams: Streams) -> SoundTrack | None:
    return SoundTrack(out, streams.audio.channels) if streams.audio is not None else None


def _copy(
    streams: Streams, picture: PictureTrack | None, sound: SoundTrack | None, limits: Limits
) -> None:
    for frame in frames(streams, limits):
        if isinstance(frame, av.VideoFrame) and picture is not None:
            picture.add(frame, streams.start)
        elif isinstance(frame, av.AudioFrame) and sound is not None:
            sound.add(frame, streams.start)
    for track in (picture, sound):
        if track is not None:
            track.finish()


def _described(
    path: Path, picture: PictureTrack | None, sound: SoundTrack | None, size: tuple[int, int]
) -> Written:
    seconds = [
        float(picture.count / picture.rate) if picture else 0.0,
        sound.count / SAMPLE_RATE if sound else 0.0,
    ]
    return Written(
        path=path,
        duration=round(max(seconds), 3),
        width=size[0],
        height=size[1],
        fps=round(float(picture.rate), 3) if picture else 0.0,
        has_audio=sound is not None and sound.count > 0,
        waveform=sound.meter.waveform() if sound else (),
    )
