"""What people were shown of flagged clips: each their own in full, a campaign's as totals."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q
from django.utils import timezone

from accounts.models import User
from annotation import flags, resting
from annotation.models import STOPS, Assignment, Campaign, Clip

LATEST = 20
MOST_STOPPED = 20


@dataclass(frozen=True)
class FlagCount:
    """How many clips with one flag somebody was served, and how many of them they uncovered."""

    flag: str
    text: str
    served: int
    revealed: int


@dataclass(frozen=True)
class Exposure:
    """Somebody's own ledger."""

    minutes_in_a_day: int
    minutes_on_end: int
    clips: int
    counts: list[FlagCount]
    latest: list[Assignment]


@dataclass(frozen=True)
class Totals:
    """What the annotators of a campaign were exposed to, all together."""

    clips: int
    served: int
    revealed: int
    stopped: int


def of(annotator: User) -> Exposure:
    """Return what the annotator was shown, for nobody but themselves."""
    care, now = resting.care_of(annotator), timezone.now()
    mine = Assignment.objects.filter(annotator=annotator)
    flagged = mine.filter(flags__gt=0)
    return Exposure(
        minutes_in_a_day=int(care.day_seconds(now) // 60),
        minutes_on_end=int(care.on_end // 60),
        clips=mine.count(),
        counts=_by_flag(flagged),
        latest=list(flagged.select_related("campaign").order_by("-pk")[:LATEST]),
    )


def totals(campaign: Campaign) -> Totals:
    """Return sums over all annotators: nothing is told of one of them."""
    served = campaign.assignments.aggregate(
        flagged=Count("pk", filter=Q(flags__gt=0)),
        revealed=Count("pk", filter=Q(flags__gt=0, revealed=True)),
    )
    return Totals(
        campaign.tasks.filter(flags__gt=0).count(),
        served["flagged"],
        served["revealed"],
        campaign.assignments.filter(skip_reason__in=STOPS).count(),
    )


def stopped_clips(campaign: Campaign) -> list[dict[str, Any]]:
    """Return the clips that most people stopped, so that they can be looked at and flagged."""
    stops = campaign.assignments.filter(skip_reason__in=STOPS).order_by()
    people = stops.values(clip=F("task__clip")).annotate(n=Count("annotator", distinct=True))
    most = list(people.order_by("-n", "clip")[:MOST_STOPPED])
    clips = Clip.objects.in_bulk([row["clip"] for row in most])
    return [{"clip": clips[row["clip"]], "people": row["n"]} for row in most]


def _by_flag(flagged: Any) -> list[FlagCount]:
    served: Counter[str] = Counter()
    revealed: Counter[str] = Counter()
    rows = flagged.order_by().values_list("flags", "revealed").annotate(n=Count("pk"))
    for bits, was_revealed, n in rows:
        for word in flags.words(bits):
            served[word] += n
            revealed[word] += n * was_revealed
    return [
        FlagCount(word, str(text), served[word], revealed[word])
        for word, text in flags.TEXTS.items()
        if served[word]
    ]
