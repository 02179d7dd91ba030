"""The chain under concurrency, on the database where it could fork."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, close_old_connections, connection, transaction

from audit import chain
from audit.append_only import GUARDS, lifted
from audit.log import record
from audit.models import ChainHead, Event

WRITERS, EVENTS, SEALERS = 8, 40, 3

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _postgresql_only() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL does not name a PostgreSQL")


def write(writer: int) -> None:
    try:
        for number in range(EVENTS):
            with transaction.atomic():
                record(None, "clip.added", f"clip:{writer}-{number}")
    finally:
        connection.close()


def seal_until(written: threading.Event) -> None:
    try:
        while not written.is_set():
            chain.seal()
    finally:
        connection.close()


def test_many_writers_and_sealers_make_one_chain() -> None:
    written = threading.Event()
    with ThreadPoolExecutor(WRITERS + SEALERS) as pool:
        sealers = [pool.submit(seal_until, written) for _ in range(SEALERS)]
        writers = [pool.submit(write, number) for number in range(WRITERS)]
        for writer in writers:
            writer.result()
        written.set()
        for sealer in sealers:
            sealer.result()
    chain.seal()
    close_old_connections()

    assert chain.verify() == chain.Verdict(WRITERS * EVENTS, 0, None, "")
    assert Event.objects.values("prev_hash").distinct().count() == WRITERS * EVENTS


def test_the_database_refuses_to_change_an_event() -> None:
    with transaction.atomic():
        record(None, "clip.added", "clip:1")

    statements = (
        "UPDATE audit_event SET verb = 'x'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
    )
    for statement in statements:
        with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
            cursor.execute(statement)


def test_an_edit_behind_the_triggers_is_found() -> None:
    with transaction.atomic():
        record(None, "clip.added", "clip:1")
    chain.seal()

    with lifted(connection, *GUARDS):
        Event.objects.update(verb="clip.removed")

    assert chain.verify().broken_at == 1


def test_the_head_cannot_step_back() -> None:
    with transaction.atomic():
        record(None, "clip.added", "clip:1")
    chain.seal()

    with pytest.raises(DatabaseError, match="append-only"):
        ChainHead.objects.update(count=0)
