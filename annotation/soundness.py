"""Checks the promises of the database against its rows, and against what clients were told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from uuid import UUID

from django.db.models import Count, F, Q

from annotation.models import Assignment, Campaign, Label

BATCH = 500


@dataclass(frozen=True)
class Findings:
    """How often each promise is broken: all zeros is sound."""

    lost: int
    doubled: int
    over_filled: int
    miscounted: int
    labelled_twice: int

    @property
    def is_sound(self) -> bool:
        return not any(asdict(self).values())


def examine(campaign: Campaign, acknowledged: Collection[UUID] = ()) -> Findings:
    """Compare a campaign's rows with each other and with the submissions that were acknowledged."""
    stored = _stored(campaign, acknowledged)
    holding = [Assignment.State.LEASED, Assignment.State.LABELLED]
    taken = Q(assignments__state__in=holding, assignments__probe="")
    tasks = campaign.tasks.annotate(taken=Count("assignments", filter=taken))
    twice = Label.objects.standing().filter(campaign=campaign).values("task", "annotator", "step")
    return Findings(
        lost=sum(1 for key in acknowledged if key not in stored),
        doubled=sum(count - 1 for count in stored.values()),
        over_filled=tasks.filter(taken__gt=F("target")).count(),
        miscounted=tasks.exclude(taken=F("live")).count(),
        labelled_twice=twice.annotate(n=Count("pk")).filter(n__gt=1).count(),
    )


def _stored(campaign: Campaign, acknowledged: Collection[UUID]) -> dict[UUID, int]:
    stored: dict[UUID, int] = {}
    keys = list(acknowledged)
    for start in range(0, len(keys), BATCH):
        rows = Label.objects.filter(campaign=campaign, client_id__in=keys[start : start + BATCH])
        for key in rows.values_list("client_id", flat=True):
            stored[key] = stored.get(key, 0) + 1
    return stored
