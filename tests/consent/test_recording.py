"""Forms, consents as they are written down, and the decisions about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from consent import recording, review
from consent.models import Consent, ConsentForm, Purpose, State
from consent.models.form import validate_purposes
from tests.factories import make_consent, make_form, make_participant

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
DECIDED = [State.APPROVED, State.REJECTED, State.WITHDRAWN]


def grant(form: ConsentForm, *purposes: str, days: int = 30) -> recording.Grant:
    until = timezone.now() + days * DAY
    return recording.Grant(form, list(purposes or form.purposes), until)


def test_a_consent_is_written_down_once() -> None:
    person, form = make_participant(), make_form()

    first = recording.give(person, grant(form), None)

    assert recording.give(person, grant(form), None) == first
    assert first.state == State.PENDING
    assert first.form_sha256 == form.sha256


def test_other_purposes_are_another_consent() -> None:
    person, form = make_participant(), make_form([Purpose.BENCHMARK, Purpose.HEALTH])
    recording.give(person, grant(form, Purpose.HEALTH), None)

    recording.give(person, grant(form, Purpose.BENCHMARK, Purpose.HEALTH), None)

    assert person.consents.count() == 2


def test_a_consent_that_ran_out_is_given_anew() -> None:
    person, form = make_participant(), make_form()
    recording.give(person, grant(form, days=1), None)

    with time_machine.travel(timezone.now() + 2 * DAY):
        recording.give(person, grant(form), None)

    assert person.consents.count() == 2


def test_the_attestation_form_is_there_from_the_start() -> None:
    assert recording.find_form("") == recording.attestation_form()
    assert recording.attestation_form().purposes == [
        Purpose.AFFECTIVE_SCIENCE,
        Purpose.METHOD_DEVELOPMENT,
    ]


def test_a_form_is_found_in_its_latest_version_or_the_one_that_is_named() -> None:
    first = make_form()
    second = ConsentForm.objects.create(
        key=first.key, version=2, title="New", text="New", purposes=first.purposes
    )

    assert recording.find_form(first.key) == second
    assert recording.find_form(f"{first.key}@1") == first


@pytest.mark.parametrize("name", ["nothing", "@", "known@9", "known@x", f"known@{10**30}"])
def test_an_unknown_form_is_named_with_the_known_ones(name: str) -> None:
    ConsentForm.objects.create(key="known", title="A", text="B", purposes=[Purpose.HEALTH])

    with pytest.raises(recording.UnknownFormError, match=r"Known: .*known"):
        recording.find_form(name)


def test_a_form_never_changes() -> None:
    form = make_form()
    form.text = "Something else."

    with pytest.raises(ValidationError, match="new version"):
        form.save()


def test_a_forms_hash_is_of_all_that_is_read() -> None:
    form = make_form()
    before = form.fingerprint()
    form.text += " And heard."

    assert form.fingerprint() != before


@pytest.mark.parametrize(
    "purposes", [[], "health.research", ["marketing"], [Purpose.HEALTH] * 2, None, [["x"]]]
)
def test_only_known_purposes_can_be_offered(purposes: object) -> None:
    with pytest.raises(ValidationError):
        validate_purposes(purposes)


@pytest.mark.parametrize(
    ("decide", "state"),
    [
        (review.approve, State.APPROVED),
        (review.reject, State.REJECTED),
        (review.withdraw, State.WITHDRAWN),
    ],
)
def test_a_decision_is_kept_with_who_when_and_why(
    decide: Callable[[Consent, User, str], None], state: State, reviewer: User
) -> None:
    consent = make_consent()

    decide(consent, reviewer, " signature seen ")

    consent.refresh_from_db()
    assert (consent.state, consent.decided_by, consent.reason) == (
        state,
        reviewer,
        "signature seen",
    )
    assert consent.decided_at is not None
    event = Event.objects.get(verb=f"consent.{state}")
    assert (event.actor, event.target) == (str(reviewer.pk), f"consent.consent:{consent.pk}")


@pytest.mark.parametrize("decide", [review.approve, review.reject])
@pytest.mark.parametrize("state", DECIDED)
def test_what_was_decided_is_not_decided_again(
    decide: Callable[[Consent, User, str], None], state: State, reviewer: User
) -> None:
    consent = make_consent(state=state, decided_at=timezone.now())

    with pytest.raises(review.DecisionError, match=r"decided already.*it is"):
        decide(consent, reviewer, "again")

    assert Consent.objects.get().state == state


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_only_what_stands_can_be_withdrawn(state: State) -> None:
    consent = make_consent(state=state, decided_at=timezone.now())

    with pytest.raises(review.DecisionError):
        review.withdraw(consent, None)


def test_an_approved_consent_can_be_withdrawn() -> None:
    consent = make_consent()
    review.approve(consent, None)

    review.withdraw(consent, None)

    assert Consent.objects.get().state == State.WITHDRAWN


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_rejection_needs_a_reason(reason: str, reviewer: User) -> None:
    consent = make_consent()

    with pytest.raises(review.DecisionError, match="reason"):
        review.reject(consent, reviewer, reason)

    assert Consent.objects.get().state == State.PENDING


def test_a_consent_that_ran_out_is_not_approved(reviewer: User) -> None:
    consent = make_consent()

    with (
        time_machine.travel(timezone.now() + 31 * DAY),
        pytest.raises(review.DecisionError, match="run out"),
    ):
        review.approve(consent, reviewer)


def test_a_decision_on_an_old_copy_does_not_undo_a_newer_one(reviewer: User) -> None:
    consent = make_consent()
    copy = Consent.objects.get()
    review.reject(consent, reviewer, "No signature.")

    with pytest.raises(review.DecisionError):
        review.approve(copy, reviewer)

    assert copy.state == State.REJECTED


@pytest.mark.parametrize(
    "wrong", [{"expires_at": timezone.now() - 9 * DAY}, {"state": State.APPROVED}]
)
def test_the_database_refuses_what_cannot_be(wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_consent(**wrong)
