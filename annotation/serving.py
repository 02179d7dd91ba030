"""Which task an annotator gets next, and the leases that keep it for them.

Rows are locked without their keys (`no_key`): who adds a label or an assignment that refers to a
locked row need not wait, and two who refer to each other's rows cannot lock each other out.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from annotation import chance, probing, releasing, resting
from annotation.models import (
    Assignment,
    Audience,
    Campaign,
    Care,
    Member,
    Probe,
    Standing,
    Task,
    TaskClip,
    Veil,
)
from annotation.models.task import TaskQuerySet
from annotation.probing import Turn
from annotation.resting import Limits
from audit.log import Entry, record_many

MOST_AT_ONCE = 10
# The reason of a selection that is none: the clip was not picked to be labelled.
PROBE = "probe"
States = Assignment.State


class NotInvitedError(Exception):
    """The campaign does not ask for the labels of this person."""


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
    if missing > 0 and campaign.is_running and member.standing == Standing.WORKING:
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
    probes = probing.due(campaign, member, missing)
    # Nobody is tested or taught for a campaign that has nothing left for them.
    wanted = max(probes.count(Probe.NONE), 1)
    tasks = _pick(campaign, member.user, wanted)
    if not tasks and releasing.release_overdue(campaign):
        tasks = _pick(campaign, member.user, wanted)
    if not tasks:
        return []
    turns = [Turn(task) for task in tasks]
    if any(probes):
        queued = [task.pk for task in tasks]
        turns = _in_turn(probing.pick(campaign, member, probes, queued), turns)
    care = member.user.care
    turns = _up_to_a_break(turns[:missing], resting.room_for_flagged(care, Limits.of(campaign)))
    if turns:
        care.flagged += sum(turn.task.flags > 0 for turn in turns)
        care.on_break = ""
    return assign(campaign, member, turns, now)


def _in_turn(probes: list[Turn | None], wanted: list[Turn]) -> list[Turn]:
    """Return probes where they are due and could be found, and in between what is wanted."""
    rest = iter(wanted)
    turns = [probe or next(rest, None) for probe in probes]
    return [turn for turn in turns if turn is not None]


def _up_to_a_break(turns: list[Turn], room: float) -> list[Turn]:
    """Return the first of `turns`, with no more flagged clips than there is room for."""
    kept: list[Turn] = []
    for turn in turns:
        room -= turn.task.flags > 0
        if room < 0:
            break
        kept.append(turn)
    return kept


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
    campaign: Campaign, member: Member, turns: list[Turn], now: datetime
) -> list[Assignment]:
    """Lease what is due to a locked seat; the tasks that want labels are locked, too."""
    if not turns:
        return []
    places = [turn.task.pk for turn in turns if not turn.probe]
    Task.objects.filter(pk__in=places).update(live=F("live") + 1)
    orders = chance.options_orders(campaign, member)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=turn.task,
            annotator=member.user,
            leased_at=now,
            lease_expires_at=now + timedelta(seconds=campaign.lease_seconds),
            position=member.served + offset,
            options_order=orders | chance.places_order(campaign, turn.task),
            **chance.plan(campaign, turn.task, member, is_probe=bool(turn.probe)),
            probe=turn.probe,
            asked_for=turn.asked_for,
            reason=PROBE if turn.probe else turn.task.reason,
            probability=None if turn.probe else turn.task.probability,
            flags=turn.task.flags,
            revealed=bool(turn.task.flags) and campaign.veil == Veil.NONE,
        )
        for offset, turn in enumerate(turns, start=1)
    )
    member.served += len(turns)
    member.trained += sum(turn.probe == Probe.TRAINING for turn in turns)
    member.tested += sum(turn.probe == Probe.GOLD for turn in turns)
    Member.objects.filter(pk=member.pk).update(
        served=member.served, trained=member.trained, tested=member.tested
    )
    record_many(
        Entry(member.user, "clip.served", assignment, _what(assignment.task))
        for assignment in assignments
    )
    return assignments


def _what(task: Task) -> dict[str, int | list[int]]:
    clips = [clip.pk for clip in task.clips] if task.n_clips > 1 else [task.clip_id]
    return {"clip": clips[0]} if len(clips) == 1 else {"clips": clips}
