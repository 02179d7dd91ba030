"""Which task an annotator gets next, and the leases that keep it for them.

Rows are locked without their keys (`no_key`): who adds a label or an assignment that refers to a
locked row need not wait, and two who refer to each other's rows cannot lock each other out.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts.models import User
from annotation import scheme
from annotation.models import Assignment, Audience, Campaign, CampaignState, Member, Task
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


@transaction.atomic
def next_assignments(campaign: Campaign, annotator: User, want: int = 1) -> list[Assignment]:
    """Return the annotator's live leases, filled up to `want` with the most wanted tasks."""
    return lease(campaign, seat(campaign, annotator), want)


def seat(campaign: Campaign, annotator: User) -> Member:
    """Return the annotator's seat in the campaign, locked until the transaction ends."""
    seats = Member.objects.select_for_update(of=("self",), no_key=True)
    member = seats.filter(campaign=campaign, user=annotator).first()
    if not _is_asked(campaign, annotator, invited=member is not None):
        raise NotInvitedError
    if member is None:
        member, _created = seats.get_or_create(campaign=campaign, user=annotator)
    member.campaign, member.user = campaign, annotator
    return member


def lease(campaign: Campaign, member: Member, want: int) -> list[Assignment]:
    """Return the live leases of a locked seat, filled up to `want`; called in a transaction."""
    now = timezone.now()
    held = _held(campaign, member.user, now)
    missing = min(want, MOST_AT_ONCE) - len(held)
    if missing <= 0 or not campaign.is_running:
        return held
    tasks = _pick(campaign, member.user, missing)
    if not tasks and release_overdue(campaign):
        tasks = _pick(campaign, member.user, missing)
    return held + assign(campaign, member, tasks, now)


def why_nothing(campaign: Campaign, annotator: User) -> Nothing:
    """Return why the annotator gets no task."""
    if campaign.state == CampaignState.FINISHED:
        return Nothing("done", None)
    if not campaign.is_running:
        return Nothing("waiting", 60)
    mine_to_come = campaign.tasks.filter(retired=False).cleared().unseen_by(annotator)
    if mine_to_come.wanting_labels().exists():
        return Nothing("waiting", 1)
    in_hand = Assignment.objects.leased().filter(task=OuterRef("pk"))
    if mine_to_come.filter(Exists(in_hand)).exists():
        return Nothing("waiting", 15)
    return Nothing("done", None)


@transaction.atomic
def renew(assignment_id: int, annotator: User) -> datetime | None:
    """Extend a lease that is still live, and return until when; None where it is gone."""
    assignment = (
        Assignment.objects.live()
        .filter(pk=assignment_id, annotator=annotator, task__cleared_until__gt=timezone.now())
        .select_related("campaign")
        .first()
    )
    if assignment is None:
        return None
    until = timezone.now() + timedelta(seconds=assignment.campaign.lease_seconds)
    kept = Assignment.objects.live().filter(pk=assignment.pk).update(lease_expires_at=until)
    return until if kept else None


@transaction.atomic
def release_overdue(campaign: Campaign | None = None) -> int:
    """Give back the tasks whose lease ran out, and return how many."""
    overdue = Assignment.objects.overdue()
    if campaign is not None:
        overdue = overdue.filter(campaign=campaign)
    return release(overdue.order_by("task_id", "pk")[:1000], States.EXPIRED)


@transaction.atomic
def release_blocked() -> int:
    """End the leases on clips that lost their consent, and return how many."""
    blocked = Assignment.objects.leased().exclude(task__cleared_until__gt=timezone.now())
    return release(blocked.order_by("task_id", "pk")[:1000], States.WITHDRAWN)


def release(assignments: Iterable[Assignment], state: str) -> int:
    """End leases with `state` and make their places free again."""
    found = (
        Assignment.objects.leased()
        .filter(pk__in=[assignment.pk for assignment in assignments])
        .select_related("task")
        .select_for_update(skip_locked=True, of=("self", "task"), no_key=True)
    )
    locked = {assignment.pk: assignment.task_id for assignment in found}
    Assignment.objects.filter(pk__in=locked).update(state=state, closed_at=timezone.now())
    free_places(Counter(locked.values()))
    return len(locked)


def free_places(places: Mapping[int, int]) -> None:
    """Give back so many places of each task, locking the tasks in one order for everybody."""
    tasks = Task.objects.filter(pk__in=places)
    list(tasks.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    by_number: dict[int, list[int]] = defaultdict(list)
    for task, number in places.items():
        by_number[number].append(task)
    for number, keys in by_number.items():
        Task.objects.filter(pk__in=keys).update(live=F("live") - number)


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
        .select_related("task__clip")
        .order_by("pk")
    )
    full = timedelta(seconds=campaign.lease_seconds)
    if any(assignment.lease_expires_at - now < full / 2 for assignment in held):
        keys = [assignment.pk for assignment in held]
        Assignment.objects.filter(pk__in=keys).update(lease_expires_at=now + full)
        for assignment in held:
            assignment.lease_expires_at = now + full
    return held


def _pick(campaign: Campaign, annotator: User, n: int) -> list[Task]:
    """Walk the queue's index to the `n` most wanted tasks that nobody else is taking just now."""
    return list(
        campaign.tasks.wanting_labels()
        .cleared()
        .unseen_by(annotator)
        .most_wanted_first()
        .select_related("clip")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:n]
    )


def assign(
    campaign: Campaign, member: Member, tasks: list[Task], now: datetime
) -> list[Assignment]:
    """Lease `tasks`, whose rows are locked, to a locked seat."""
    if not tasks:
        return []
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(live=F("live") + 1)
    orders = options_orders(campaign, member)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=task,
            annotator=member.user,
            leased_at=now,
            lease_expires_at=now + timedelta(seconds=campaign.lease_seconds),
            position=member.served + offset,
            options_order=orders,
            reason=task.reason,
            probability=task.probability,
        )
        for offset, task in enumerate(tasks, start=1)
    )
    member.served += len(tasks)
    Member.objects.filter(pk=member.pk).update(served=member.served)
    record_many(
        Entry(member.user, "clip.served", assignment, {"clip": assignment.task.clip_id})
        for assignment in assignments
    )
    return assignments


def options_orders(campaign: Campaign, member: Member) -> dict[str, list[str]]:
    """Return the order in which this annotator sees the options: random, the same all along."""
    chance = random.Random(f"{campaign.seed}:{campaign.pk}:{member.user_id}")  # noqa: S311
    return scheme.orders(campaign.scheme.questions, chance)
