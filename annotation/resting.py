"""How long somebody has worked, and when they have earned a break.

Only the server's clock counts, and only time between requests in which clips were in hand and no
break fitted. Every judgement is made anew from what is stored, so that there is no moment at which
a break could fail to end.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from accounts.models import User
from annotation.models import Assignment, Break, Campaign, Care
from annotation.models.care import DAY_HOURS, HOUR
from audit.log import record

# Requests closer than this count together: a script that hurries does not write for each.
MOMENT = 1.0


@dataclass(frozen=True)
class Limits:
    """A campaign's limits in seconds and flagged clips; 0 is none."""

    session: float
    day: float
    flagged: int
    pause: float

    @classmethod
    def of(cls, campaign: Campaign) -> Self:
        return cls(
            60.0 * campaign.session_minutes,
            60.0 * campaign.daily_minutes,
            campaign.flagged_before_break,
            60.0 * campaign.break_minutes,
        )


@dataclass(frozen=True)
class Rest:
    """A break: which limit it comes from, and how many seconds are left of it."""

    kind: str
    seconds: int


def care_of(annotator: User) -> Care:
    """Return the annotator's row, or one that is not stored yet."""
    return getattr(annotator, "care", None) or Care(user=annotator)


def arrive(care: Care, limits: Limits, now: datetime) -> None:
    """Count the time since they were last seen: as work, or as a break that they took."""
    _follow_a_clock_put_back(care, now)
    if care.seen_at is None:
        return
    gap = (now - care.seen_at).total_seconds()
    if care.busy_in_id and gap < limits.pause + care.clip_seconds:
        if gap >= MOMENT:
            _count(care, gap, now)
    elif gap >= limits.pause:
        care.busy_in, care.on_end, care.flagged = None, 0.0, 0


def due(care: Care, limits: Limits, now: datetime) -> Rest | None:
    """Return the break that the person has to take before they are served again, if any."""
    if care.is_simulated or care.seen_at is None:
        return None
    if limits.day and care.day_seconds(now) >= limits.day:
        return _rest(Break.DAY, _until_a_day_has_room(care, limits.day, now))
    pause = limits.pause - (now - care.seen_at).total_seconds()
    if limits.flagged and care.flagged >= limits.flagged:
        return _rest(Break.FLAGGED, min(pause, limits.pause))
    if limits.session and care.on_end >= limits.session:
        return _rest(Break.SESSION, min(pause, limits.pause))
    return None


def room_for_flagged(care: Care, limits: Limits) -> float:
    """Return how many flagged clips may still be served before a break."""
    if care.is_simulated or not limits.flagged:
        return math.inf
    return max(limits.flagged - care.flagged, 0)


def go_on(care: Care, campaign: Campaign, held: Sequence[Assignment], now: datetime) -> None:
    """Note what is in hand from now on."""
    if held:
        if care.busy_in_id is None:
            care.seen_at = now
        care.busy_in = campaign
        care.clip_seconds = max(one.task.clip.duration or 0.0 for one in held)
    elif care.busy_in_id == campaign.pk:
        care.busy_in = None


def impose(care: Care, rest: Rest) -> None:
    """Record a break once, however often they ask during it; called in a transaction."""
    if care.on_break != rest.kind:
        care.on_break = rest.kind
        record(care.user, "care.break", care, kind=rest.kind, seconds=rest.seconds)


def _rest(kind: str, seconds: float) -> Rest | None:
    return Rest(kind, math.ceil(seconds)) if seconds > 0 else None


def _count(care: Care, gap: float, now: datetime) -> None:
    hour = int(now.timestamp() // HOUR)
    kept = {key: seconds for key, seconds in care.hours.items() if int(key) > hour - DAY_HOURS}
    kept[str(hour)] = kept.get(str(hour), 0.0) + gap
    care.hours = kept
    care.on_end += gap
    care.seen_at = now


def _until_a_day_has_room(care: Care, limit: float, now: datetime) -> float:
    worked = care.day_seconds(now)
    oldest = int(now.timestamp() // HOUR) - DAY_HOURS
    for hour in sorted(int(hour) for hour in care.hours if int(hour) > oldest):
        worked -= care.hours[str(hour)]
        if worked < limit:
            return (hour + DAY_HOURS) * HOUR - now.timestamp()
    return 0.0


def _follow_a_clock_put_back(care: Care, now: datetime) -> None:
    """Take over what lies in the future: it neither ends a break nor makes one last for ever."""
    if care.seen_at is None or care.seen_at <= now:
        return
    care.seen_at = now
    hour = int(now.timestamp() // HOUR)
    early = {key: seconds for key, seconds in care.hours.items() if int(key) <= hour}
    late = sum(seconds for key, seconds in care.hours.items() if int(key) > hour)
    if late:
        early[str(hour)] = early.get(str(hour), 0.0) + late
    care.hours = early
