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
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Prefetch, prefetch_related_objects
from django.utils import timezone

from accounts.models import User
from annotation import resting, scheme, staging
from annotation.instruments.places import PLACES
from annotation.models import (
    Assignment,
    Audience,
    Campaign,
    CampaignState,
    Care,
    Clip,
    Member,
    Task,
    TaskClip,
    Veil,
)
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
    if not tasks and release_overdue(campaign):
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
    unseen = campaign.tasks.filter(retired=False).cleared().unseen_by(annotator)
    mine_to_come = unseen.sparing(care.opt_outs)
    if (rest := resting.due(care, Limits.of(campaign), timezone.now())) and mine_to_come.exists():
        return Nothing("break", rest.seconds, rest)
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
    """Give back the tasks whose lease ran out, and return how many.

    One that was answered in part is labelled as far as it went, and keeps its place.
    """
    overdue = Assignment.objects.overdue()
    if campaign is not None:
        overdue = overdue.filter(campaign=campaign)
    return release(overdue.order_by("task_id", "pk")[:1000], States.EXPIRED)


@transaction.atomic
def release_blocked() -> int:
    """End the leases on clips that lost their consent, and return how many."""
    blocked = Assignment.objects.leased().exclude(task__cleared_until__gt=timezone.now())
    return release(blocked.order_by("task_id", "pk")[:1000], States.WITHDRAWN)


@transaction.atomic
def release_unwanted(clip: Clip | None = None) -> int:
    """End the leases on clips with flags that their holders opted out of, and return how many."""
    against = F("task__flags").bitand(F("annotator__care__opt_outs"))  # type: ignore[arg-type] # the stubs know numbers only
    unwanted = Assignment.objects.leased().alias(against=against).filter(against__gt=0)
    if clip is not None:
        return release(
            unwanted.filter(task__in=Task.objects.with_any_of([clip.pk])), States.EXPIRED, wait=True
        )
    return release(unwanted.order_by("task_id", "pk")[:1000], States.EXPIRED)


def release(assignments: Iterable[Assignment], state: str, *, wait: bool = False) -> int:
    """End leases with `state` and make their places free again.

    A lease that somebody else is changing just now is left to the next time, or waited for.
    """
    found = (
        Assignment.objects.leased()
        .filter(pk__in=[assignment.pk for assignment in assignments])
        .select_related("task")
    )
    # Who waits takes the leases first and the tasks after, like whoever answers.
    of = ("self",) if wait else ("self", "task")
    found = found.order_by("pk").select_for_update(skip_locked=not wait, of=of, no_key=True)
    locked = list(found)
    unanswered = [one for one in locked if not one.step]
    now = timezone.now()
    for ended, one_state in ((unanswered, state), (_begun(locked), States.LABELLED)):
        keys = [one.pk for one in ended]
        Assignment.objects.filter(pk__in=keys).update(state=one_state, closed_at=now)
    free_places(Counter(one.task_id for one in unanswered))
    return len(locked)


def _begun(assignments: Iterable[Assignment]) -> list[Assignment]:
    """Those that were answered in part: labelled as far as they went, they keep their places."""
    return [one for one in assignments if one.step]


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
    """Walk the queue's index to the `n` most wanted tasks that nobody else is taking just now."""
    tasks = list(
        campaign.tasks.wanting_labels()
        .cleared()
        .unseen_by(annotator)
        .sparing(annotator.care.opt_outs)
        .most_wanted_first()
        .select_related("clip")
        .select_for_update(skip_locked=True, of=("self",), no_key=True)[:n]
    )
    _load_companions(tasks)
    return tasks


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
    orders = options_orders(campaign, member)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=task,
            annotator=member.user,
            leased_at=now,
            lease_expires_at=now + timedelta(seconds=campaign.lease_seconds),
            position=member.served + offset,
            options_order=orders | places_order(campaign, task),
            **_plan(campaign, task, member),
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


def _plan(campaign: Campaign, task: Task, member: Member) -> dict[str, Any]:
    """Return the steps of an assignment; none where the clip alone is shown."""
    if campaign.stages == [staging.BLIND] or task.n_clips > 1:
        return {}
    chance = random.Random(f"{campaign.seed}:{task.pk}:{member.user_id}")  # noqa: S311
    arm, steps = staging.draw(
        campaign.stages,
        campaign.layers_of(task.clip),
        task.suggestion,
        (campaign.context_first_share, campaign.never_suggested_share),
        chance,
    )
    return {"arm": arm, "steps": steps}


def _what(task: Task) -> dict[str, int | list[int]]:
    clips = [clip.pk for clip in task.clips] if task.n_clips > 1 else [task.clip_id]
    return {"clip": clips[0]} if len(clips) == 1 else {"clips": clips}


def places_order(campaign: Campaign, task: Task) -> dict[str, list[str]]:
    """Return the order in which the clips of a comparison stand on the screen.

    It is random for the first who takes the task and moves on by one for each after: over so many
    annotators as there are clips, every clip stands once in every place, and none gains by it.
    """
    question = scheme.comparison(campaign.scheme.questions)
    if question is None:
        return {}
    places = list(PLACES[: task.n_clips])
    random.Random(f"{campaign.seed}:{task.pk}").shuffle(places)  # noqa: S311
    turn = task.live % len(places)
    return {question["name"]: places[turn:] + places[:turn]}


def options_orders(campaign: Campaign, member: Member) -> dict[str, list[str]]:
    """Return the order in which this annotator sees the options: random, the same all along."""
    chance = random.Random(f"{campaign.seed}:{campaign.pk}:{member.user_id}")  # noqa: S311
    return scheme.orders(campaign.scheme.questions, chance)
