"""The gate: who is in a clip, what they allowed, and until when."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from annotation import launching, releasing
from annotation.heard import listen
from annotation.media_links import media_url
from annotation.models import Assignment, Campaign, Consensus, Population, Task
from consent import gate, review
from consent.models import Consent, Participant, Purpose
from tests.factories import (
    answer_to,
    draw_media,
    lease,
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    make_consent,
    make_consenting_participant,
    make_label,
    make_participant,
    make_reviewer,
    send,
)

SCIENCE, TEACHING = Purpose.AFFECTIVE_SCIENCE, Purpose.TEACHING


def task_showing(*people: Participant, purpose: str = SCIENCE) -> Task:
    collection = make_collection()
    make_clip(collection, *people)
    return make_campaign(collection, running=False, purpose=purpose).tasks.get()


def is_cleared(task: Task) -> bool:
    return Task.objects.cleared().contains(task)


def consent_of(task: Task) -> Consent:
    return Consent.objects.get(participant__clips__tasks=task)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("consenting", "silent", "is_open"),
    [(0, 0, False), (1, 0, True), (2, 0, True), (0, 1, False), (1, 1, False), (2, 1, False)],
)
def test_everybody_in_a_clip_has_to_allow_it(consenting: int, silent: int, is_open: bool) -> None:  # noqa: FBT001
    people = [make_consenting_participant() for _ in range(consenting)]
    people += [make_participant() for _ in range(silent)]

    assert is_cleared(task_showing(*people)) == is_open


@pytest.mark.django_db
def test_a_consent_opens_only_the_purposes_it_names() -> None:
    person = make_consenting_participant([SCIENCE])

    assert not is_cleared(task_showing(person, purpose=TEACHING))


@pytest.mark.django_db
def test_the_purposes_of_several_consents_add_up() -> None:
    person = make_consenting_participant([SCIENCE])
    review.approve(make_consent(person, purposes=[TEACHING]), make_reviewer())

    assert is_cleared(task_showing(person, purpose=TEACHING))


@pytest.mark.django_db
def test_a_consent_that_waits_for_review_opens_nothing() -> None:
    person = make_participant()
    make_consent(person)

    assert not is_cleared(task_showing(person))


@pytest.mark.django_db
def test_an_approval_opens_what_was_closed() -> None:
    person = make_participant()
    consent = make_consent(person)
    task = task_showing(person)

    review.approve(consent, make_reviewer())

    assert is_cleared(task)


@pytest.mark.django_db
def test_a_consent_that_runs_out_closes_by_time_alone() -> None:
    task = task_showing(make_consenting_participant())

    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not is_cleared(task)


@pytest.mark.django_db
def test_the_first_deadline_of_several_people_counts() -> None:
    soon = make_consent(expires_at=timezone.now() + timedelta(hours=1))
    review.approve(soon, None)
    task = task_showing(make_consenting_participant(), soon.participant)

    assert task.cleared_until == soon.expires_at


@pytest.mark.django_db
def test_another_purpose_of_a_draft_is_another_question() -> None:
    task = task_showing(make_consenting_participant([SCIENCE]))

    launching.change_campaign(task.campaign, {"purpose": TEACHING}, task.campaign.owner)

    assert not is_cleared(task)


@pytest.mark.django_db
def test_withdrawing_closes_every_campaign_at_once() -> None:
    person = make_consenting_participant([SCIENCE, TEACHING])
    collection = make_collection()
    make_clip(collection, person)
    for purpose in (SCIENCE, TEACHING):
        make_campaign(collection, purpose=purpose)
    assert Task.objects.cleared().count() == 2

    review.withdraw(person.consents.get(), None)

    assert not Task.objects.cleared().exists()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_that_fails_closes_nothing_and_one_that_holds_closes_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    task = task_showing(make_consenting_participant())

    def fail(*_: object, **__: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patch:
        patch.setattr(review, "record", fail)
        with pytest.raises(ConnectionError):
            review.withdraw(consent_of(task), None)

    assert is_cleared(task)
    review.withdraw(consent_of(task), None)
    assert not is_cleared(task)


@pytest.mark.django_db
def test_other_peoples_clips_stay_open() -> None:
    other = task_showing(make_consenting_participant())
    task = task_showing(make_consenting_participant())

    review.withdraw(consent_of(task), None)

    assert is_cleared(other)


@pytest.fixture
def closed(campaign: Campaign, annotator: User) -> Assignment:
    """An assignment in hand, of a labelled task whose person then withdrew."""
    (assignment,) = lease(campaign, annotator)
    make_label(assignment.task)
    draw_media(assignment.task.clip)
    review.withdraw(consent_of(assignment.task), None)
    return assignment


def test_a_lease_ends_with_the_consent(closed: Assignment) -> None:
    assert releasing.release_blocked() == 1

    closed.refresh_from_db()
    assert closed.state == Assignment.State.WITHDRAWN
    assert Task.objects.get(pk=closed.task_id).live == 1


def test_a_closed_clip_is_not_served(closed: Assignment) -> None:
    assert lease(closed.campaign, closed.annotator) == []
    assert lease(closed.campaign, make_annotator()) == []


def test_a_closed_clip_has_no_media(closed: Assignment, client: Client) -> None:
    client.force_login(closed.annotator)

    assert client.get(media_url(closed.task_id, closed.annotator_id)).status_code == 404


def test_no_answer_about_a_closed_clip_is_kept(closed: Assignment) -> None:
    result = send(closed.campaign, closed.annotator, answer_to(closed))

    assert result.status == "withdrawn"


def test_no_statistic_hears_of_a_closed_clip(closed: Assignment) -> None:
    assert listen(closed.campaign, Population.CROWD).labels == []
    assert not Consensus.objects.consented().exists()


def test_a_campaign_without_an_open_clip_does_not_start(researcher: User) -> None:
    collection = make_collection()
    make_clip(collection, make_participant())
    campaign = make_campaign(collection, running=False)

    with pytest.raises(launching.NotPossibleError, match="consents"):
        launching.start(campaign, researcher)


def test_the_preview_counts_what_may_be_used(db: None) -> None:
    collection = make_collection(clips=2)
    make_clip(collection, make_participant())
    make_clip(collection)

    preview = launching.preview(collection, SCIENCE)

    assert (preview.clips, preview.cleared, preview.blocked) == (4, 2, 2)


def test_the_slow_definition_denies_a_clip_of_nobody(db: None) -> None:
    assert not gate.allows([], SCIENCE)
