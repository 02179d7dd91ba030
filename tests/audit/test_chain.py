"""The chain: sealed in order, and whatever is done to it is found."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from audit import chain
from audit.append_only import GUARDS, lifted
from audit.log import Entry, record, record_many
from audit.models import ChainHead, Event

pytestmark = pytest.mark.django_db

LENGTH = 6
GUARDED = ["at", "actor", "actor_role", "verb", "target", "data_text", "prev_hash", "hash"]


def make_chain(length: int = LENGTH) -> None:
    record_many(Entry(None, "clip.added", f"clip:{n}", {"n": n}) for n in range(length))
    chain.seal()


def tamper(sql: str, *values: str | int | datetime) -> None:
    with lifted(connection, *GUARDS), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_chain_holds() -> None:
    make_chain()

    assert chain.verify() == chain.Verdict(LENGTH, 0, None, "")


def test_an_empty_log_is_whole() -> None:
    assert chain.verify().ok


def test_sealing_goes_on_where_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "BATCH", 2)

    make_chain(5)
    make_chain(2)

    assert list(Event.objects.order_by("pk").values_list("seq", flat=True)) == list(range(1, 8))
    assert chain.verify().ok


def test_events_that_wait_are_counted_and_no_fault() -> None:
    make_chain()
    record(None, "clip.added", "clip:9")

    assert chain.verify() == chain.Verdict(LENGTH, 1, None, "")


def test_events_that_wait_too_long_are_a_fault() -> None:
    event = record(None, "clip.added", "clip:9")
    long_ago = timezone.now() - timedelta(minutes=2)
    tamper("UPDATE audit_event SET at = %s WHERE id = %s", long_ago, event.pk)

    assert "wait for their seal" in chain.verify().fault


def test_a_sealed_event_cannot_be_sealed_again() -> None:
    make_chain()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(seq=2).update(seq=99)


def test_the_head_cannot_step_back() -> None:
    make_chain()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ChainHead.objects.update(count=1)


def edit(field: str) -> Callable[[int], None]:
    value = timezone.now() if field == "at" else "x"
    sql = f"UPDATE audit_event SET {field} = %s WHERE seq = %s"  # noqa: S608
    return lambda seq: tamper(sql, value, seq)


def delete(seq: int) -> None:
    tamper("DELETE FROM audit_event WHERE seq = %s", seq)


def swap(seq: int) -> None:
    other = seq % LENGTH + 1
    for old, new in ((seq, 1000), (other, seq), (1000, other)):
        tamper("UPDATE audit_event SET seq = %s WHERE seq = %s", new, old)


def insert(seq: int) -> None:
    tamper("UPDATE audit_event SET seq = seq + 1000 WHERE seq >= %s", seq)
    tamper("UPDATE audit_event SET seq = seq - 999 WHERE seq > 1000")
    fields = "at, actor, actor_role, verb, target, data_text, prev_hash, hash"
    tamper(
        f"INSERT INTO audit_event (seq, {fields}) SELECT %s, {fields} FROM audit_event"  # noqa: S608
        " WHERE seq <> %s LIMIT 1",
        seq,
        seq,
    )


def unseal(seq: int) -> None:
    tamper("UPDATE audit_event SET seq = NULL, hash = '', prev_hash = '' WHERE seq = %s", seq)


def rewrite_tail(seq: int) -> None:
    """Change an event and compute its own hash anew, as somebody who knows the code would."""
    edit("verb")(seq)
    *_, (number, prev_hash, _, content) = chain._links(seq)
    own = chain.link_hash(number, prev_hash, content)
    tamper("UPDATE audit_event SET hash = %s WHERE seq = %s", own, seq)


TAMPERINGS = [*map(edit, GUARDED), delete, swap, insert, unseal, rewrite_tail]


class AnyTampering(TestCase):  # type: ignore[misc, unused-ignore]
    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(
        tampering=st.sampled_from(TAMPERINGS),
        seq=st.integers(min_value=1, max_value=LENGTH),
    )
    def test_whatever_is_done_to_one_event_is_found(
        self, tampering: Callable[[int], None], seq: int
    ) -> None:
        make_chain()

        tampering(seq)

        assert not chain.verify().ok


def test_the_place_of_the_break_is_named() -> None:
    make_chain()

    delete(4)

    assert chain.verify() == chain.Verdict(LENGTH, 0, 4, "Event 4 is missing.")


def test_a_tail_that_is_cut_off_with_its_head_left_is_found() -> None:
    make_chain()

    tamper("DELETE FROM audit_event WHERE seq > 3")

    assert chain.verify().fault == "The chain ends at 3 of 6 events."


def test_an_event_behind_the_head_is_found() -> None:
    make_chain()

    tamper("UPDATE audit_chainhead SET count = 5")

    assert not chain.verify().ok


def test_the_command_says_that_all_is_well() -> None:
    make_chain()
    out = StringIO()

    call_command("audit", "verify", stdout=out)

    assert "6 events are chained without a break; 0 wait" in out.getvalue()


def test_the_command_fails_at_the_first_broken_link() -> None:
    make_chain()
    edit("verb")(2)

    with pytest.raises(CommandError, match="Event 2 was changed") as caught:
        call_command("audit", "verify")
    assert caught.value.returncode == 1


def test_the_command_speaks_json() -> None:
    make_chain()
    edit("verb")(2)
    out = StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("audit", "verify", "--json", stdout=out)
    assert json.loads(out.getvalue())["broken_at"] == 2
