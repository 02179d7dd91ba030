"""Frames and samples out of media files, by PyAV."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer
from av.video.stream import VideoStream

from active_learning.features.extractor import Grey, UnreadableClipError

RATE = 16_000
LONGEST_SOUND = 120.0  # Seconds; what comes after is not listened to.
SEEK_OVER = 2.0  # Seconds between two wanted frames from which seeking beats decoding on.

Samples = npt.NDArray[np.float32]


def grey_frames(path: Path, count: int) -> list[Grey]:
    """Return up to `count` grey frames (h, w) evenly spaced over the video at `path`.

    A video with fewer frames gives each of them once.

    Raises:
        UnreadableClipError: no frame can be decoded.
    """
    with _opened(path) as container:
        if not container.streams.video:
            raise UnreadableClipError(f"{path.name} has no picture.")
        frames = list(_spaced_frames(container, container.streams.video[0], count))
    if not frames:
        raise UnreadableClipError(f"{path.name} has no frame that can be decoded.")
    return frames


def mono_samples(path: Path) -> Samples:
    """Return the sound of the file at `path`: mono, 16 kHz, -1 to 1; empty without a sound track.

    Raises:
        UnreadableClipError: the file cannot be opened or decoded.
    """
    with _opened(path) as container:
        if not container.streams.audio:
            return np.zeros(0, dtype=np.float32)
        chunks = list(_sound(container))
    samples = np.concatenate(chunks) if chunks else np.zeros(0, dtype=np.float32)
    kept = samples[: int(LONGEST_SOUND * RATE)]
    return np.nan_to_num(kept, posinf=0.0, neginf=0.0)


@contextmanager
def _opened(path: Path) -> Iterator[InputContainer]:
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            yield container
    except (av.FFmpegError, FileNotFoundError) as error:
        raise UnreadableClipError(f"{path.name} cannot be decoded: {error}") from error


def _spaced_frames(container: InputContainer, stream: VideoStream, count: int) -> Iterator[Grey]:
    start, length = _span(container, stream)
    wanted = start + (np.arange(count) + 0.5) / count * length
    frames, now = container.decode(stream), start
    for moment in wanted:
        if moment - now > SEEK_OVER:
            container.seek(int(moment / stream.time_base), stream=stream)
            frames = container.decode(stream)
        for frame in frames:
            now = frame.time if frame.time is not None else now
            if now + _half_frame(stream) >= moment:
                yield frame.to_ndarray(format="gray").astype(np.uint8, copy=False)
                break
        else:
            return


def _half_frame(stream: VideoStream) -> float:
    return 0.5 / float(stream.average_rate or 25)


def _span(container: InputContainer, stream: VideoStream) -> tuple[float, float]:
    """Start and length of the picture in seconds; by walking the packets where no header says."""
    unit = float(stream.time_base or 0)
    start = (stream.start_time or 0) * unit
    if stream.duration:
        return start, stream.duration * unit
    if container.duration:
        return start, container.duration / av.time_base
    ends = [packet.pts + (packet.duration or 0) for packet in container.demux(stream) if packet.pts]
    container.seek(0)
    return start, max(ends, default=0) * unit - start


def _sound(container: InputContainer) -> Iterator[Samples]:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    heard = 0
    for frame in container.decode(container.streams.audio[0]):
        for part in resampler.resample(frame):
            heard += part.samples
            yield part.to_ndarray()[0]
        if heard > LONGEST_SOUND * RATE:
            return
    for part in resampler.resample(None):
        yield part.to_ndarray()[0]
