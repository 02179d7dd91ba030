"""Small files of every kind, made on the spot."""

from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import OutputContainer

RATE = 48_000


def write_video(path: Path, *, seconds: int = 2, fps: int = 10, size: str = "160x120") -> Path:
    """A moving colour wedge with a tone."""
    width, height = (int(side) for side in size.split("x"))
    with av.open(str(path), "w", options={"movflags": "faststart"}) as out:
        picture = out.add_stream("libx264", rate=fps)
        picture.width, picture.height, picture.pix_fmt = width, height, "yuv420p"
        sound = out.add_stream("aac", rate=RATE, layout="mono")
        for number in range(seconds * fps):
            frame = av.VideoFrame.from_ndarray(_wedge(width, height, number), format="rgb24")
            frame.pts = number
            out.mux(picture.encode(frame))
        out.mux(picture.encode(None))
        _tone(out, sound, seconds)
    return path


def write_sound(path: Path, codec: str, *, seconds: float = 1.0) -> Path:
    """A tone of 220 Hz that grows from silence to half of full scale."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=RATE, layout="mono")
        _tone(out, cast("av.AudioStream", stream), seconds)
    return path


def _wedge(width: int, height: int, number: int) -> np.ndarray:
    x = np.arange(width, dtype=np.uint16)[None, :, None] + 8 * number
    picture = (x * np.array([1, 2, 3], dtype=np.uint16)) % 256
    return np.repeat(picture, height, axis=0).astype(np.uint8)


def _tone(out: OutputContainer, stream: av.AudioStream, seconds: float) -> None:
    t = np.arange(int(seconds * RATE)) / RATE
    samples = (np.sin(2 * np.pi * 220 * t) * t / seconds * 16_383).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    resampler = av.AudioResampler(format=stream.format, layout="mono", rate=RATE, frame_size=960)
    for ready in [*resampler.resample(frame), *resampler.resample(None)]:
        out.mux(stream.encode(ready))
    out.mux(stream.encode(None))
