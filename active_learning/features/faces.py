"""Where the face is: votes of OpenCV's bundled Haar cascades, with a centred fallback."""

import functools
import threading
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from active_learning.features.extractor import Grey

FACE_SIDE = 64
SEARCH_SIDE = 240  # The search runs on an image no longer than this: time grows with its square.
SMALLEST_FACE = 28  # Pixels in the searched image; the cascades were trained on 20 to 24.
SCALE_STEP = 1.1
SAME_FACE_OVERLAP = 0.4
MIN_VOTES = 3
# Following a face: sides of it around its last place, its side there in the searched image, by
# how much its size may change between two frames, and how often the whole frame is searched.
NEAR, NEAR_SIDE, SAME_SIZE, WHOLE_SEARCHES = 1.0, 48, 1.5, 3
CASCADES = ("frontalface_default", "frontalface_alt2", "profileface")

Windows = npt.NDArray[np.float64]


class Face(NamedTuple):
    """A square around a face, in pixels of the image; no votes means it is the fallback."""

    x: float
    y: float
    side: float
    votes: int

    @property
    def found(self) -> bool:
        """Whether the cascades agreed on a face."""
        return self.votes > 0


def find_face(image: Grey) -> Face:
    """Return the face in a grey image (h, w), or the centred square where none is found.

    Every raw window of three cascades (frontal twice, profile in both directions; Viola & Jones
    2001) is a vote; the window that most others overlap wins and is averaged with them. Joint
    votes find turned and raised heads that each cascade's own grouping misses, and the average
    is steadier than any one box.
    """
    height, width = image.shape
    scale = min(1.0, SEARCH_SIDE / max(height, width))
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        searched = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    else:
        searched = image
    return _winner(_windows(searched), scale) or _fallback(image)


def follow_face(images: Sequence[Grey]) -> list[Face]:
    """Return the face in each of some frames (h, w) of one film, in their order.

    It is looked for around where it was seen last, at about the size it had, which takes a tenth
    of a search of the whole frame; that follows where nothing was seen there, a few times a film.
    """
    faces: list[Face] = []
    last, searches = None, 0
    for image in images:
        face = _near(image, last) if last else None
        if face is None and searches < WHOLE_SEARCHES:
            searches += 1
            face = find_face(image)
        faces.append(face or _fallback(image))
        last = faces[-1] if faces[-1].found else last
    return faces


def crop_face(image: Grey, face: Face, side: int = FACE_SIDE) -> Grey:
    """Return the square of `face` out of a grey image, (side, side), edges repeated outside."""
    pixels = max(1, round(face.side))
    patch = cv2.getRectSubPix(image, (pixels, pixels), (face.x - 0.5, face.y - 0.5))
    return cv2.resize(patch, (side, side), interpolation=cv2.INTER_AREA).astype(np.uint8)


def _fallback(image: Grey) -> Face:
    height, width = image.shape
    return Face(width / 2, height / 2, min(height, width), 0)


def _near(image: Grey, last: Face) -> Face | None:
    """The face in the part of an image around the place where it was, None if it is gone."""
    reach = last.side * NEAR
    left, top = max(0, int(last.x - reach)), max(0, int(last.y - reach))
    part = image[top : int(last.y + reach) + 1, left : int(last.x + reach) + 1]
    scale = min(1.0, NEAR_SIDE / last.side)
    size = (round(part.shape[1] * scale), round(part.shape[0] * scale))
    if min(size) < SMALLEST_FACE:
        return None
    searched = cv2.resize(part, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    limits = (round(last.side * scale / SAME_SIZE), round(last.side * scale * SAME_SIZE))
    face = _winner(_windows(searched, limits), scale)
    return face and face._replace(x=face.x + left, y=face.y + top)


def _windows(image: Grey, limits: tuple[int, int] = (SMALLEST_FACE, 0)) -> Windows:
    """Raw windows (n, 4) x, y, width, height, between limits of size (0: none); sorted, for the
    cascades' threads race."""
    width = image.shape[1]
    cascades = _cascades(threading.get_ident())
    found = [_raw(cascade, image, limits) for cascade in cascades]
    mirrored = _raw(cascades[-1], cv2.flip(image, 1).astype(np.uint8), limits)
    mirrored[:, 0] = width - mirrored[:, 0] - mirrored[:, 2]
    windows = np.vstack([*found, mirrored])
    return windows[np.lexsort(windows.T)]


def _raw(cascade: cv2.CascadeClassifier, image: Grey, limits: tuple[int, int]) -> Windows:
    smallest, largest = ((side, side) for side in limits)
    boxes = cascade.detectMultiScale(
        image, scaleFactor=SCALE_STEP, minNeighbors=0, minSize=smallest, maxSize=largest
    )
    return np.asarray(boxes, dtype=np.float64).reshape(-1, 4)


@functools.cache
def _cascades(_thread: int) -> list[cv2.CascadeClassifier]:
    """The cascades of one thread: OpenCV's classifiers must not be shared between threads."""
    folder = cv2.data.haarcascades  # type: ignore[attr-defined]  # Missing from the stubs.
    return [cv2.CascadeClassifier(f"{folder}haarcascade_{name}.xml") for name in CASCADES]


def _winner(windows: Windows, scale: float) -> Face | None:
    if len(windows) < MIN_VOTES:
        return None
    same = _overlaps(windows) > SAME_FACE_OVERLAP
    votes = same.sum(axis=1)
    best = int(votes.argmax())
    if votes[best] < MIN_VOTES:
        return None
    x, y, width, height = windows[same[best]].mean(axis=0) / scale
    return Face(x + width / 2, y + height / 2, width, int(votes[best]))


def _overlaps(windows: Windows) -> npt.NDArray[np.float64]:
    """Intersection over union of every pair of windows, (n, n)."""
    start, size = windows[:, :2], windows[:, 2:]
    end = start + size
    shared = np.minimum(end[:, None], end) - np.maximum(start[:, None], start)
    inside = np.clip(shared, 0, None).prod(axis=2)
    area = size.prod(axis=1)
    overlap: npt.NDArray[np.float64] = inside / (area[:, None] + area - inside)
    return overlap
