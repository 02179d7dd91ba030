"""What each round's learner foretold of clips that nobody had labelled: kept to be held against.

A prediction for a clip without labels cannot lean on them, so that later labels can judge it, and
it can judge them.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from django.conf import settings

from active_learning.models import Round
from annotation.models import Campaign

if TYPE_CHECKING:
    # What serves the web loads no learner.
    from active_learning.computing import Outcome

Floats = npt.NDArray[np.float64]
# Older rounds' learners knew too little to be copied, or heard.
ROUNDS = 20


def keep(row: Round, outcome: Outcome) -> str:
    """Write the predictions for clips without labels; return the file's name, "" if none."""
    if not len(outcome.predictions) or not outcome.is_new.any():
        return ""
    new = np.flatnonzero(outcome.is_new)
    content = io.BytesIO()
    tasks = np.array(outcome.tasks, dtype=np.int64)[new]
    np.savez_compressed(content, tasks=tasks, predictions=outcome.predictions[new])
    path = Path(settings.LEARNER_ROOT) / f"campaign-{row.campaign_id}"
    path.mkdir(parents=True, exist_ok=True)
    path = path / f"round-{row.number}-foretold.npz"
    part = path.with_suffix(".part")
    part.write_bytes(content.getvalue())
    part.replace(path)
    return str(path.relative_to(settings.LEARNER_ROOT))


def of(row: Round, wanted: Collection[int] | None = None) -> dict[int, Floats]:
    """Return what a round foretold, by task, of those `wanted`; nothing where its file is gone."""
    name = row.manifest.get("foretold", "")
    path = Path(settings.LEARNER_ROOT) / name
    if not name or not path.exists():
        return {}
    with np.load(path, allow_pickle=False) as kept:
        tasks, predictions = kept["tasks"], kept["predictions"]
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
