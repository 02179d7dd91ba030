from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from audit.models import Event
from consent import review
from consent.models import State
from tests import factories


def test_an_approval_opens_the_clips_from_that_commit_on(reviewer: User) -> None:
    consent = factories.make_consent()
    collection = factories.make_collection()
    factories.make_clip(collection, consent.participant)
    campaign = factories.make_campaign(collection, running=False)
    assert not campaign.tasks.cleared().exists()

    review.approve(consent, reviewer)

    assert campaign.tasks.cleared().count() == 1


def test_a_withdrawal_closes_them_and_is_in_the_log(reviewer: User) -> None:
    campaign = factories.make_campaign(clips=1)
    consent = campaign.tasks.get().clip.participants.get().consents.get()

    review.withdraw(consent, reviewer, "By letter.")

    assert not campaign.tasks.cleared().exists()
    event = Event.objects.get(verb="consent.withdrawn")
    assert (event.actor, event.data["reason"]) == (str(reviewer.pk), "By letter.")


def test_a_rejection_needs_a_reason(reviewer: User) -> None:
    consent = factories.make_consent()

    with pytest.raises(review.DecisionError, match="needs a reason"):
        review.reject(consent, reviewer, "  ")

    consent.refresh_from_db()
    assert consent.state == State.PENDING


def test_a_second_decision_is_refused_and_says_what_was_decided(reviewer: User) -> None:
    consent = factories.make_consent()
    review.reject(consent, reviewer, "No signature.")

    with pytest.raises(review.DecisionError, match="rejected"):
        review.approve(consent, reviewer)

    consent.refresh_from_db()
    assert (consent.state, consent.reason) == (State.REJECTED, "No signature.")


def test_a_consent_that_ran_out_is_not_approved(reviewer: User) -> None:
    long_ago = timezone.now() - timedelta(days=10)
    consent = factories.make_consent(given_at=long_ago, expires_at=long_ago + timedelta(days=1))

    with pytest.raises(review.DecisionError, match="run out"):
        review.approve(consent, reviewer)

    assert not Event.objects.filter(verb="consent.approved").exists()
