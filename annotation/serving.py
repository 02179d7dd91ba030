"""Which task an annotator gets next, and the leases that keep it for them.

Rows are locked without their keys (`no_key`): who adds a label or an assignment that refers to a
locked row need not wait, and two who refer to each other's rows cannot lock each other out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from annotation import chance, releasing, resting
from annotation.models import (
    Assignment,
    Audience,
    Campaign,
    CampaignState,
    Care,
    Member,
    Task,
    TaskClip,
    Veil,
)
from annotation.models.task import TaskQuerySet
from annotation.resting import Limits, Rest
from audit.log import Entry, record_many

MOST_AT_ONCE = 10
States = Assignment.State


class NotInvitedError(Exception):
    """The campaign does not ask for the labels of this person."""


@dataclass(frozen=True)
class Nothing:
    """Why there is no assignment, and in how many seconds to ask again."""

    reason: str
    retry_after: int | None
    rest: Rest | None = None

    @property
    def why(self) -> str:
        """Which limit a break comes from."""
        return self.rest.kind if self.rest else ""


@transaction.atomic
def next_assignments(campaign: Campaign, annotator: User, want: int = 1) -> list[Assignment]:
    """Return the annotator's live leases, filled up to `want` with the most wanted tasks."""
    return lease(campaign, seat(campaign, annotator), want)


def seat(campaign: Campaign, annotator: User) -> Member:
    """Return the annotator's seat in the campaign, locked until the transaction ends.

    What they will not see and how long they have worked is locked with it, as `member.user.care`.
    """
    locked = Member.objects.select_related("user__care").select_for_update(
        of=("self", "user__care"), no_key=True
    )
    seats = locked.filter(campaign=campaign, user=annotator, user__care__isnull=False)
    member = seats.first()
    invited = member is not None or campaign.members.filter(user=annotator).exists()
    if not _is_asked(campaign, annotator, invited=invited):
        raise NotInvitedError
    if member is None:
        Member.objects.get_or_create(campaign=campaign, user=annotator)
        Care.objects.get_or_create(user=annotator)
        member = seats.get()
    member.campaign = campaign
    return member


def lease(campaign: Campaign, member: Member, want: int) -> list[Assignment]:
    """Return the live leases of a locked seat, filled up to `want`; called in a transaction."""
    now = timezone.now()
    care, limits = member.user.care, Limits.of(campaign)
    before = _stored(care)
    resting.arrive(care, limits, now)
    held = _held(campaign, member.user, now)
    missing = min(want, MOST_AT_ONCE) - len(held)
    if missing > 0 and campaign.is_running:
        if rest := resting.due(care, limits, now):
            # What is in hand may be finished first; the break begins when the hand is empty.
            if not held:
                resting.impose(care, rest)
        else:
            held = held + _lease(campaign, member, missing, now)
    resting.go_on(care, campaign, held, now)
    if _stored(care) != before:
        care.save()
    return held


def _stored(care: Care) -> dict[str, Any]:
    return {field.attname: getattr(care, field.attname) for field in care._meta.concrete_fields}


def _lease(campaign: Campaign, member: Member, missing: int, now: datetime) -> list[Assignment]:
    tasks = _pick(campaign, member.user, missing)
    if not tasks and releasing.release_overdue(campaign):
        tasks = _pick(campaign, member.user, missing)
    care = member.user.care
    tasks = _up_to_a_break(tasks, resting.room_for_flagged(care, Limits.of(campaign)))
    if tasks:
        care.flagged += sum(task.flags > 0 for task in tasks)
        care.on_break = ""
    return assign(campaign, member, tasks, now)


def _up_to_a_break(tasks: list[Task], room: float) -> list[Task]:
    """Return the first of `tasks`, with no more flagged ones than there is room for."""
    kept: list[Task] = []
    for task in tasks:
        room -= task.flags > 0
        if room < 0:
            break
        kept.append(task)
    return kept


