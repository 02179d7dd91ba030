"""Small media files that the tests draw and play themselves, and where real ones are."""

from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.audio.stream import AudioStream
from av.container import OutputContainer

ROOT = Path(__file__).resolve().parents[3]
REAL = ROOT.parent / "shared" / "data"
RATE = 16_000

Samples = npt.NDArray[np.float32]
Grey = npt.NDArray[np.uint8]


def real(name: str) -> Path:
    """The file or folder `name` of the real data, or a skip that says what is missing."""
    path = REAL / name
    if not path.exists():
        pytest.skip(f"Real data is missing: ../shared/data/{name}")
    return path


def tone(hertz: float, seconds: float = 1.0, volume: float = 0.3) -> Samples:
    moments = np.arange(int(RATE * seconds)) / RATE
    return (volume * np.sin(2 * np.pi * hertz * moments)).astype(np.float32)


def noise(seconds: float = 1.0, volume: float = 0.1) -> Samples:
    drawn = np.random.default_rng(0).normal(0, volume, int(RATE * seconds))
    return drawn.astype(np.float32)


def squares(count: int = 24, step: int = 4) -> list[Grey]:
    """Frames in which a bright square goes `step` pixels to the right each time."""
    frames = []
    for at in range(count):
        frame = np.full((96, 128), 40, dtype=np.uint8)
        left = (8 + at * step) % 100
        frame[30:60, left : left + 24] = 220
        frames.append(frame)
    return frames


def write_sound(path: Path, samples: Samples) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        _play(container, stream, samples)
    return path


def write_film(path: Path, frames: Iterable[Grey], samples: Samples | None = None) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=12)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        sound = None if samples is None else container.add_stream("mp3", rate=RATE, layout="mono")
        for frame in frames:
            picture = av.VideoFrame.from_ndarray(np.dstack([frame] * 3), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
        if samples is not None and sound is not None:
            _play(container, sound, samples)
    return path


def _play(container: OutputContainer, stream: AudioStream, samples: Samples) -> None:
    whole = (samples * 32767).astype(np.int16)[None]
    frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
    frame.sample_rate = RATE
    frame.time_base = Fraction(1, RATE)
    frame.pts = 0
    container.mux(stream.encode(frame))
    container.mux(stream.encode())
