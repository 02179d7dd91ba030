"""The chain of hashes: sealing what was recorded, and walking it to find what was tampered with.

Hashing inside the request would fork the chain under load. Events are stored unsealed, and one
sealer at a time gives them their place.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from audit.models import ChainHead, Event

# Few enough that writers hardly notice, on SQLite, how long the lock is held.
BATCH = 1000
LATE = timedelta(seconds=60)
FIELDS = ("id", "at", "actor", "actor_role", "verb", "target", "data_text")
SET_SEAL = "UPDATE audit_event SET seq = %s, prev_hash = %s, hash = %s WHERE id = %s"

Content = tuple[int, datetime, str, str, str, str, str]


class Verdict(NamedTuple):
    """What a walk along the chain found; `fault` is empty when the chain is whole."""

    sealed: int
    waiting: int
    broken_at: int | None
    fault: str

    @property
    def ok(self) -> bool:
        return not self.fault


class BrokenLinkError(Exception):
    """The chain does not hold at this place."""

    def __init__(self, seq: int, fault: str) -> None:
        super().__init__(fault)
        self.seq = seq


def link_hash(seq: int, prev_hash: str, content: Content) -> str:
    """Return the SHA-256 of the canonical JSON of an event and its place.

    >>> from datetime import datetime, UTC
    >>> event = (1, datetime(2026, 1, 1, tzinfo=UTC), "7", "", "clip.added", "clip:1", "{}")
    >>> link_hash(1, "", event)[:12]
    '4291be25077a'
    """
    number, at, *rest = content
    row = [seq, prev_hash, number, at.astimezone(UTC).isoformat(), *rest]
    text = json.dumps(row, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def seal() -> int:
    """Give every event that is committed its place in the chain; return how many that were."""
    sealed = 0
    while Event.objects.unsealed().exists():
        batch = _seal_batch()
        sealed += batch
        if batch < BATCH:
            break
    return sealed


@transaction.atomic
def _seal_batch() -> int:
    # The row lock (PostgreSQL) or the immediate transaction (SQLite) keeps other sealers out.
    head, _ = ChainHead.objects.select_for_update().get_or_create(pk=1)
    waiting = Event.objects.unsealed().order_by("pk").values_list(*FIELDS)[:BATCH]
    seals = []
    for content in waiting:
        previous = head.hash
        head.count += 1
        head.hash = link_hash(head.count, previous, content)
        seals.append((head.count, previous, head.hash, content[0]))
    if seals:
        with connection.cursor() as cursor:
            cursor.executemany(SET_SEAL, seals)
        head.save()
    return len(seals)


def verify() -> Verdict:
    """Walk the whole chain and say whether it holds."""
    head = ChainHead.objects.filter(pk=1).first() or ChainHead(pk=1)
    waiting = Event.objects.unsealed().count()
    try:
        _walk(head)
        _check_tail()
    except BrokenLinkError as broken:
        return Verdict(head.count, waiting, broken.seq, str(broken))
    late = Event.objects.unsealed().filter(at__lt=timezone.now() - LATE).count()
    fault = f"{late} events wait for their seal since more than a minute." if late else ""
    return Verdict(head.count, waiting, None, fault)


def _walk(head: ChainHead) -> None:
    previous, expected = "", 0
    for seq, prev_hash, own_hash, content in _links(head.count):
        expected += 1
        if seq != expected:
            raise BrokenLinkError(expected, f"Event {expected} is missing.")
        if prev_hash != previous:
            raise BrokenLinkError(seq, f"Event {seq} does not follow the one before it.")
        if own_hash != link_hash(seq, prev_hash, content):
            raise BrokenLinkError(seq, f"Event {seq} was changed after it was sealed.")
        previous = own_hash
    if expected != head.count:
        raise BrokenLinkError(expected + 1, f"The chain ends at {expected} of {head.count} events.")
    if previous != head.hash:
        raise BrokenLinkError(expected, "The chain does not end where its head says.")


def _links(count: int) -> Iterator[tuple[int, str, str, Content]]:
    events = Event.objects.filter(seq__lte=count).order_by("seq")
    rows = events.values_list("seq", "prev_hash", "hash", *FIELDS).iterator(chunk_size=5000)
    return ((row[0], row[1], row[2], row[3:]) for row in rows)


def _check_tail() -> None:
    """Look for events behind the head. The head is read last: meanwhile it may have moved on."""
    last = Event.objects.aggregate(last=Max("seq"))["last"] or 0
    head = ChainHead.objects.filter(pk=1).first()
    count = head.count if head else 0
    if last > count:
        raise BrokenLinkError(count + 1, f"Event {count + 1} lies behind the head of the chain.")
