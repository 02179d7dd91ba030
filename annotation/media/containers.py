"""Sound and film, by PyAV: opened with the one demuxer that the content allows, read to the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import av
from av.container import InputContainer
from av.stream import Disposition

from annotation.media.errors import UnreadableMedia, cut_off
from annotation.media.formats import Format
from annotation.media.limits import Limits
from annotation.media.wholeness import is_cut_off

Frame = av.VideoFrame | av.AudioFrame
_SEEN = 65_536


@dataclass
class Streams:
    """An open file with the one video and the one audio stream that a player would choose.

    `expects` is the seconds its header promises (0: no promise), `tolerance` how far off it may be.
    """

    container: InputContainer
    video: av.VideoStream | None
    audio: av.AudioStream | None
    expects: float
    tolerance: float

    @property
    def start(self) -> float:
        """Seconds on the file's own clock at which it begins."""
        return (self.container.start_time or 0) / av.time_base


@contextmanager
def opened(source: Path, form: Format, limits: Limits) -> Iterator[Streams]:
    """Open `source` with `form`'s demuxer alone: no guessing, no playlists, no network.

    libav gets a file object and never an address, so nothing the file names can be fetched.
    """
    size = source.stat().st_size
    with source.open("rb") as file:
        if is_cut_off(file, size, form.reader):
            raise cut_off()
        head = file.read(_SEEN)
        file.seek(0)
        options = {"protocol_whitelist": "none", "format_whitelist": form.reader}
        if form.reader == "mov":
            options["format_whitelist"] = "mov,mp4,m4a,3gp,3g2,mj2"
        elif form.reader == "matroska":
            options["format_whitelist"] = "matroska,webm"
        with _container(file, form.reader, options) as container:
            streams = _streams(container, form, head)
            _check(streams, form, limits)
            yield streams


@contextmanager
def _container(file: BinaryIO, reader: str, options: dict[str, str]) -> Iterator[InputContainer]:
    try:
        container = av.open(file, "r", reader, options, metadata_errors="replace")
    except (av.InvalidDataError, EOFError) as error:
        raise UnreadableMedia(
            "The file cannot be opened: it is cut off or damaged. Copy or export it again."
        ) from error
    with container:
        yield container


def _streams(container: InputContainer, form: Format, head: bytes) -> Streams:
    films = [s for s in container.streams.video if not s.disposition & Disposition.attached_pic]
    sounds = list(container.streams.audio)
    declared = _declared_duration(container, form, head)
    return Streams(
        container,
        films[0] if films else None,
        sounds[0] if sounds else None,
        declared,
        0.06 if form.reader == "mp3" else max(0.25, 0.05 * declared),
    )


def _declared_duration(container: InputContainer, form: Format, head: bytes) -> float:
    """Seconds that the header promises, or 0 where libav only estimates them."""
    if form.reader == "mp3" and not any(tag in head for tag in (b"Xing", b"Info", b"VBRI")):
        return 0.0
    if form.reader == "aac":
        return 0.0
    return (container.duration or 0) / av.time_base


def _check(streams: Streams, form: Format, limits: Limits) -> None:
    if streams.video is None and streams.audio is None:
        raise UnreadableMedia("The file holds neither picture nor sound. Export it again.")
    if form.kind == "video" and streams.video is None:
        raise UnreadableMedia("The file is named as a video but holds sound only. Name it .m4a.")
    if form.kind == "audio" and streams.video is not None:
        raise UnreadableMedia(
            "The file is named as sound but holds a video. Name it .mp4 or .webm."
        )
    if streams.expects > limits.duration:
        raise _too_long(limits)
    for stream in (streams.video, streams.audio):
        if stream is not None and stream.codec_context is None:
            raise UnreadableMedia("Its codec is unknown here. Export it as H.264 with AAC sound.")
        if stream is not None:
            stream.codec_context.thread_count = 1  # VP8 decodes unevenly on several.


def _too_long(limits: Limits) -> UnreadableMedia:
    return UnreadableMedia(
        "It lasts longer than the {seconds} s allowed. Cut it into shorter clips.",
        seconds=limits.duration,
    )


def frames(streams: Streams, limits: Limits) -> Iterator[Frame]:
    """Yield every frame to the end of the file, sound and picture as they come.

    Raises `UnreadableMedia` where the file is cut off, damaged, or exceeds `limits`.
    """
    wanted = [stream for stream in (streams.video, streams.audio) if stream is not None]
    end = 0.0
    try:
        for packet in streams.container.demux(wanted):
            if packet.is_corrupt:
                raise cut_off()
            for frame in cast("list[Frame]", packet.decode()):
                end = max(end, _end(frame, streams.start))
                _check_frame(frame, end, limits)
                yield frame
    except (av.InvalidDataError, EOFError) as error:
        raise UnreadableMedia(
            "The content is damaged (at {at} s). Export it again from the original.",
            at=round(end, 1),
        ) from error
    if end == 0.0:
        raise UnreadableMedia("Nothing in the file can be played. Export it again.")
    if end < streams.expects - streams.tolerance:
        raise cut_off()


def _end(frame: Frame, start: float) -> float:
    """Seconds from the start of the file to the end of `frame`."""
    begin = (frame.time or 0.0) - start
    if isinstance(frame, av.AudioFrame):
        return begin + frame.samples / frame.sample_rate
    return begin + float((frame.duration or 0) * (frame.time_base or 0))


def _check_frame(frame: Frame, end: float, limits: Limits) -> None:
    if end > limits.duration:
        raise _too_long(limits)
    if isinstance(frame, av.VideoFrame) and frame.width * frame.height > limits.pixels:
        raise UnreadableMedia(
            "Frames of {width} x {height} pixels are more than the {most} million allowed. "
            "Scale the video down.",
            width=frame.width,
            height=frame.height,
            most=limits.pixels / 1e6,
        )
