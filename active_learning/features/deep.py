"""Extractors that go by a researcher's own networks where there are any, by ours elsewhere."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from active_learning.features import EXTRACTORS
from active_learning.features.decoding import RATE, Samples, grey_frames, mono_samples
from active_learning.features.extractor import Extractor, Grey, Kind, UnreadableClipError, Vector
from active_learning.features.faces import crop_face, find_face
from active_learning.features.images import read_grey
from active_learning.features.networks import Array, Network, Networks, opened
from active_learning.features.sounds import SOUND_DIMENSION, describe_sound
from active_learning.features.videos import FRAMES, PICTURE_DIMENSION, describe_picture, followed

VERSION = 1  # Raise it when anything around the networks changes a number.
CROP_SIDE = 224
LONGEST, SHORTEST = 10 * RATE, RATE  # Samples that a network hears at once.

Part = Callable[[Path], Vector]


def extractors(networks: Networks) -> dict[Kind, Extractor]:
    """Return the extractor of each kind of clip.

    The key of one that uses a network tells the network by its file's SHA-256, and ours too where
    it is beside it.

    Raises:
        NetworkRefusedError: a network cannot be used.
    """
    chosen = dict(EXTRACTORS)
    if networks.face:
        chosen["image"] = _image(opened(networks.face))
    if networks.voice:
        chosen["audio"] = _audio(opened(networks.voice))
    if networks.face or networks.voice:
        chosen["video"] = _video(networks)
    return chosen


def _image(face: Network) -> Extractor:
    def vector(path: Path) -> Vector:
        image = read_grey(path)
        return face(_crops([crop_face(image, find_face(image), CROP_SIDE)])).ravel()

    return _extractor("image", _width_of_face(face), vector, [face.sha256])


def _audio(voice: Network) -> Extractor:
    def vector(path: Path) -> Vector:
        samples = mono_samples(path)
        if not len(samples):
            raise UnreadableClipError(f"{path.name} has no sound.")
        return _heard(voice, samples)

    return _extractor("audio", _width_of_voice(voice), vector, [voice.sha256])


def _video(networks: Networks) -> Extractor:
    """Picture, then sound, each by its network or, without one, as our own extractor does it."""
    picture: Part = describe_picture
    sound: Callable[[Samples], Vector] = describe_sound
    widths, made_by = [PICTURE_DIMENSION, SOUND_DIMENSION], [EXTRACTORS["video"].key] * 2
    if networks.face:
        face = opened(networks.face)
        picture, widths[0], made_by[0] = _seen_by(face), 2 * _width_of_face(face), face.sha256
    if networks.voice:
        voice = opened(networks.voice)
        sound, widths[1], made_by[1] = _heard_by(voice), _width_of_voice(voice), voice.sha256

    def vector(path: Path) -> Vector:
        return np.concatenate([picture(path), sound(mono_samples(path))])

    return _extractor("video", sum(widths), vector, made_by)


def _extractor(kind: Kind, width: int, vector: Part, made_by: list[str]) -> Extractor:
    digest = hashlib.sha256(" ".join(made_by).encode()).hexdigest()
    told = made_by[0] if len(made_by) == 1 else digest
    return Extractor(f"torch-{kind}-{told[:16]}", VERSION, width, vector)


def _seen_by(face: Network) -> Part:
    def picture(path: Path) -> Vector:
        images = grey_frames(path, FRAMES)
        crops = [crop_face(*pair, CROP_SIDE) for pair in followed(images)]
        return _pooled(face(_crops(crops)))

    return picture


def _heard_by(voice: Network) -> Callable[[Samples], Vector]:
    return lambda samples: _heard(voice, samples)


def _heard(voice: Network, samples: Samples) -> Vector:
    """Mean and spread over time of what the network makes of a sound, ten seconds at once."""
    if not len(samples):
        return np.zeros(_width_of_voice(voice), dtype=np.float32)
    pieces = np.array_split(samples, -(-len(samples) // LONGEST))
    padded = [np.pad(piece, (0, max(0, SHORTEST - len(piece)))) for piece in pieces]
    return _pooled(np.concatenate([voice(piece[None]) for piece in padded]))


def _pooled(rows: Array) -> Vector:
    return np.concatenate([rows.mean(axis=0), rows.std(axis=0)])


def _crops(crops: list[Grey]) -> Array:
    return np.stack(crops).astype(np.float32)[:, None] / np.float32(255)


def _width_of_face(face: Network) -> int:
    return len(face(np.zeros((1, 1, CROP_SIDE, CROP_SIDE), dtype=np.float32)).ravel())


def _width_of_voice(voice: Network) -> int:
    return len(_pooled(voice(np.zeros((1, SHORTEST), dtype=np.float32))))
