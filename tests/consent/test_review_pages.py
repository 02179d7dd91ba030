from __future__ import annotations

from django.test import Client
from django.urls import reverse

from accounts.models import User
from consent import review
from consent.models import Consent, State
from tests import factories


def record(consent: Consent) -> str:
    return reverse("consent:record", args=[consent.pk])


def test_what_waits_stands_there_the_oldest_first(client: Client, reviewer: User) -> None:
    first, second = factories.make_consent(), factories.make_consent()
    client.force_login(reviewer)

    page = client.get(reverse("consent:reviews")).content.decode()

    assert "2 consents wait" in page
    assert page.index(first.participant.code) < page.index(second.participant.code)


def test_the_record_shows_what_a_decision_needs(client: Client, reviewer: User) -> None:
    consent = factories.make_consent(evidence="Signed sheet 12")
    client.force_login(reviewer)

    page = client.get(record(consent)).content.decode()

    for fact in (consent.form.text, consent.form_sha256, "Signed sheet 12", "text unchanged"):
        assert fact in page


def test_after_a_decision_comes_the_next_that_waits(client: Client, reviewer: User) -> None:
    first, second = factories.make_consent(), factories.make_consent()
    client.force_login(reviewer)

    answer = client.post(record(first), {"decision": "approve"})

    first.refresh_from_db()
    assert (first.state, first.decided_by) == (State.APPROVED, reviewer)
    assert answer["Location"] == record(second)


def test_a_rejection_without_a_reason_comes_back_with_the_form(
    client: Client, reviewer: User
) -> None:
    consent = factories.make_consent()
    client.force_login(reviewer)

    answer = client.post(record(consent), {"decision": "reject", "reason": ""})

    assert answer.status_code == 200
    assert "needs a reason" in answer.content.decode()


def test_two_reviewers_at_once_the_second_is_told(client: Client, reviewer: User) -> None:
    consent = factories.make_consent()
    review.approve(consent, factories.make_reviewer())
    client.force_login(reviewer)

    answer = client.post(record(consent), {"decision": "reject", "reason": "No signature."})

    consent.refresh_from_db()
    assert "decided already" in answer.content.decode()
    assert consent.state == State.APPROVED


def test_a_text_that_was_tampered_with_is_seen(client: Client, reviewer: User) -> None:
    consent = factories.make_consent()
    type(consent.form).objects.filter(pk=consent.form_id).update(text="Something else.")
    client.force_login(reviewer)

    page = client.get(record(consent)).content.decode()

    assert "not what was signed" in page


def test_participants_are_found_by_pseudonym(client: Client, reviewer: User) -> None:
    wanted = factories.make_consenting_participant()
    other = factories.make_participant()
    client.force_login(reviewer)

    page = client.get(reverse("consent:participants"), {"q": wanted.code}).content.decode()

    assert f">{wanted.code}<" in page
    assert f">{other.code}<" not in page
