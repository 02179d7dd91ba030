"""From a clip's file to a vector; pure, versioned, cached by content.

>>> EXTRACTORS["image"].key
'face-image-1'
"""

from pathlib import Path

from active_learning.features.cache import forget
from active_learning.features.extractor import Extractor, Kind, UnreadableClipError, Vector
from active_learning.features.images import IMAGE_DIMENSION, image_vector
from active_learning.features.sounds import SOUND_DIMENSION, sound_vector
from active_learning.features.videos import VIDEO_DIMENSION, video_vector

EXTRACTORS: dict[Kind, Extractor] = {
    "image": Extractor("face-image", 1, IMAGE_DIMENSION, image_vector),
    "audio": Extractor("voice-audio", 2, SOUND_DIMENSION, sound_vector),
    "video": Extractor("face-voice-video", 3, VIDEO_DIMENSION, video_vector),
}


def extract(path: Path, kind: Kind) -> Vector:
    """Return the vector (d,) float32 of the clip at `path` by its kind's extractor.

    Raises:
        UnreadableClipError: the file cannot be decoded.
    """
    return EXTRACTORS[kind](path)


__all__ = ["EXTRACTORS", "Extractor", "Kind", "UnreadableClipError", "Vector"]
__all__ += ["extract", "forget"]
