"""The researcher's own vectors for a collection: taken whole or not at all, kept on disk."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from active_learning import vector_files, writing
from active_learning.models import VectorSet
from active_learning.snapshots import SnapshotGoneError
from active_learning.vector_files import Brought, VectorFileError
from annotation.launching import NotPossibleError
from annotation.models import Campaign, Clip, Collection
from audit.log import record

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
MANY = 5

Rows = npt.NDArray[np.float32]


class VectorsGoneError(SnapshotGoneError):
    """The vectors that a round was to learn from are not there, or not those it began with."""


class Taken(NamedTuple):
    """A stored set, and the clips of its collection that it says nothing of."""

    row: VectorSet
    without: list[str]


class Stored:
    """The vectors of one set, memory-mapped, by the key of the clip."""

    def __init__(self, row: VectorSet) -> None:
        self._key = row.key
        try:
            self.clips = np.load(file_of(row, "clips"), mmap_mode="r", allow_pickle=False)
            self.rows: Rows = np.load(file_of(row, "vectors"), mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise VectorsGoneError(
                f"The file of the vectors {row.key} cannot be read. Bring them again."
            ) from error
        if self.rows.shape != (row.n, row.dimension) or self.clips.shape != (row.n,):
            raise VectorsGoneError(f"The file of the vectors {row.key} is not what was brought.")

    def places(self, clips: npt.NDArray[np.int64]) -> npt.NDArray[np.intp]:
        """Return the row of each of the clips (n,); -1 for one that has none."""
        if not len(self.clips):
            return np.full(len(clips), -1)
        at = np.minimum(np.searchsorted(self.clips, clips), len(self.clips) - 1)
        return np.where(self.clips[at] == clips, at, -1)

    def take(self, places: Sequence[int]) -> Rows:
        """Return the vectors (n, d) in these rows.

        Raises:
            VectorsGoneError: one is not finite, as all were when they were brought.
        """
        rows: Rows = self.rows[np.asarray(places, dtype=np.intp)]
        bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
        if bad.size:
            clip = int(self.clips[places[int(bad[0])]])
            name = Clip.objects.values_list("external_id", flat=True).get(pk=clip)
            raise VectorsGoneError(
                f"The vector of {name} in {self._key} has a number that is not finite. "
                "Bring the vectors again."
            )
        return rows


def bring(collection: Collection, name: str, file: Path, actor: User | None) -> Taken:
    """Store the vectors in `file` as the next version of `name` in `collection`.

    Raises:
        VectorFileError: the file is refused; nothing is stored.
    """
    if not _NAME.fullmatch(name):
        raise VectorFileError(
            _("name: use 1 to 60 letters, digits, - and _, beginning with a letter or digit.")
        )
    brought = vector_files.read(file, largest=settings.VECTORS_MAX_BYTES)
    known = dict(collection.clips.values_list("external_id", "pk"))
    _refuse_unknown(brought.ids, known)
    clips = np.array([known[one] for one in brought.ids], dtype=np.int64)
    order = np.argsort(clips)
    with transaction.atomic():
        row = _next_version(collection, name, brought, actor)
        write_array(file_of(row, "vectors"), brought.vectors[order])
        write_array(file_of(row, "clips"), clips[order])
        record(actor, "vectors.brought", row, name=row.key, n=row.n, sha256=row.sha256)
    return Taken(row, sorted(known.keys() - set(brought.ids)))


def remove(row: VectorSet, actor: User) -> None:
    """Delete a set that no campaign learns from.

    Raises:
        NotPossibleError: a campaign would be left without vectors.
    """
    newest = newest_of(row.collection_id, row.name)
    users = Campaign.objects.filter(collection=row.collection_id, vectors=row.name)
    if newest == row and (using := users.first()):
        raise NotPossibleError(
            _("The campaign %(campaign)s learns from these vectors. Choose others there first.")
            % {"campaign": using}
        )
    files = [file_of(row, part) for part in ("vectors", "clips")]
    with transaction.atomic():
        record(actor, "vectors.removed", row, name=row.key, sha256=row.sha256)
        row.delete()
    for file in files:
        file.unlink(missing_ok=True)


def newest_of(collection: int, name: str) -> VectorSet | None:
    """Return the newest version of the vectors called `name`."""
    return VectorSet.objects.filter(collection=collection, name=name).order_by("-version").first()


def key_of(campaign: Campaign) -> str:
    """Return what a snapshot calls the vectors that `campaign` learns from now.

    Raises:
        VectorsGoneError: there are none of this name.
    """
    row = newest_of(campaign.collection_id, campaign.vectors)
    if row is None:
        raise VectorsGoneError(
            f"The collection has no vectors called {campaign.vectors!r}. "
            "Bring them, or choose others in the campaign."
        )
    return row.key


def stored(collection: int, key: str) -> tuple[VectorSet, Stored]:
    """Return the set that a snapshot calls `key`, opened.

    Raises:
        VectorsGoneError: it was removed, or its file cannot be read.
    """
    name, _dash, version = key.rpartition("-")
    row = VectorSet.objects.filter(collection=collection, name=name, version=int(version)).first()
    if row is None:
        raise VectorsGoneError(f"The vectors {key} were removed.")
    return row, Stored(row)


def _refuse_unknown(ids: Sequence[str], known: dict[str, int]) -> None:
    strange = [(row, name) for row, name in enumerate(ids, start=1) if name not in known]
    if strange:
        some = ", ".join(f"{name!r} (row {row})" for row, name in strange[:MANY])
        raise VectorFileError(
            f"ids: {len(strange)} are no clips of this collection: {some}. "
            "Use the clips' external ids, and import the clips first."
        )


def _next_version(
    collection: Collection, name: str, brought: Brought, actor: User | None
) -> VectorSet:
    Collection.objects.select_for_update().get(pk=collection.pk)  # One version after the other.
    before = newest_of(collection.pk, name)
    return VectorSet.objects.create(
        collection=collection,
        name=name,
        version=before.version + 1 if before else 1,
        dimension=brought.vectors.shape[1],
        n=len(brought.ids),
        sha256=_fingerprint(brought),
        created_by=actor,
    )


def _fingerprint(brought: Brought) -> str:
    said = hashlib.sha256(json.dumps(brought.ids).encode())
    said.update(brought.vectors.tobytes())
    return said.hexdigest()


def file_of(row: VectorSet, part: str) -> Path:
    """Return where a part of a set is kept: its `vectors`, or the `clips` they belong to."""
    folder = Path(settings.FEATURE_ROOT) / "own" / str(row.collection_id)
    return folder / f"{row.key}-{row.sha256[:16]}.{part}.npy"


def write_array(file: Path, array: npt.NDArray[np.generic]) -> None:
    """Write an array whole or not at all."""
    with writing.at_once(file) as part:
        np.save(part, array, allow_pickle=False)
