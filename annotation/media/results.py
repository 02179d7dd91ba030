"""What is known of a clip once its file has been read."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Kind = Literal["image", "audio", "video"]


@dataclass(frozen=True)
class Probe:
    """A source file, decoded to its end; nothing was written.

    `mime` is the source's; `sha256` (hex) and `size` (bytes) are of its original bytes.
    `duration` is in seconds; `width` and `height` in pixels as displayed. What a kind lacks is 0.
    """

    kind: Kind
    mime: str
    duration: float
    width: int
    height: int
    fps: float
    has_audio: bool
    sha256: str
    size: int


@dataclass(frozen=True)
class Media(Probe):
    """A clip made playable: all but `sha256` and `size` describe the file that was written.

    `poster` is a JPEG (none for audio); `waveform` holds 200 absolute peaks, 1 being full scale
    (empty without sound).
    """

    file: Path
    poster: Path | None
    waveform: tuple[float, ...]
