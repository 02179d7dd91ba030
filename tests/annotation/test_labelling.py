"""What becomes of an answer: stored exactly once, or refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from annotation import releasing
from annotation.answers import RECORD_CHARACTERS, Answer
from annotation.labelling import exchange
from annotation.models import Assignment, Campaign, Label, Member
from annotation.soundness import examine
from audit.models import Event
from consent import review
from consent.models import Consent
from tests.factories import (
    EMOTIONS,
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_user,
    send,
)

AFTER = timedelta(seconds=901)


@pytest.fixture
def assignment(campaign: Campaign, annotator: User) -> Assignment:
    return lease(campaign, annotator)[0]


def test_an_answer_is_stored(campaign: Campaign, assignment: Assignment) -> None:
    result = send(campaign, assignment.annotator, answer_to(assignment, "anger"))

    label = Label.objects.get()
    assert (result.status, result.label) == ("created", label.pk)
    assert label.value == {"emotion": "anger"}


def test_a_label_carries_what_was_asked_shown_and_done(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    campaign.tasks.update(reason="audit", probability=0.5)
    (assignment,) = lease(campaign, annotator)
    done = {"latency_ms": 900, "active_ms": 800, "changes": 2}
    records = {"playback": {"plays": 2}, "shown": {"modality": "image"}}
    answer = answer_to(assignment, **done, **records)

    send(campaign, annotator, answer)

    label: dict[str, Any] = dict(**Label.objects.values().get())
    expected = done | records | {
        "client_id": answer.client_id,
        "scheme_id": campaign.scheme_id,
        "perspective": "perceived",
        "stage": "blind",
        "population": "crowd",
        "position": 1,
        "options_order": assignment.options_order,
        "reason": "audit",
        "probability": 0.5,
        "late": False,
    }  # fmt: skip
    assert {name: label[name] for name in expected} == expected
    assert campaign.scheme.questions[0]["prompt"] == "What does the person feel?"


def test_the_labels_of_experts_are_a_population_of_their_own(campaign: Campaign) -> None:
    expert = make_user("expert")  # type: ignore[arg-type]
    send(campaign, expert, answer_to(*lease(campaign, expert)))

    assert Label.objects.get().population == "expert"


def test_the_same_submission_again_gives_the_same_label(
    campaign: Campaign, assignment: Assignment
) -> None:
    answer = answer_to(assignment)
    first = send(campaign, assignment.annotator, answer)

    second = send(campaign, assignment.annotator, answer)

    assert (second.status, second.label) == ("duplicate", first.label)
    assert Label.objects.count() == 1


@pytest.mark.parametrize("change", [{"value": "anger"}, {"value": None, "skip": "other"}])
def test_something_else_under_the_same_key_is_a_conflict(
    campaign: Campaign, assignment: Assignment, change: dict[str, Any]
) -> None:
    answer = answer_to(assignment, "joy")
    send(campaign, assignment.annotator, answer)

    result = send(campaign, assignment.annotator, replace(answer, **change))

    assert (result.status, result.code) == ("invalid", "conflict")
    assert Label.objects.get().value == {"emotion": "joy"}


def test_an_assignment_is_answered_once(campaign: Campaign, assignment: Assignment) -> None:
    send(campaign, assignment.annotator, answer_to(assignment, "joy"))

    result = send(campaign, assignment.annotator, answer_to(assignment, "joy"))

    assert (result.status, result.code) == ("invalid", "conflict")
    assert Label.objects.count() == 1


def test_a_key_is_new_for_another_annotator(campaign: Campaign, assignment: Assignment) -> None:
    answer = answer_to(assignment)
    send(campaign, assignment.annotator, answer)
    other = make_annotator()
    (theirs,) = lease(campaign, other)

    result = send(campaign, other, replace(answer, assignment=theirs.pk))

    assert result.status == "created"


def test_a_late_answer_is_kept_and_does_not_count(
    campaign: Campaign, assignment: Assignment
) -> None:
    with time_machine.travel(timezone.now() + AFTER):
        result = send(campaign, assignment.annotator, answer_to(assignment))

    assert (result.status, result.code) == ("late", "lease_gone")
    assert Label.objects.get(late=True).pk == result.label
    assert not Label.objects.standing().exists()
    assert campaign.tasks.get(pk=assignment.task_id).live == 0
    assert examine(campaign).is_sound


def test_a_late_answer_after_the_place_was_given_back_changes_no_counter(
    campaign: Campaign, assignment: Assignment
) -> None:
    with time_machine.travel(timezone.now() + AFTER):
        releasing.release_overdue()
        send(campaign, assignment.annotator, answer_to(assignment))

    assert campaign.tasks.get(pk=assignment.task_id).live == 0
    assert examine(campaign).is_sound


def test_a_late_answer_sent_twice_is_kept_once(campaign: Campaign, assignment: Assignment) -> None:
    answer = answer_to(assignment)
    with time_machine.travel(timezone.now() + AFTER):
        first = send(campaign, assignment.annotator, answer)
        second = send(campaign, assignment.annotator, answer)

    assert (second.status, second.label) == ("late", first.label)
    assert Label.objects.count() == 1


def test_a_second_late_answer_is_a_conflict(campaign: Campaign, assignment: Assignment) -> None:
    with time_machine.travel(timezone.now() + AFTER):
        send(campaign, assignment.annotator, answer_to(assignment))
        second = send(campaign, assignment.annotator, answer_to(assignment))

    assert (second.status, second.code) == ("invalid", "conflict")
    assert Label.objects.count() == 1


def test_after_a_late_answer_the_task_may_be_labelled_in_time(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    (first,) = lease(campaign, annotator)
    with time_machine.travel(timezone.now() + AFTER):
        send(campaign, annotator, answer_to(first))
        (second,) = lease(campaign, annotator)
        result = send(campaign, annotator, answer_to(second))

    assert result.status == "created"
    assert Label.objects.standing().count() == 1


def withdraw_all() -> None:
    for consent in Consent.objects.all():
        review.withdraw(consent, None)


@pytest.mark.parametrize("is_released_first", [False, True])
def test_nothing_is_kept_of_a_clip_that_was_withdrawn(
    campaign: Campaign, assignment: Assignment, *, is_released_first: bool
) -> None:
    withdraw_all()
    if is_released_first:
        releasing.release_blocked()

    result = send(campaign, assignment.annotator, answer_to(assignment))

    assert (result.status, result.code) == ("withdrawn", "clip_withdrawn")
    assert not Label.objects.exists()
    assert examine(campaign).is_sound


@pytest.mark.parametrize("is_released_first", [False, True])
def test_work_on_a_withdrawn_clip_is_credited_once(
    campaign: Campaign, assignment: Assignment, *, is_released_first: bool
) -> None:
    withdraw_all()
    if is_released_first:
        releasing.release_blocked()
    answer = answer_to(assignment)

    for again in (answer, answer, answer_to(assignment)):
        assert send(campaign, assignment.annotator, again).status == "withdrawn"

    assert Member.objects.get(user=assignment.annotator).labelled == 1


def test_a_skip_is_stored_with_its_reason(campaign: Campaign, assignment: Assignment) -> None:
    result = send(campaign, assignment.annotator, answer_to(assignment, None, skip="distressing"))

    assignment.refresh_from_db()
    assert (result.status, result.label) == ("created", None)
    assert (assignment.state, assignment.skip_reason) == ("skipped", "distressing")
    assert examine(campaign).is_sound


def test_the_same_skip_again_is_a_duplicate(campaign: Campaign, assignment: Assignment) -> None:
    answer = answer_to(assignment, None, skip="other")
    send(campaign, assignment.annotator, answer)

    assert send(campaign, assignment.annotator, answer).status == "duplicate"
    assert Member.objects.get(user=assignment.annotator).skipped == 1


@pytest.mark.parametrize("is_one_batch", [False, True])
def test_the_key_of_a_skip_does_not_serve_for_a_label(
    campaign: Campaign, annotator: User, *, is_one_batch: bool
) -> None:
    first, second = lease(campaign, annotator, 2)
    skip = answer_to(first, None, skip="other")
    label = replace(answer_to(second), client_id=skip.client_id)

    if is_one_batch:
        result = exchange(campaign, annotator, [skip, label], 0).results[1]
    else:
        send(campaign, annotator, skip)
        result = send(campaign, annotator, label)

    assert (result.status, result.code) == ("invalid", "conflict")
    assert not Label.objects.exists()


def test_a_skip_for_no_known_reason_is_refused(campaign: Campaign, assignment: Assignment) -> None:
    result = send(campaign, assignment.annotator, answer_to(assignment, None, skip="bored"))

    assert result.status == "invalid"
    assert "cannot-tell" in result.errors["skip"]
    assert Assignment.objects.leased().contains(assignment)


def test_a_late_skip_changes_nothing(campaign: Campaign, assignment: Assignment) -> None:
    with time_machine.travel(timezone.now() + AFTER):
        releasing.release_overdue()
        result = send(campaign, assignment.annotator, answer_to(assignment, None, skip="other"))

    assert result.status == "late"
    assert examine(campaign).is_sound


def test_an_assignment_of_another_is_not_there(campaign: Campaign, assignment: Assignment) -> None:
    result = send(campaign, make_annotator(), answer_to(assignment))

    assert (result.status, result.code) == ("invalid", "not_found")
    assert not Label.objects.exists()


def test_an_assignment_of_another_campaign_is_not_there(assignment: Assignment) -> None:
    result = send(make_campaign(), assignment.annotator, answer_to(assignment))

    assert result.code == "not_found"


WRONG: list[tuple[Any, str]] = [
    ("fury", "emotion"),
    (None, "emotion"),
    ({}, "emotion"),
    ({"emotion": None}, "emotion"),
    ({"emotion": ["joy"]}, "emotion"),
    ({"emotion": {"value": "joy"}}, "emotion"),
    ({"emotion": True}, "emotion"),
    ({"emotion": 10**400}, "emotion"),
    ({"emotion": "x" * 1_000_000}, "emotion"),
    ({"emotion": "<b>joy</b>"}, "emotion"),
    ({"emotion": "joy", "mood": "joy"}, "mood"),
    ({"emotion": "joy", "confidence": 0}, "confidence"),
    ({"emotion": "joy", "confidence": 6}, "confidence"),
    ({"emotion": "joy", "confidence": True}, "confidence"),
    ({"emotion": "joy", "confidence": 2.5}, "confidence"),
    ({"emotion": "joy", "confidence": "3"}, "confidence"),
    ({"emotion": "joy", "confidence": 10**30}, "confidence"),
    ([], "emotion"),
    ([["joy"]], "emotion"),
]


@pytest.mark.parametrize(("value", "field"), WRONG, ids=lambda value: str(value)[:40])
def test_a_value_outside_the_scheme_is_refused_by_its_field(
    annotator: User, value: Any, field: str
) -> None:
    campaign = make_campaign(clips=1, confidence=True)
    (assignment,) = lease(campaign, annotator)

    result = send(campaign, annotator, answer_to(assignment, value))

    assert result.status == "invalid"
    assert list(result.errors) == [f"value.{field}"]
    assert len(result.errors[f"value.{field}"]) < 300
    assert Assignment.objects.leased().contains(assignment)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("joy", {"emotion": "joy", "confidence": None}),
        ({"emotion": "joy"}, {"emotion": "joy", "confidence": None}),
        ({"emotion": "joy", "confidence": None}, {"emotion": "joy", "confidence": None}),
        ({"emotion": "joy", "confidence": 5}, {"emotion": "joy", "confidence": 5}),
    ],
)
def test_an_untouched_scale_stays_null(annotator: User, value: Any, stored: dict[str, Any]) -> None:
    campaign = make_campaign(clips=1, confidence=True)
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(assignment, value))

    assert Label.objects.get().value == stored


def test_options_that_are_numbers_may_be_sent_as_numbers(annotator: User) -> None:
    campaign = make_campaign(clips=1, options=["0", "1"])
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(assignment, 1))

    assert Label.objects.get().value == {"emotion": "1"}


@pytest.mark.parametrize("name", ["playback", "shown"])
def test_what_is_recorded_beside_a_label_is_bounded(
    campaign: Campaign, assignment: Assignment, name: str
) -> None:
    record = {"events": [0] * RECORD_CHARACTERS}

    result = send(campaign, assignment.annotator, answer_to(assignment, **{name: record}))

    assert (result.status, list(result.errors)) == ("invalid", [name])


def test_one_bad_answer_does_not_hold_up_the_others(annotator: User) -> None:
    campaign = make_campaign(clips=3)
    one, two, three = lease(campaign, annotator, 3)
    sent = [answer_to(one), answer_to(two, "fury"), answer_to(three, None, skip="other")]

    done = exchange(campaign, annotator, sent, want=0)

    assert [result.status for result in done.results] == ["created", "invalid", "created"]
    assert [result.client_id for result in done.results] == [one.client_id for one in sent]
    assert examine(campaign, [sent[0].client_id]).is_sound


@pytest.mark.parametrize(("second", "status"), [("joy", "duplicate"), ("anger", "invalid")])
def test_one_key_twice_in_a_batch_is_one_submission(
    campaign: Campaign, assignment: Assignment, second: str, status: str
) -> None:
    answer = answer_to(assignment, "joy")
    sent = [answer, replace(answer, value=second)]

    done = exchange(campaign, assignment.annotator, sent, want=0)

    assert [result.status for result in done.results] == ["created", status]
    assert Label.objects.get().value == {"emotion": "joy"}


@pytest.mark.parametrize("is_late", [False, True])
def test_one_assignment_twice_in_a_batch_is_answered_once(
    campaign: Campaign, assignment: Assignment, *, is_late: bool
) -> None:
    moment = timezone.now() + AFTER * is_late
    with time_machine.travel(moment):
        sent = [answer_to(assignment), answer_to(assignment)]
        done = exchange(campaign, assignment.annotator, sent, want=0)

    assert done.results[1].code == "conflict"
    assert Label.objects.count() == 1
    assert examine(campaign).is_sound


def test_the_seat_counts_what_was_done(campaign: Campaign, annotator: User) -> None:
    one, two, three = lease(campaign, annotator, 3)
    exchange(campaign, annotator, [answer_to(one), answer_to(two, None, skip="other")], 0)
    with time_machine.travel(timezone.now() + AFTER):
        send(campaign, annotator, answer_to(three))

    seat = Member.objects.get(user=annotator)
    assert (seat.served, seat.labelled, seat.skipped) == (3, 2, 1)


def test_what_was_done_is_in_the_log(campaign: Campaign, annotator: User) -> None:
    one, two, three = lease(campaign, annotator, 3)
    exchange(campaign, annotator, [answer_to(one), answer_to(two, None, skip="other")], 0)
    withdraw_all()
    send(campaign, annotator, answer_to(three))

    verbs = Event.objects.filter(actor=str(annotator.pk)).order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == [
        *["clip.served"] * 3,
        "label.created",
        "task.skipped",
        "label.refused",
    ]


def test_only_the_scheme_decides_what_can_be_said() -> None:
    answer = Answer(uuid4(), 1, value=EMOTIONS[0])

    assert answer.flaws() == {}
    assert answer.fingerprint() != replace(answer, value=EMOTIONS[1]).fingerprint()
