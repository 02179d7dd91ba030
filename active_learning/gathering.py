"""The vectors of a snapshot's clips: from consented media alone, cached, in one space."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from django.conf import settings

from active_learning import extracting, own_gathering
from active_learning.features import UnreadableClipError
from active_learning.features.cache import DamagedVectorError, Entry, NotKeptError, kept
from active_learning.features.texts import TEXT_DIMENSION, TEXT_KEY, text_hash, text_vector
from active_learning.gathered import Gathered, Source
from active_learning.snapshots import Snapshot
from annotation.models import Clip, Task
from annotation.transcripts import plain, spoken_seconds

BATCH = 500

Report = Callable[[float, str], None]
Watch = Callable[[int], None]
Look = Callable[[Clip], "list[Source]"]


def gather(snapshot: Snapshot, report: Report, *, without: Iterable[int] = ()) -> Gathered:
    """Read every clip of the snapshot whose people consent now, `without` those left out before.

    Clips that nobody has looked at yet all workers look at. One that cannot be decoded, or that
    the researcher's own vectors leave out, is named in `unreadable` and does without a vector; one
    whose people do not consent is not touched, and its task is in `withheld`.

    Raises:
        VectorsGoneError: the researcher's own vectors are not there any more.
        ExtractorGoneError: what looks at clips is not as it was when the snapshot was taken.
    """
    left_out = set(without)
    tasks = sorted(snapshot.tasks - left_out)

    def count(done: int) -> None:
        report(done / len(tasks), f"{done} of {len(tasks)}")

    if own := snapshot.extractors.get("vectors"):
        brought = own_gathering.find(_collection(snapshot), own, tasks, count)
        brought.withheld.update(left_out)
        return brought
    look, gathered = _space(snapshot)
    gathered.withheld.update(left_out)
    unseen = _fill(gathered, look, tasks, count)
    if unseen:
        seen = len(tasks) - len(unseen)
        extracting.extract(unseen, lambda done: count(seen + done))
        unseen = _fill(gathered, look, unseen)
    # Another worker may have lacked a file that is here.
    extracting.take_part(unseen)
    _fill(gathered, partial(_at_last, look), unseen)
    return gathered


def look_up(snapshot: Snapshot, tasks: Iterable[int]) -> Gathered:
    """Return some tasks of a snapshot, as `gather` did; those not looked at are left out."""
    if own := snapshot.extractors.get("vectors"):
        return own_gathering.find(_collection(snapshot), own, sorted(tasks))
    look, gathered = _space(snapshot)
    _fill(gathered, look, sorted(tasks))
    return gathered


def _fill(
    gathered: Gathered, look: Look, tasks: list[int], watch: Watch = lambda _done: None
) -> list[int]:
    """Find the vectors of `tasks`; return those that nobody has looked at."""
    unseen = []
    for start in range(0, len(tasks), BATCH):
        some = tasks[start : start + BATCH]
        rows = Task.objects.cleared().filter(pk__in=some).select_related("clip").in_bulk()
        gathered.withheld.update(set(some) - set(rows))
        for key in sorted(rows):
            watch(len(gathered.found))
            try:
                gathered.found[key] = look(rows[key].clip)
            except UnreadableClipError as error:
                gathered.unreadable[rows[key].clip.external_id] = str(error)
                gathered.without_vector.add(key)
            except NotKeptError as error:
                unseen.append(key)
                gathered.damaged += isinstance(error, DamagedVectorError)
    return unseen


def _at_last(look: Look, clip: Clip) -> list[Source]:
    try:
        return look(clip)
    except NotKeptError as error:
        why = "Its file cannot be opened. The next round tries again."
        raise UnreadableClipError(why) from error


def missing_consent(tasks: Iterable[int]) -> set[int]:
    """Return those of `tasks` whose people do not allow the campaign's purpose, now."""
    wanted = sorted(tasks)
    cleared: set[int] = set()
    for start in range(0, len(wanted), BATCH):
        rows = Task.objects.cleared().filter(pk__in=wanted[start : start + BATCH])
        cleared.update(rows.values_list("pk", flat=True))
    return set(wanted) - cleared


def _space(snapshot: Snapshot) -> tuple[Look, Gathered]:
    """Where the vectors of the snapshot's clips come from, and the space for them."""
    extracting.require(snapshot.extractors, snapshot.kinds)
    extractors = extracting.extractors()
    blocks = {str(kind): extractors[kind].dimension for kind in snapshot.kinds}
    flagged = list(blocks) if len(blocks) > 1 else []
    if "text" not in snapshot.extractors:
        return _extracted, Gathered(blocks, flagged)
    return _with_text, Gathered(blocks | {"text": TEXT_DIMENSION}, flagged)


def _extracted(clip: Clip) -> list[Source]:
    width = len(extracting.vector_of(clip))
    return [Source(clip.kind, width, extracting.reading(clip))]


def _with_text(clip: Clip) -> list[Source]:
    sources = _extracted(clip)
    transcript = str(clip.layers.get("transcript", ""))
    if not transcript:
        return sources
    said, seconds = plain(transcript), spoken_seconds(transcript)
    folder = Path(settings.FEATURE_ROOT)
    entry = Entry(text_hash(said, seconds), TEXT_KEY, TEXT_DIMENSION, folder)
    read = partial(kept, entry, partial(text_vector, said, seconds))
    return [*sources, Source("text", TEXT_DIMENSION, read)]


def _collection(snapshot: Snapshot) -> int:
    """The collection of the snapshot's clips: a campaign has but one."""
    clips = Clip.objects.filter(tasks__in=list(snapshot.tasks)[:1])
    return clips.values_list("collection", flat=True)[0]