def why_nothing(campaign: Campaign, annotator: User) -> Nothing:
    """Return why the annotator gets no task."""
    if campaign.state == CampaignState.FINISHED:
        return Nothing("done", None)
    if not campaign.is_running:
        return Nothing("waiting", 60)
    care = resting.care_of(annotator)
    unseen = campaign.tasks.asked_of(annotator).cleared().unseen_by(annotator)
    mine_to_come = unseen.sparing(care.opt_outs)
    if (rest := resting.due(care, Limits.of(campaign), timezone.now())) and mine_to_come.exists():
        return Nothing("break", rest.seconds, rest)
    if mine_to_come.filter(live__lt=F("target")).exists():
        return Nothing("waiting", 1)
    in_hand = Assignment.objects.leased().filter(task=OuterRef("pk"))
    if mine_to_come.filter(Exists(in_hand)).exists():
        return Nothing("waiting", 15)
    return Nothing("done", None)


def _is_asked(campaign: Campaign, annotator: User, *, invited: bool) -> bool:
    if not annotator.is_annotator:
        return False
    if campaign.audience == Audience.CROWD:
        return True
    return invited or (campaign.audience == Audience.EXPERT and annotator.is_expert)


def _held(campaign: Campaign, annotator: User, now: datetime) -> list[Assignment]:
    held = list(
        Assignment.objects.live(now)
        .filter(campaign=campaign, annotator=annotator, task__cleared_until__gt=now)
        .sparing(annotator.care.opt_outs)
        .select_related("task__clip")
        .order_by("pk")
    )
    full = timedelta(seconds=campaign.lease_seconds)
    if any(assignment.lease_expires_at - now < full / 2 for assignment in held):
        keys = [assignment.pk for assignment in held]
        Assignment.objects.filter(pk__in=keys).update(lease_expires_at=now + full)
        for assignment in held:
            assignment.lease_expires_at = now + full
    _load_companions([assignment.task for assignment in held])
    return held


def _pick(campaign: Campaign, annotator: User, n: int) -> list[Task]:
    """Walk the queue's index to the `n` most wanted tasks that nobody else is taking just now.

    An expert is first given what the crowd could not settle.
    """
    tasks: list[Task] = []
    if annotator.is_expert:
        tasks = _walk(campaign.tasks.awaiting_experts(), annotator, n)
    if len(tasks) < n:
        tasks += _walk(campaign.tasks.wanting_labels(), annotator, n - len(tasks))
    _load_companions(tasks)
    return tasks


def _walk(queue: TaskQuerySet, annotator: User, n: int) -> list[Task]:
    return list(
        queue.cleared()
        .unseen_by(annotator)
        .sparing(annotator.care.opt_outs)
        .most_wanted_first()
        .select_related("clip")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:n]
    )


def _load_companions(tasks: list[Task]) -> None:
    """Load what comparisons show beside their first clip; asks nothing where none is one."""
    several = [task for task in tasks if task.n_clips > 1]
    prefetch_related_objects(
        several, Prefetch("companions", TaskClip.objects.select_related("clip"))
    )


def assign(
    campaign: Campaign, member: Member, tasks: list[Task], now: datetime
) -> list[Assignment]:
    """Lease `tasks`, whose rows are locked, to a locked seat."""
    if not tasks:
        return []
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(live=F("live") + 1)
    orders = chance.options_orders(campaign, member)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=task,
            annotator=member.user,
            leased_at=now,
            lease_expires_at=now + timedelta(seconds=campaign.lease_seconds),
            position=member.served + offset,
            options_order=orders | chance.places_order(campaign, task),
            **chance.plan(campaign, task, member),
            reason=task.reason,
            probability=task.probability,
            flags=task.flags,
            revealed=bool(task.flags) and campaign.veil == Veil.NONE,
        )
        for offset, task in enumerate(tasks, start=1)
    )
    member.served += len(tasks)
    Member.objects.filter(pk=member.pk).update(served=member.served)
    record_many(
        Entry(member.user, "clip.served", assignment, _what(assignment.task))
        for assignment in assignments
    )
    return assignments


def _what(task: Task) -> dict[str, int | list[int]]:
    clips = [clip.pk for clip in task.clips] if task.n_clips > 1 else [task.clip_id]
    return {"clip": clips[0]} if len(clips) == 1 else {"clips": clips}
