"""Lets all workers look at clips, each clip once; what is seen is kept on disk."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from django.conf import settings

from active_learning.features import Extractor, Kind, UnreadableClipError, Vector, looking
from active_learning.features.cache import Entry, NotKeptError, kept
from active_learning.features.looking import ExtractorChangedError
from active_learning.features.networks import NetworkRefusedError, Networks
from active_learning.features.texts import TEXT_KEY
from active_learning.snapshots import SnapshotGoneError
from annotation.models import Clip, Task
from jobs import sharing

KIND = "clip-part"
PART = 64  # Clips: a few seconds of photographs, half a minute of films.

Watch = Callable[[int], None]


class ExtractorGoneError(SnapshotGoneError):
    """What looks at clips is not here, or not as it was when the round began."""


def extract(tasks: Sequence[int], watch: Watch) -> None:
    """Have the clips of some tasks looked at, here and by other workers.

    What is kept then, a vector or the reason why there is none, `vector_of` tells.

    Args:
        tasks: in any order; those whose people do not consent are left alone.
        watch: is told now and then how many of them are done.
    """
    cut = [tasks[start : start + PART] for start in range(0, len(tasks), PART)]
    if len(cut) == 1:  # It is not worth telling anybody of.
        take_part(tasks, watch)
        return
    parts = {_name(part): {"tasks": list(part)} for part in cut}
    sharing.share(
        KIND,
        parts,
        lambda number: take_part(cut[number]),
        lambda done: watch(min(done * PART, len(tasks))),
    )


def take_part(tasks: Sequence[int], watch: Watch = lambda _done: None) -> None:
    """Look at the clips of some tasks that nobody has looked at."""
    for number, key in enumerate(tasks):
        watch(number)
        # Asked for one by one: consent that is taken back meanwhile is heeded.
        for task in Task.objects.cleared().filter(pk=key).select_related("clip"):
            _see(task.clip)


def vector_of(clip: Clip) -> Vector:
    """Return the vector (d,) that is kept of a clip.

    Raises:
        UnreadableClipError: the clip was looked at, and has none.
        NotKeptError: it was not looked at yet, or what was kept is damaged.
    """
    return _entry(clip).read()


def reading(clip: Clip) -> Callable[[], Vector]:
    """Return what reads a clip's vector, and makes it anew should it be damaged by then."""
    return partial(kept, _entry(clip), partial(_look, clip))


def extractors() -> dict[Kind, Extractor]:
    """Return the extractor of each kind of clip, by the operator's networks where they are set.

    Raises:
        ExtractorGoneError: a network cannot be used.
    """
    networks = (Path(path) if path else None for path in settings.NETWORKS.values())
    try:
        return looking.extractors(Networks(*networks))
    except NetworkRefusedError as error:
        raise ExtractorGoneError(str(error)) from error


def require(names: Mapping[str, str], kinds: Iterable[Kind]) -> None:
    """See to it that clips of some kinds, and transcripts, are looked at as a snapshot says.

    Raises:
        ExtractorGoneError: another extractor, or another version of it, is here now.
    """
    now = extractors()
    wanted = {kind: (names[kind], now[kind].key) for kind in kinds}
    wanted |= {"text": (names.get("text", TEXT_KEY), TEXT_KEY)}  # type: ignore[dict-item]
    for what, (then, here) in wanted.items():
        if then != here:
            raise ExtractorGoneError(
                f"The features {then} are no longer here; {what} clips have {here} now."
            )


def _see(clip: Clip) -> None:
    with suppress(UnreadableClipError):
        try:
            vector_of(clip)
        except NotKeptError:
            _keep(clip)


def _keep(clip: Clip) -> None:
    try:
        vector = _look(clip)
    except UnreadableClipError as error:
        # A file that is not here, or may not be read, says nothing of the clip.
        if os.access(clip.media_path, os.R_OK):
            _entry(clip).refuse(str(error))
    else:
        _entry(clip).write(vector)


def _look(clip: Clip) -> Vector:
    try:
        return _extractor(clip)(clip.media_path)
    except ExtractorChangedError as error:
        raise ExtractorGoneError(f"{error} Restart the workers, then run a round.") from error


def _entry(clip: Clip) -> Entry:
    extractor = _extractor(clip)
    return Entry(clip.sha256, extractor.key, extractor.dimension, Path(settings.FEATURE_ROOT))


def _extractor(clip: Clip) -> Extractor:
    kind: Kind = clip.kind  # type: ignore[assignment] # The column's choices are these words.
    return extractors()[kind]


def _name(tasks: Sequence[int]) -> str:
    keys = sorted(one.key for one in extractors().values())
    return f"{KIND}:{hashlib.sha256(repr((keys, tasks)).encode()).hexdigest()[:32]}"
