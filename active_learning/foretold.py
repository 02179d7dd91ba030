"""What each round's learner foretold of clips that nobody had labelled: kept to be held against.

A prediction for a clip without labels cannot lean on them, so that later labels can judge it, and
it can judge them.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt
from django.conf import settings

from active_learning import writing
from active_learning.models import Round
from annotation.models import Campaign

if TYPE_CHECKING:
    # What serves the web loads no learner.
    from active_learning.computing import Outcome

Floats = npt.NDArray[np.float64]
# Older rounds' learners knew too little to be copied, or heard.
ROUNDS = 20
UNREADABLE = (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error)


class Kept(NamedTuple):
    """What a round foretold: of each task (n,) the probabilities (n, K)."""

    tasks: npt.NDArray[np.int64]
    predictions: Floats


def keep(row: Round, outcome: Outcome) -> str:
    """Write the predictions for clips without labels; return the file's name, "" if none."""
    if not len(outcome.predictions) or not outcome.is_new.any():
        return ""
    new = np.flatnonzero(outcome.is_new)
    name = f"campaign-{row.campaign_id}/round-{row.number}-foretold.npz"
    tasks = np.array(outcome.tasks, dtype=np.int64)[new]
    _write(Path(settings.LEARNER_ROOT) / name, Kept(tasks, outcome.predictions[new]))
    return name


def of(row: Round, wanted: Collection[int] | None = None) -> dict[int, Floats]:
    """Return what a round foretold, by task, of those `wanted`; nothing where its file is gone.

    A damaged file is as good as gone: what it foretold judges nobody.
    """
    path = _path(row)
    kept = _read(path) if path else None
    if kept is None:
        return {}
    tasks, predictions = kept
    if wanted is not None:
        chosen = np.isin(tasks, np.fromiter(wanted, dtype=np.int64))
        tasks, predictions = tasks[chosen], predictions[chosen]
    return dict(zip(tasks.tolist(), predictions, strict=True))


def take_out(row: Round, gone: Collection[int]) -> int:
    """Remove what a round foretold of the tasks `gone`; return of how many it was.

    A damaged file is removed whole: nobody can say of whom it speaks.
    """
    path = _path(row)
    if path is None or not path.exists():
        return 0
    kept = _read(path)
    if kept is None:
        path.unlink(missing_ok=True)
        return 0
    stays = ~np.isin(kept.tasks, np.fromiter(gone, dtype=np.int64))
    if not stays.all():
        _write(path, Kept(kept.tasks[stays], kept.predictions[stays]))
    return int((~stays).sum())


def by_round(campaign: Campaign) -> Iterator[tuple[datetime, dict[int, Floats]]]:
    """Yield when each of the last rounds was in force from, and what it foretold; oldest first."""
    last = list(campaign.rounds.done().order_by("-number")[:ROUNDS])
    for row in reversed(last):
        if row.finished_at and (foretold := of(row)):
            yield row.finished_at, foretold


def _path(row: Round) -> Path | None:
    name = row.manifest.get("foretold", "")
    return Path(settings.LEARNER_ROOT) / name if name else None


def _read(path: Path) -> Kept | None:
    try:
        with path.open("rb") as file:
            kept = np.load(file, allow_pickle=False)
            return Kept(kept["tasks"], kept["predictions"])
    except UNREADABLE:
        return None


def _write(path: Path, kept: Kept) -> None:
    with writing.at_once(path) as file:
        np.savez_compressed(file, tasks=kept.tasks, predictions=kept.predictions)
