"""Parts of a campaign's labels to be looked at apart: by what is in the clips, and by why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Min

from annotation.agreement.answers import Bools
from annotation.heard import Heard
from annotation.models import Campaign, Label, Reason

KIND, LENGTH, FLAGGED, PICKED, PERSON = "kind", "length", "flagged", "picked", "person"
SHORT, LONG = 3.0, 10.0
BY_CHANCE = (Reason.RANDOM, Reason.AUDIT)
# An attribute with more values than this tells clips apart rather than groups of them.
MOST_VALUES = 8
MOST_ATTRIBUTES = 6
MOST_PERSONS = 12


@dataclass(frozen=True, eq=False)
class Clips:
    """What is known of the clip of each task (n_tasks,), in the order of the tasks heard."""

    rows: list[dict[str, Any]]

    @property
    def persons(self) -> np.ndarray[Any, Any]:
        return np.array([row["code"] for row in self.rows])

    @property
    def kinds(self) -> list[str]:
        return sorted({row["clip__kind"] for row in self.rows})


def clips(campaign: Campaign, said: Heard) -> Clips:
    """Return what is known of the clips that labels were heard of, by one query."""
    rows = campaign.tasks.cleared().order_by().annotate(code=Min("clip__participants__code"))
    names = ("pk", "code", "flags", "clip__kind", "clip__duration", "clip__attributes")
    found = {row[0]: dict(zip(names, row, strict=True)) for row in rows.values_list(*names)}
    return Clips([found.get(task) or _GONE for task in said.tasks])


# A clip whose consent went between two queries: in no part of the whole.
_GONE: dict[str, Any] = {
    "code": "", "flags": 0, "clip__kind": "", "clip__duration": None, "clip__attributes": {},
}  # fmt: skip


def parts(campaign: Campaign, said: Heard, known: Clips) -> Iterator[tuple[str, str, Bools]]:
    """Yield a group, a name in it, and which labels (n_labels,) it has; groups of two and more."""
    task = said.answers.task
    for group, values in _of_clips(known.rows):
        most = MOST_PERSONS if group == PERSON else MOST_VALUES
        counted = Counter(value for value in values if value)
        if len(counted) < 2 or (group.startswith("=") and len(counted) > most):
            continue
        names = sorted(name for name, _n in counted.most_common(most))
        column = np.array(values)
        yield from ((group, name, (column == name)[task]) for name in names)
    yield from _by_reason(campaign, said)


def _of_clips(rows: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    yield KIND, [row["clip__kind"] for row in rows]
    yield LENGTH, [_length(row["clip__duration"]) for row in rows]
    yield FLAGGED, ["yes" if row["flags"] else "no" for row in rows]
    names = Counter(name for row in rows for name in row["clip__attributes"])
    for name, _n in names.most_common(MOST_ATTRIBUTES):
        yield f"={name}", [str(row["clip__attributes"].get(name) or "") for row in rows]
    yield PERSON, [row["code"] or "" for row in rows]


def _length(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return "short" if seconds < SHORT else "medium" if seconds < LONG else "long"


def _by_reason(campaign: Campaign, said: Heard) -> Iterator[tuple[str, str, Bools]]:
    """Yield the labels on clips picked by chance, and those on clips that somebody chose."""
    rows = Label.objects.filter(campaign=campaign, reason__in=BY_CHANCE)
    chosen = list(rows.order_by("pk").values_list("pk", flat=True))
    by_chance = np.isin(said.labels, chosen)
    if by_chance.all() or not by_chance.any():
        return
    yield PICKED, "chance", by_chance
    yield PICKED, "learner", ~by_chance
