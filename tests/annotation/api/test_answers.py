"""Next, label, skip, renew and batch, as a script calls them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from annotation.models import Assignment, Audience, Campaign, Label
from consent import review
from consent.models import Consent
from tests.annotation.api.calling import Caller, problem
from tests.factories import draw_media, lease, make_annotator, make_campaign

AFTER = timedelta(seconds=901)


@pytest.fixture
def caller(annotator: User) -> Caller:
    return Caller(annotator)


@pytest.fixture
def assignment(campaign: Campaign, annotator: User) -> Assignment:
    return lease(campaign, annotator)[0]


def label(caller: Caller, assignment: Assignment, value: Any = "joy", **fields: Any) -> Any:
    body = {"client_id": str(uuid4()), "value": value, **fields}
    return caller.post(f"assignments/{assignment.pk}/label/", body)


def test_next_brings_all_that_a_page_needs(campaign: Campaign, caller: Caller) -> None:
    document = caller.post(f"campaigns/{campaign.pk}/next/").json()

    assert set(document) == {
        *("assignment", "lease_expires_at", "task", "clip", "clips", "scheme", "stage"),
        *("step", "steps", "context", "suggestion", "previous", "position", "options_order"),
        *("captions_url", "full_view", "undo_seconds", "flags", "veil"),
    }
    assert document["scheme"]["questions"] == campaign.scheme.questions
    assert {"id", "external_id", "kind", "media_url", "duration"} <= set(document["clip"])


def test_next_leads_to_the_media(campaign: Campaign, caller: Caller) -> None:
    for clip in campaign.collection.clips.all():
        draw_media(clip)

    url = caller.post(f"campaigns/{campaign.pk}/next/").json()["clip"]["media_url"]

    response = caller.get(url)
    assert response["Content-Type"] == "image/jpeg"
    assert b"".join(response.streaming_content)


def test_next_says_why_there_is_nothing(caller: Caller) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    lease(campaign, make_annotator())

    document = caller.post(f"campaigns/{campaign.pk}/next/").json()

    assert document == {"assignment": None, "reason": "waiting", "retry_after": 15}


def test_a_campaign_of_others_is_not_there(caller: Caller) -> None:
    campaign = make_campaign(audience=Audience.INVITED)

    problem(caller.post(f"campaigns/{campaign.pk}/next/"), 404)
    problem(caller.get(f"campaigns/{campaign.pk}/"), 404)


def test_a_label_is_created_and_brings_the_next(caller: Caller, assignment: Assignment) -> None:
    response = label(caller, assignment)

    assert response.status_code == 201
    assert response.json()["label"] == Label.objects.get().pk
    assert response.json()["next"]["assignment"] not in (None, assignment.pk)


def test_a_label_that_arrives_twice_is_there_once(caller: Caller, assignment: Assignment) -> None:
    key = str(uuid4())
    first = label(caller, assignment, client_id=key)

    second = label(caller, assignment, client_id=key)

    assert second.status_code == 200
    assert second.json()["label"] == first.json()["label"]


@pytest.mark.parametrize("is_same_key", [False, True])
def test_another_label_on_the_assignment_is_a_conflict(
    caller: Caller, assignment: Assignment, *, is_same_key: bool
) -> None:
    keys = [str(uuid4()), str(uuid4())]
    label(caller, assignment, "joy", client_id=keys[0])

    response = label(caller, assignment, "anger", client_id=keys[not is_same_key])

    assert problem(response, 409)["code"] == "conflict"


def test_a_label_after_its_lease_is_kept_as_late(caller: Caller, assignment: Assignment) -> None:
    key = str(uuid4())
    with time_machine.travel(timezone.now() + AFTER):
        first = label(caller, assignment, client_id=key)
        second = label(caller, assignment, client_id=key)

    assert problem(first, 410)["code"] == problem(second, 410)["code"] == "lease_gone"
    assert Label.objects.get().late


def test_a_label_on_a_withdrawn_clip_is_not_kept(caller: Caller, assignment: Assignment) -> None:
    review.withdraw(Consent.objects.get(), None)

    assert problem(label(caller, assignment), 410)["code"] == "clip_withdrawn"
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("value", "field"),
    [("fury", "value.emotion"), (None, "value.emotion"), ({"mood": "joy"}, "value.mood")],
)
def test_a_value_that_is_wrong_is_named(
    caller: Caller, assignment: Assignment, value: Any, field: str
) -> None:
    document = problem(label(caller, assignment, value), 422)

    assert document["code"] == "invalid"
    assert field in document["errors"]


def test_what_is_too_much_is_named(caller: Caller, assignment: Assignment) -> None:
    document = problem(label(caller, assignment, playback={"events": "x" * 30_000}), 422)

    assert list(document["errors"]) == ["playback"]


@pytest.mark.parametrize("call", ["label", "skip", "renew"])
def test_the_assignment_of_another_is_not_there(assignment: Assignment, call: str) -> None:
    stranger = Caller(make_annotator())
    body = {
        "label": {"client_id": str(uuid4()), "value": "joy"},
        "skip": {"reason": "other"},
        "renew": {},
    }[call]

    problem(stranger.post(f"assignments/{assignment.pk}/{call}/", body), 404)


def test_a_skip_brings_the_next(caller: Caller, assignment: Assignment) -> None:
    response = caller.post(f"assignments/{assignment.pk}/skip/", {"reason": "distressing"})

    assert response.status_code == 201
    assert response.json()["label"] is None
    assert response.json()["next"]["assignment"]


def test_a_skip_needs_a_reason_that_is_known(caller: Caller, assignment: Assignment) -> None:
    response = caller.post(f"assignments/{assignment.pk}/skip/", {"reason": "bored"})

    assert "reason" in problem(response, 422)["errors"]


def test_a_lease_is_extended(caller: Caller, assignment: Assignment) -> None:
    response = caller.post(f"assignments/{assignment.pk}/renew/")

    assert response.status_code == 200
    assert response.json()["assignment"] == assignment.pk


def test_a_lease_that_is_gone_is_not_extended(caller: Caller, assignment: Assignment) -> None:
    with time_machine.travel(timezone.now() + AFTER):
        response = caller.post(f"assignments/{assignment.pk}/renew/")

    assert problem(response, 410)["code"] == "lease_gone"


def test_a_batch_answers_for_each_and_brings_more(annotator: User, caller: Caller) -> None:
    campaign = make_campaign(clips=5)
    one, two, three = lease(campaign, annotator, 3)
    answers = [
        {"client_id": str(uuid4()), "assignment": one.pk, "value": {"emotion": "joy"}},
        {"client_id": str(uuid4()), "assignment": two.pk, "value": "fury"},
        {"client_id": str(uuid4()), "assignment": three.pk, "skip": "bored"},
    ]

    document = caller.post(
        f"campaigns/{campaign.pk}/batch/", {"answers": answers, "want": 3}
    ).json()

    assert [result["status"] for result in document["results"]] == ["created", "invalid", "invalid"]
    assert [result["client_id"] for result in document["results"]] == [
        answer["client_id"] for answer in answers
    ]
    assert list(document["results"][1]["errors"]) == ["value.emotion"]
    assert list(document["results"][2]["errors"]) == ["skip"]
    held = [assignment["assignment"] for assignment in document["assignments"]]
    assert held[:2] == [two.pk, three.pk]
    assert len(held) == 3
    assert document["progress"] == {
        "labelled": 1,
        "skipped": 0,
        "credited": 1,
        "total": 5,
    }


def test_a_hundred_answers_are_stored_at_once(annotator: User, caller: Caller) -> None:
    campaign = make_campaign(clips=20, redundancy=1)
    answers = []
    for _ in range(2):
        held = lease(campaign, annotator, 10)
        sent = [{"client_id": str(uuid4()), "assignment": a.pk, "value": "joy"} for a in held]
        caller.post(f"campaigns/{campaign.pk}/batch/", {"answers": sent, "want": 0})
        answers += sent

    document = caller.post(
        f"campaigns/{campaign.pk}/batch/", {"answers": answers * 5, "want": 1}
    ).json()

    assert {result["status"] for result in document["results"]} == {"duplicate"}
    assert (len(document["results"]), document["reason"]) == (100, "done")
    assert Label.objects.count() == 20


def test_a_batch_that_wants_nothing_gets_nothing(caller: Caller, campaign: Campaign) -> None:
    document = caller.post(f"campaigns/{campaign.pk}/batch/", {"want": 0}).json()

    assert (document["assignments"], document["reason"]) == ([], None)


def test_markup_in_what_is_recorded_stays_text(caller: Caller, assignment: Assignment) -> None:
    note = {"note": "<script>alert(1)</script>"}

    label(caller, assignment, shown=note)

    assert Label.objects.get().shown == note
