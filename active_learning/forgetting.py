"""Removes from the disk what is known of clips once somebody in them took their consent back.

Vectors say what a face or a voice is like, and predictions what it feels: neither outlives the
consent. Everything here can be done again without harm, and is taken up where a dead worker left
it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from django.conf import settings
from django.db import transaction

from active_learning import foretold, records, writing
from active_learning.features import forget as forget_cached
from active_learning.features.texts import text_hash
from active_learning.models import ProposedTask, RoundState, VectorSet
from active_learning.own_vectors import Rows, Stored, VectorsGoneError, file_of, write_array
from active_learning.vector_files import ROWS_AT_A_TIME
from annotation import lowering
from annotation.models import Campaign, Clip, Task
from annotation.transcripts import plain, spoken_seconds
from audit.log import record
from consent import gate
from consent.models import Consent, Participant, Purpose


class Forgotten(NamedTuple):
    """How many clips there were to forget, and what was found of them."""

    clips: int
    features: int
    own: int
    predictions: int


def forget(consent: Consent) -> Forgotten:
    """Forget the clips of a participant that nothing allows any more; say what was found.

    A clip stays known as long as everybody in it allows some purpose. What a campaign's learner
    foretold goes with the campaign's own purpose.
    """
    person = consent.participant
    clips = {clip.pk: clip for clip in _not_allowed(person)}
    found = Forgotten(
        clips=len(clips),
        features=sum(map(_forget_features, clips.values())),
        own=_forget_own(clips),
        predictions=_forget_predictions(person),
    )
    if any(found):
        with transaction.atomic():
            record(None, "clips.forgotten", person, consent=consent.pk, **found._asdict())
    return found


def _not_allowed(person: Participant) -> Iterator[Clip]:
    for clip in person.clips.prefetch_related("participants"):
        people = frozenset(one.pk for one in clip.participants.all())
        allowed = gate.deadlines(people)
        if not any(gate.row_deadline(people, purpose, allowed) for purpose in Purpose.values):
            yield clip


def _forget_features(clip: Clip) -> int:
    """Remove the cached vectors of a clip, and of what is said in it."""
    folder = Path(settings.FEATURE_ROOT)
    found = forget_cached(clip.sha256, folder)
    if transcript := str(clip.layers.get("transcript", "")):
        said = text_hash(plain(transcript), spoken_seconds(transcript))
        found += forget_cached(said, folder)
    return found


def _forget_own(clips: dict[int, Clip]) -> int:
    """Take the clips out of all versions of the vectors that were brought for them."""
    collections = {clip.collection for clip in clips.values()}
    sets = [row for collection in collections for row in collection.vector_sets.all()]
    return sum(_take_out(row, sorted(clips)) for row in sets)


def _take_out(row: VectorSet, gone: list[int]) -> int:
    """Write a set anew without some clips, and remove the old files; return how many it had.

    The new files have names of their own, so that the set is whole at every moment. One that
    cannot be read is of no use to anybody, and goes.
    """
    try:
        stored = Stored(row)
    except VectorsGoneError:
        _remove_files(row, but=[])
        return 0
    stays = ~np.isin(stored.clips, gone)
    if found := int((~stays).sum()):
        row.n -= found
        row.sha256 = hashlib.sha256(f"{row.sha256} without {gone}".encode()).hexdigest()
        write_array(file_of(row, "clips"), stored.clips[stays])
        _write_some(file_of(row, "vectors"), stored.rows, stays)
        row.save(update_fields=["n", "sha256"])
    _remove_files(row, but=[file_of(row, "clips"), file_of(row, "vectors")])
    return found


def _write_some(file: Path, rows: Rows, stays: npt.NDArray[np.bool_]) -> None:
    """Write the rows that stay, a few at a time."""
    shape = (int(stays.sum()), rows.shape[1])
    header = {"descr": "<f4", "fortran_order": False, "shape": shape}
    with writing.at_once(file) as part:
        np.lib.format.write_array_header_1_0(part, header)
        for start in range(0, len(rows), ROWS_AT_A_TIME):
            some = slice(start, start + ROWS_AT_A_TIME)
            part.write(rows[some][stays[some]].tobytes())


def _remove_files(row: VectorSet, *, but: list[Path]) -> None:
    """Remove a set's files but those of its present name, also what a dead worker left."""
    fingerprint = "[0-9a-f]" * 16
    for file in file_of(row, "clips").parent.glob(f"{row.key}-{fingerprint}.*.npy"):
        if file not in but:
            file.unlink(missing_ok=True)


def _forget_predictions(person: Participant) -> int:
    """Take the person's tasks out of what rounds foretold, and off the tasks themselves."""
    shown = Task.objects.filter(pk__in=Task.showing([person]).values("pk"))
    gone = set(shown.values_list("pk", flat=True)) - set(
        shown.cleared().values_list("pk", flat=True)
    )
    Task.objects.filter(pk__in=gone).update(suggestion=None)
    ProposedTask.objects.filter(task__in=gone).delete()
    campaigns = Campaign.objects.filter(pk__in=shown.values("campaign"))
    return sum(_forget_foretold(campaign, gone) for campaign in campaigns)


def _forget_foretold(campaign: Campaign, gone: Collection[int]) -> int:
    lowering.restore(campaign, gone)
    found = sum(foretold.take_out(row, gone) for row in campaign.rounds.done())
    last = campaign.rounds.first()
    if last and last.state != RoundState.RUNNING:
        # A round that nobody went on with may have left vectors of its clips.
        records.drop_chunks(last)
    return found
