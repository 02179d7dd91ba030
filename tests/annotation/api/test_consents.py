"""Forms, consents and members over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from annotation.models import Audience, Member
from consent.models import Consent, Purpose
from tests.annotation.api.calling import Caller, problem
from tests.factories import (
    lease,
    make_annotator,
    make_campaign,
    make_form,
    make_participant,
    make_researcher,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(researcher: User) -> Caller:
    return Caller(researcher)


def form_body(**changes: Any) -> dict[str, Any]:
    purposes = [Purpose.AFFECTIVE_SCIENCE]
    return {
        "key": "pilot",
        "title": "Pilot",
        "text": "You are filmed.",
        "purposes": purposes,
    } | changes


def consent_body(**changes: Any) -> dict[str, Any]:
    until = timezone.now() + timedelta(days=30)
    return {
        "participant": make_participant().code,
        "form": make_form().key,
        "expires_at": until.isoformat(),
    } | changes


def test_a_new_text_is_the_next_version_of_its_form(caller: Caller) -> None:
    caller.post("consent-forms/", form_body())

    second = caller.post("consent-forms/", form_body(text="You are filmed, twice."))

    assert (second.status_code, second.json()["version"]) == (201, 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"purposes": ["surveillance"]}, "purposes"),
        ({"purposes": []}, "purposes"),
        ({"key": "not a key"}, "key"),
    ],
)
def test_a_form_says_what_is_wrong_with_it(
    caller: Caller, changes: dict[str, Any], field: str
) -> None:
    response = caller.post("consent-forms/", form_body(**changes))

    assert field in problem(response, 422)["errors"]


def test_a_consent_that_is_written_down_waits_for_review(caller: Caller) -> None:
    response = caller.post("consents/", consent_body())

    assert (response.status_code, response.json()["state"]) == (201, "pending")
    assert response.json()["purposes"] == [Purpose.AFFECTIVE_SCIENCE]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"participant": "nobody"}, "participant"),
        ({"form": "no-such-form"}, "form"),
        ({"purposes": [Purpose.COMMERCIAL]}, "purposes"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_a_consent_says_what_is_wrong_with_it(
    caller: Caller, changes: dict[str, Any], field: str
) -> None:
    response = caller.post("consents/", consent_body(**changes))

    assert field in problem(response, 422)["errors"]
    assert not Consent.objects.exists()


def test_who_is_made_a_member_gets_clips_of_an_invited_campaign() -> None:
    owner, annotator = make_researcher(), make_annotator()
    campaign = make_campaign(owner=owner, audience=Audience.INVITED)

    response = Caller(owner).post(f"campaigns/{campaign.pk}/members/", {"email": annotator.email})

    assert response.status_code == 201
    assert lease(campaign, annotator)


def test_somebody_without_an_account_cannot_be_made_a_member() -> None:
    owner = make_researcher()
    campaign = make_campaign(owner=owner)

    response = Caller(owner).post(f"campaigns/{campaign.pk}/members/", {"email": "a@b.org"})

    assert "email" in problem(response, 422)["errors"]
    assert not Member.objects.exists()
