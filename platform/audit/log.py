"""The one way into the log: `record(who, verb, what, ...)`, in the transaction of the deed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import Model
from django.utils import timezone

from audit.models import Event


class OutsideTransactionError(RuntimeError):
    """An event that is not stored together with what it tells of is worth nothing."""


class Entry(NamedTuple):
    """One event to be recorded with others."""

    actor: Model | None
    verb: str
    target: Model | str
    data: dict[str, Any]


def record(actor: Model | None, verb: str, target: Model | str, /, **data: Any) -> Event:
    """Store that `actor` (None: the site itself) did `verb` to `target`.

    People are named by their id alone, so that erasing a person leaves nothing to erase here.

    Raises:
        OutsideTransactionError: outside a transaction.
    """
    _require_transaction()
    event = _event(Entry(actor, verb, target, data))
    event.save(force_insert=True)
    return event


def record_many(entries: Iterable[Entry]) -> list[Event]:
    """Store many events at once, in their order.

    Raises:
        OutsideTransactionError: outside a transaction.
    """
    _require_transaction()
    return Event.objects.bulk_create([_event(entry) for entry in entries], batch_size=1000)


def label(target: Model | str) -> str:
    """Return how the log names `target`: `app.model:id`, or the string as it is."""
    return target if isinstance(target, str) else f"{target._meta.label_lower}:{target.pk}"


def canonical(data: dict[str, Any]) -> str:
    """Return the one JSON text that stands for `data`."""
    return json.dumps(
        data,
        cls=DjangoJSONEncoder,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )


def _event(entry: Entry) -> Event:
    actor = entry.actor
    return Event(
        at=timezone.now(),
        actor="" if actor is None else str(actor.pk),
        actor_role=str(getattr(actor, "role", "")),
        verb=entry.verb,
        target=label(entry.target),
        data_text=canonical(entry.data),
    )


def _require_transaction() -> None:
    if not connection.in_atomic_block:
        raise OutsideTransactionError("An event is recorded in the transaction it tells of.")
