"""How much one file may ask of us."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds for one file: what is refused, what is scaled down, what its reader may use.

    `bytes`, `pixels` (of an image or of one frame) and `duration` (seconds) refuse;
    `image_side`, `video_long_side`, `video_short_side` (pixels) and `fps` scale down;
    `seconds` (wall clock and processor) and `memory` (bytes) bound the child process.
    """

    bytes: int = 512 * MEBIBYTE
    pixels: int = 40_000_000
    duration: float = 900.0
    image_side: int = 1600
    video_long_side: int = 1280
    video_short_side: int = 720
    fps: int = 60
    seconds: float = 600.0
    memory: int = 2048 * MEBIBYTE
