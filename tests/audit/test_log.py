"""Recording: in the transaction of the deed, by id alone, and never to be changed."""

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction

from audit.log import Entry, OutsideTransactionError, record, record_many
from audit.models import Event

pytestmark = pytest.mark.django_db


def make_user(**fields: Any) -> Any:
    return get_user_model()(pk=7, email="ada@example.org", **fields)


def test_an_event_tells_who_did_what_to_what() -> None:
    user = make_user()

    event = record(user, "clip.added", user, name="é", size=3)

    assert (event.actor, event.verb) == ("7", "clip.added")
    assert event.target == f"{user._meta.label_lower}:7"
    assert event.data == {"name": "é", "size": 3}


def test_people_are_named_by_id_alone() -> None:
    record(make_user(), "clip.added", "clip:1")

    assert "ada" not in str(Event.objects.values().get())


def test_the_role_is_kept_as_it_was() -> None:
    user = make_user()
    user.role = "researcher"

    assert record(user, "clip.added", "clip:1").actor_role == "researcher"


def test_the_site_itself_has_no_id() -> None:
    assert record(None, "lease.expired", "assignment:1").actor == ""


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_recorded() -> None:
    with pytest.raises(OutsideTransactionError):
        record(None, "clip.added", "clip:1")


@pytest.mark.django_db(transaction=True)
def test_an_event_goes_with_the_deed_that_failed() -> None:
    @transaction.atomic
    def fail_after_recording() -> None:
        record(None, "clip.added", "clip:1")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()

    assert not Event.objects.exists()


def test_many_events_keep_their_order() -> None:
    record_many(Entry(None, "clip.added", f"clip:{n}", {"n": n}) for n in range(3))

    assert [event.data["n"] for event in Event.objects.order_by("pk")] == [0, 1, 2]


def test_what_json_cannot_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        record(None, "clip.added", "clip:1", size=float("nan"))


@pytest.mark.parametrize("field", ["verb", "actor", "data_text", "target"])
def test_the_database_refuses_to_change_an_event(field: str) -> None:
    record(None, "clip.added", "clip:1")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(**{field: "x"})


def test_the_database_refuses_to_delete_an_event() -> None:
    record(None, "clip.added", "clip:1")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()
