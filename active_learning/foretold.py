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
from typing import TYPE_CHECKING

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


def keep(row: Round, outcome: Outcome) -> str:
    """Write the predictions for clips without labels; return the file's name, "" if none."""
    if not len(outcome.predictions) or not outcome.is_new.any():
        return ""
    new = np.flatnonzero(outcome.is_new)
    tasks = np.array(outcome.tasks, dtype=np.int64)[new]
    name = f"campaign-{row.campaign_id}/round-{row.number}-foretold.npz"
    with writing.at_once(Path(settings.LEARNER_ROOT) / name) as file:
        np.savez_compressed(file, tasks=tasks, predictions=outcome.predictions[new])
    return name


def of(row: Round, wanted: Collection[int] | None = None) -> dict[int, Floats]:
    """Return what a round foretold, by task, of those `wanted`; nothing where its file is gone.

    A damaged file is as good as gone: what it foretold judges nobody.
    """
    name = row.manifest.get("foretold", "")
    if not name:
        return {}
    try:
        with (Path(settings.LEARNER_ROOT) / name).open("rb") as file:
            kept = np.load(file, allow_pickle=False)
            tasks, predictions = kept["tasks"], kept["predictions"]
    except UNREADABLE:
        return {}
    if wanted is not None:
        chosen = np.isin(tasks, np.fromiter(wanted, dtype=np.int64))
        tasks, predictions = tasks[chosen], predictions[chosen]
    return dict(zip(tasks.tolist(), predictions, strict=True))


def by_round(campaign: Campaign) -> Iterator[tuple[datetime, dict[int, Floats]]]:
    """Yield when each of the last rounds was in force from, and what it foretold; oldest first."""
    last = list(campaign.rounds.done().order_by("-number")[:ROUNDS])
    for row in reversed(last):
        if row.finished_at and (foretold := of(row)):
            yield row.finished_at, foretold
