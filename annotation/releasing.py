"""Leases that are renewed, run out or are taken back, and the places they give back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from annotation.models import Assignment, Campaign, Clip, Task
from annotation.models.assignment import AssignmentQuerySet

AT_ONCE = 1000
States = Assignment.State


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


def release_overdue(campaign: Campaign | None = None) -> int:
    """Give back the tasks whose lease ran out, and return how many.

    One that was answered in part is labelled as far as it went, and keeps its place.
    """
    overdue = Assignment.objects.overdue()
    if campaign is not None:
        overdue = overdue.filter(campaign=campaign)
    return release(overdue, States.EXPIRED)


def release_blocked() -> int:
    """End the leases on clips that lost their consent, and return how many."""
    blocked = Assignment.objects.leased().exclude(task__cleared_until__gt=timezone.now())
    return release(blocked, States.WITHDRAWN)


def release_unwanted(clip: Clip | None = None) -> int:
    """End the leases on clips with flags that their holders opted out of, and return how many."""
    against = F("task__flags").bitand(F("annotator__care__opt_outs"))  # type: ignore[arg-type] # the stubs know numbers only
    unwanted = Assignment.objects.leased().alias(against=against).filter(against__gt=0)
    if clip is None:
        return release(unwanted, States.EXPIRED)
    shown = unwanted.filter(task__in=Task.objects.with_any_of([clip.pk]))
    return release(shown, States.EXPIRED, wait=True)


@transaction.atomic
def release(leases: AssignmentQuerySet, state: str, *, wait: bool = False) -> int:
    """End these leases with `state` and make their places free again.

    A lease that somebody else is changing just now is left to the next time, or waited for. The
    condition of `leases` is asked once more of the rows as they are when locked: a renewed lease
    or a restored consent is not taken away.
    """
    locked = _locked(leases, wait=wait)
    unanswered = [one for one in locked if not one.step]
    # What was answered in part is labelled as far as it went, and keeps its place.
    begun = [one for one in locked if one.step]
    now = timezone.now()
    for ended, one_state in ((unanswered, state), (begun, States.LABELLED)):
        keys = [one.pk for one in ended]
        Assignment.objects.filter(pk__in=keys).update(state=one_state, closed_at=now)
    free_places(Counter(one.task_id for one in unanswered if not one.probe))
    return len(locked)


def _locked(leases: AssignmentQuerySet, *, wait: bool) -> list[Assignment]:
    """Lock the leases; who waits takes the leases first and the tasks after, as answers do."""
    if wait:
        found = leases.order_by("pk").select_for_update(of=("self",), no_key=True)
        return list(found)
    found = leases.order_by("task_id", "pk").select_related("task")
    return list(
        found.select_for_update(skip_locked=True, of=("self", "task"), no_key=True)[:AT_ONCE]
    )


def free_places(places: Mapping[int, int]) -> None:
    """Give back so many places of each task, locking the tasks in one order for everybody."""
    tasks = Task.objects.filter(pk__in=places)
    list(tasks.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    by_number: dict[int, list[int]] = defaultdict(list)
    for task, number in places.items():
        by_number[number].append(task)
    for number, keys in by_number.items():
        Task.objects.filter(pk__in=keys).update(live=F("live") - number)
