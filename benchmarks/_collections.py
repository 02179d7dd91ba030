"""Collections with all their votes, as a simulation takes them."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from active_learning.features.images import appearance
from active_learning.features.sounds import sound_vector
from active_learning.learners import fit_reduction
from active_learning.simulating import World

NO_ANSWERS = {"unknown", "NF"}
LEAST_VOTES = 8
FACE = (64, 64)
LISTENERS = 20
EMODB_CLASSES = ("anger", "neutral", "happiness", "sadness")


def of_file(path: Path) -> World:
    """Return the collection in an .npz file; see `benchmarks.label_savings`."""
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    if "votes" not in arrays or not {"features", "images"} & set(arrays):
        raise ValueError(f"{path} needs `votes`, and `features` or `images`.")
    votes = arrays["votes"].astype(np.int64)
    if votes.ndim != 2:
        raise ValueError(f"`votes` of {path} need a row a clip and a column a class.")
    if "emotions" in arrays:
        votes = votes[:, [name not in NO_ANSWERS for name in arrays["emotions"].tolist()]]
    kept = votes.sum(axis=1) >= (LEAST_VOTES if "emotions" in arrays else 1)
    groups = arrays.get("groups", np.arange(len(votes)))
    if "features" in arrays:
        vectors = arrays["features"][kept]
    else:
        vectors = np.stack([_face(image) for image in arrays["images"][kept]])
    return World(_reduced(vectors), votes[kept], groups[kept])


def of_emodb(folder: Path) -> World:
    """Return EmoDB's untouched clips of four emotions, by speaker.

    Listeners who did not recognise a clip are spread evenly over the other three by chance, since
    what each of them said instead is not published by clip.
    """
    with (folder / "clips.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["audio_version"] == "original" and row["emotion"] in EMODB_CLASSES
            and row["recognised_pct"]
        ]  # fmt: skip
    if not rows:
        raise ValueError(f"{folder} has no untouched clip of {', '.join(EMODB_CLASSES)}.")
    rng, votes = np.random.default_rng(0), np.zeros((len(rows), 4), dtype=np.int64)
    for row, said in zip(rows, votes, strict=True):
        intended = EMODB_CLASSES.index(row["emotion"])
        right = round(float(row["recognised_pct"]) / 100 * LISTENERS)
        others = [c for c in range(4) if c != intended]
        said[others] = rng.multinomial(LISTENERS - right, [1 / 3] * 3)
        said[intended] = right
    vectors = np.stack([sound_vector(folder / row["file"]) for row in rows])
    return World(_reduced(vectors), votes, np.array([row["speaker"] for row in rows]))


def _face(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    return appearance(cv2.resize(image, FACE, interpolation=cv2.INTER_LINEAR).astype(np.uint8))


def _reduced(vectors: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
    vectors = np.asarray(vectors, dtype=np.float32)
    return fit_reduction(vectors, 0)(vectors).astype(np.float32)
