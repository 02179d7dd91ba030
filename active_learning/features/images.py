"""Photographs: the shape, texture and coarse pixels of the face in them."""

import functools
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from active_learning.features.extractor import Grey, UnreadableClipError, Vector
from active_learning.features.faces import FACE_SIDE, Face, crop_face, find_face

HOG_DIMENSION = 1764
TEXTURE_GRID = 4
TEXTURE_CODES = 59
TEXTURE_DIMENSION = TEXTURE_GRID**2 * TEXTURE_CODES
COARSE_SIDE = 16
APPEARANCE_DIMENSION = HOG_DIMENSION + TEXTURE_DIMENSION + COARSE_SIDE**2
PLACE_DIMENSION = 5
IMAGE_DIMENSION = APPEARANCE_DIMENSION + PLACE_DIMENSION

# The eight neighbours of a pixel, in a circle.
_CIRCLE = ((0, 0), (0, 1), (0, 2), (1, 2), (2, 2), (2, 1), (2, 0), (1, 0))


def image_vector(path: Path) -> Vector:
    """Return the features (IMAGE_DIMENSION,) of the photograph at `path`.

    Raises:
        UnreadableClipError: the file is no image that OpenCV can decode.
    """
    image = read_grey(path)
    face = find_face(image)
    return np.concatenate([appearance(crop_face(image, face)), place(face, image.shape)])


def read_grey(path: Path) -> Grey:
    """Return the photograph at `path` in grey, (h, w).

    Raises:
        UnreadableClipError: the file is no image that OpenCV can decode.
    """
    try:
        data = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        image = cv2.imdecode(data, cv2.IMREAD_GRAYSCALE) if data.size else None
    except (OSError, cv2.error) as error:  # OpenCV's own: more pixels than it allows.
        raise UnreadableClipError(f"{path.name} cannot be read as an image: {error}") from error
    if image is None:
        raise UnreadableClipError(f"{path.name} is not an image that can be decoded.")
    return image.astype(np.uint8)


def appearance(face: Grey) -> Vector:
    """Describe a cropped face (64, 64): HOG, uniform local binary patterns, coarse pixels.

    Contrast is evened out first (CLAHE), so that lighting weighs less than expression.
    Sources: Dalal & Triggs 2005; Ojala, Pietikainen & Maenpaa 2002; Zuiderveld 1994.
    """
    even = cv2.createCLAHE(clipLimit=2.0, tileGridSize=(4, 4)).apply(face).astype(np.uint8)
    gradients = np.asarray(_hog().compute(even), dtype=np.float32).ravel()
    small = cv2.resize(even, (COARSE_SIDE, COARSE_SIDE), interpolation=cv2.INTER_AREA)
    coarse = small.astype(np.float32).ravel()
    coarse = (coarse - coarse.mean()) / (coarse.std() + 1.0)
    return np.concatenate([gradients, texture(even), coarse])


def texture(face: Grey) -> Vector:
    """Return uniform-LBP histograms of a grid of cells, square-rooted (Hellinger)."""
    codes = _pattern_table()[_patterns(face)]
    cells = [
        np.bincount(cell.ravel(), minlength=TEXTURE_CODES) / cell.size
        for row in np.array_split(codes, TEXTURE_GRID, axis=0)
        for cell in np.array_split(row, TEXTURE_GRID, axis=1)
    ]
    return np.sqrt(np.concatenate(cells)).astype(np.float32)


def place(face: Face, shape: tuple[int, ...]) -> Vector:
    """Return found (0 or 1), centre and side as shares of the image, and log(1 + votes)."""
    height, width = shape[:2]
    share = [face.x / width, face.y / height, face.side / min(height, width)]
    return np.array([float(face.found), *share, np.log1p(face.votes)], dtype=np.float32)


@functools.cache
def _hog() -> cv2.HOGDescriptor:
    return cv2.HOGDescriptor((FACE_SIDE, FACE_SIDE), (16, 16), (8, 8), (8, 8), 9)


def _patterns(face: Grey) -> npt.NDArray[np.uint8]:
    """The 8-bit code of every inner pixel: which neighbours are at least as bright."""
    inner = face[1:-1, 1:-1]
    height, width = inner.shape
    neighbours = [face[y : y + height, x : x + width] >= inner for y, x in _CIRCLE]
    return np.packbits(np.stack(neighbours, axis=-1), axis=-1)[..., 0]


@functools.cache
def _pattern_table() -> npt.NDArray[np.intp]:
    """Map 256 codes to 58 uniform patterns (at most two changes in the circle) and one rest."""
    bits = np.unpackbits(np.arange(256, dtype=np.uint8)[:, None], axis=1)
    uniform = (bits != np.roll(bits, 1, axis=1)).sum(axis=1) <= 2
    return np.where(uniform, np.cumsum(uniform) - 1, TEXTURE_CODES - 1)
