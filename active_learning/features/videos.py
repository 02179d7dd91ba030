"""Video: the face over time, how it moves, and the sound."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from active_learning.features.decoding import grey_frames, mono_samples
from active_learning.features.extractor import Grey, Vector
from active_learning.features.faces import Face, crop_face, follow_face
from active_learning.features.images import (
    APPEARANCE_DIMENSION,
    PLACE_DIMENSION,
    appearance,
    place,
)
from active_learning.features.sounds import SOUND_DIMENSION, describe_sound

FRAMES = 8
MOTION_GRID = 4
MOTION_DIMENSION = 2 * MOTION_GRID**2
FACE_DIMENSION = 2 * (APPEARANCE_DIMENSION + PLACE_DIMENSION)
PICTURE_DIMENSION = FACE_DIMENSION + MOTION_DIMENSION
VIDEO_DIMENSION = PICTURE_DIMENSION + SOUND_DIMENSION


def video_vector(path: Path) -> Vector:
    """Return the features (VIDEO_DIMENSION,) of the video at `path`.

    Mean and spread of the face's description over eight evenly spaced frames, motion between
    them, and the sound's functionals (zeros for a silent film).

    Raises:
        UnreadableClipError: no frame can be decoded.
    """
    return np.concatenate([describe_picture(path), describe_sound(mono_samples(path))])


def describe_picture(path: Path) -> Vector:
    """Return what is seen in the video at `path`, (PICTURE_DIMENSION,).

    Raises:
        UnreadableClipError: no frame can be decoded.
    """
    pairs = followed(grey_frames(path, FRAMES))
    crops = [crop_face(image, face) for image, face in pairs]
    rows = np.stack(
        [
            np.concatenate([appearance(crop), place(face, image.shape)])
            for crop, (image, face) in zip(crops, pairs, strict=True)
        ]
    )
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0), motion(crops)])


def followed(images: Sequence[Grey]) -> list[tuple[Grey, Face]]:
    """Return each frame with the place of the face in it."""
    return list(zip(images, fill_gaps(follow_face(images)), strict=True))


def fill_gaps(faces: Sequence[Face]) -> list[Face]:
    """Give a frame without a face the place of the nearest frame that has one.

    The votes stay 0, so that the vector still tells how often a face was seen.
    """
    seen = [at for at, face in enumerate(faces) if face.found]
    if not seen:
        return list(faces)
    nearest = [min(seen, key=lambda at, here=here: abs(at - here)) for here in range(len(faces))]  # type: ignore[misc]
    return [
        face if face.found else faces[near]._replace(votes=0)
        for face, near in zip(faces, nearest, strict=True)
    ]


def motion(crops: Sequence[Grey]) -> Vector:
    """Return mean and greatest change between neighbouring crops, by cell of a 4 x 4 grid."""
    if len(crops) < 2:
        return np.zeros(MOTION_DIMENSION, dtype=np.float32)
    stack = np.stack(crops).astype(np.float32) / 255
    side = stack.shape[1] // MOTION_GRID
    change = np.abs(np.diff(stack, axis=0))
    cells = change.reshape(-1, MOTION_GRID, side, MOTION_GRID, side).mean(axis=(2, 4))
    return np.concatenate([cells.mean(axis=0).ravel(), cells.max(axis=0).ravel()])
