"""The consent gate: keeps `cleared_until` true, and says slowly what it says at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.apps import apps
from django.db import models
from django.utils import timezone

from consent.models import Consent, Gated, Participant

Deadlines = dict[tuple[int, str], datetime]
BATCH = 500


def refresh_participants(participants: Iterable[Participant]) -> None:
    """Recompute the gate of every row in which `participants` are seen or heard.

    Call it in the transaction that changed their consents: what is withdrawn is refused from
    that commit on.
    """
    participants = list(participants)
    _lock(Participant, (person.pk for person in participants))
    for gated in _gated_models():
        refresh(gated.showing(participants))


def refresh(rows: models.QuerySet[Gated]) -> None:
    """Recompute the gate of `rows`; called in a transaction."""
    described = list(rows.model.people_and_purpose(rows))
    everyone = {person for _, people, _ in described for person in people}
    _lock(Participant, everyone)
    _lock(rows.model, (key for key, _, _ in described))
    allowed = deadlines(everyone)
    by_deadline: dict[datetime | None, list[int]] = defaultdict(list)
    for key, people, purpose in described:
        by_deadline[row_deadline(people, purpose, allowed)].append(key)
    for deadline, keys in by_deadline.items():
        for batch in _batches(keys):
            rows.model._default_manager.filter(pk__in=batch).update(cleared_until=deadline)


def allows(people: Iterable[Participant], purpose: str, at: datetime | None = None) -> bool:
    """Return, from the records alone, whether everyone allows `purpose`. Nobody is a no."""
    at = at or timezone.now()
    people = list(people)
    return bool(people) and all(_permits(person, purpose, at) for person in people)


def _permits(person: Participant, purpose: str, at: datetime) -> bool:
    consents = Consent.objects.in_force(at).filter(participant=person)
    return any(purpose in consent.purposes for consent in consents)


def _lock(model: type[models.Model], keys: Iterable[int]) -> None:
    """Let one transaction at a time decide about these people or rows, in one order for all.

    Without it, a task that is being made while a consent is withdrawn would be seen by neither.
    """
    for batch in _batches(sorted(keys)):
        rows = model._default_manager.filter(pk__in=batch).order_by("pk")
        list(rows.select_for_update(no_key=True).values_list("pk", flat=True))


def _gated_models() -> Iterator[type[Gated]]:
    return (model for model in apps.get_models() if issubclass(model, Gated))


def deadlines(people: Collection[int]) -> Deadlines:
    """Return until when each person allows each purpose."""
    latest: Deadlines = {}
    for batch in _batches(sorted(people)):
        consents = Consent.objects.in_force().filter(participant__in=batch)
        for person, purposes, expires_at in consents.values_list(
            "participant", "purposes", "expires_at"
        ):
            for purpose in purposes:
                known = latest.get((person, purpose), expires_at)
                latest[person, purpose] = max(known, expires_at)
    return latest


def row_deadline(people: frozenset[int], purpose: str, allowed: Deadlines) -> datetime | None:
    """Return the earliest deadline of the people in a row; None if one is missing, or nobody."""
    each = [allowed.get((person, purpose)) for person in people]
    given = [deadline for deadline in each if deadline]
    return min(given) if given and len(given) == len(each) else None


def _batches(keys: list[int]) -> Iterator[list[int]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))
