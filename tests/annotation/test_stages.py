"""Blind first, then the context a layer at a time, then a suggestion; each answer locks."""

from __future__ import annotations

import itertools
import random
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from annotation import consensus, heard, releasing, soundness, staging
from annotation.answers import Answer, Result
from annotation.labelling import exchange
from annotation.models import Assignment, Campaign, Consensus, Label, Population
from audit.models import Event
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    make_consenting_participant,
    send,
)

LAYERS = {"before": "They had argued.", "setting": "At work"}
SURE = {"context_first_share": 0.0, "never_suggested_share": 0.0}


def staged(*stages: str, **settings: Any) -> Campaign:
    collection = make_collection()
    make_clip(collection, make_consenting_participant(), layers=LAYERS)
    return make_campaign(collection, stages=list(stages), **{**SURE, **settings})


@pytest.fixture
def campaign(db: None) -> Campaign:
    return staged("blind", "context")


def answer(campaign: Campaign, who: User, value: str, **fields: Any) -> Result:
    (assignment,) = lease(campaign, who)
    fields.setdefault("step", assignment.step if "stage" not in fields else None)
    return send(campaign, who, answer_to(assignment, value, **fields))


def test_the_answer_in_a_stage_opens_the_next_one_of_the_same_clip(
    campaign: Campaign, annotator: User
) -> None:
    (assignment,) = lease(campaign, annotator)

    done = exchange(campaign, annotator, [answer_to(assignment, "joy")], 1)

    (again,) = done.assignments
    assert again == assignment
    assert again.plan[again.step] == {"stage": "context", "layers": ["before"]}


def test_every_layer_stores_whether_the_answer_was_kept(
    campaign: Campaign, annotator: User
) -> None:
    for value in ("joy", "joy", "anger"):
        answer(campaign, annotator, value)

    rows = list(Label.objects.order_by("pk").values_list("stage", "step", "kept"))
    assert rows == [("blind", 0, None), ("context", 1, True), ("context", 2, False)]
    last = Label.objects.latest("pk")
    assert last.shown["layers"] == ["before", "setting"]
    assert Assignment.objects.get().state == "labelled"
    assert soundness.examine(campaign).is_sound


@pytest.mark.parametrize("stage", ["context", "assisted", "nonsense"])
def test_a_stage_that_is_not_open_is_refused_by_name(
    stage: str, campaign: Campaign, annotator: User
) -> None:
    result = answer(campaign, annotator, "joy", stage=stage)

    assert (result.status, list(result.errors)) == ("invalid", ["stage"])
    assert not Label.objects.exists()


def test_the_blind_answer_locks_once_the_context_is_shown(
    campaign: Campaign, annotator: User
) -> None:
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    send(campaign, annotator, first)

    result = send(campaign, annotator, answer_to(assignment, "anger", supersedes=first.client_id))

    assert (result.status, list(result.errors)) == ("invalid", ["supersedes"])
    assert Label.objects.get().value == {"emotion": "joy"}


def test_a_repeated_answer_is_known_after_the_clip_went_on(
    campaign: Campaign, annotator: User
) -> None:
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    send(campaign, annotator, first)
    send(campaign, annotator, answer_to(assignment, "anger", step=1))

    assert send(campaign, annotator, first).status == "duplicate"
    assert Label.objects.count() == 2


def test_a_lease_that_runs_out_halfway_keeps_its_place(campaign: Campaign, annotator: User) -> None:
    answer(campaign, annotator, "joy")
    later = timezone.now() + timedelta(hours=1)

    with time_machine.travel(later, tick=False):
        releasing.release_overdue()

    assert Assignment.objects.get().state == "labelled"
    assert campaign.tasks.get().live == 1
    assert soundness.examine(campaign).is_sound


def test_a_skip_halfway_keeps_what_was_said(campaign: Campaign, annotator: User) -> None:
    answer(campaign, annotator, "joy")
    (assignment,) = lease(campaign, annotator)

    result = send(campaign, annotator, Answer(uuid4(), assignment.pk, skip="other"))

    assert result.status == "created"
    assert Assignment.objects.get().state == "labelled"
    assert soundness.examine(campaign).is_sound


def test_an_answer_after_the_lease_ran_out_halfway_is_late(
    campaign: Campaign, annotator: User
) -> None:
    answer(campaign, annotator, "joy")
    (assignment,) = lease(campaign, annotator)
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        releasing.release_overdue()

        result = send(campaign, annotator, answer_to(assignment, "anger", step=1))

    assert result.status == "late"
    assert Label.objects.filter(late=False).count() == 1


def test_who_saw_the_context_first_is_never_heard_as_blind(annotator: User) -> None:
    campaign = staged("blind", "context", context_first_share=1.0)

    answer(campaign, annotator, "joy")

    label = Label.objects.get()
    assert (label.stage, label.assignment.arm) == ("context", "context-first")
    assert label.shown["layers"] == ["before", "setting"]
    assert not heard.labels(campaign, Population.CROWD, None).exists()


def test_a_suggestion_comes_only_after_the_blind_answer(annotator: User) -> None:
    campaign = staged("blind", "assisted")
    campaign.tasks.update(suggestion={"joy": 1.0})

    answer(campaign, annotator, "joy")
    answer(campaign, annotator, "joy", stage="assisted")

    blind, assisted = Label.objects.order_by("pk")
    assert "suggestion" not in blind.shown
    assert assisted.shown["suggestion"] == {"joy": 1.0}


def test_without_a_suggestion_there_is_no_assisted_stage(annotator: User) -> None:
    campaign = staged("blind", "assisted")

    answer(campaign, annotator, "joy")

    assert Assignment.objects.get().state == "labelled"


def test_undo_adds_a_label_in_place_of_the_last(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    second = answer_to(assignment, "anger", supersedes=first.client_id)
    send(campaign, annotator, first)

    result = send(campaign, annotator, second)

    assert result.status == "created"
    assert Label.objects.standing().get().value == {"emotion": "anger"}
    assert Event.objects.filter(verb="label.revised").count() == 1
    assert campaign.members.get().labelled == 1
    assert send(campaign, annotator, second).status == "duplicate"
    assert soundness.examine(campaign, [first.client_id, second.client_id]).is_sound


def test_an_answer_and_its_correction_may_come_together(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    second = answer_to(assignment, "anger", supersedes=first.client_id)

    results = exchange(campaign, annotator, [first, second], 0).results

    assert [result.status for result in results] == ["created", "created"]
    assert Label.objects.standing().get().value == {"emotion": "anger"}


def test_a_correction_reaches_the_consensus(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    send(campaign, annotator, first)
    consensus.refresh(campaign, settle=True)

    send(campaign, annotator, answer_to(assignment, "anger", supersedes=first.client_id))
    consensus.refresh(campaign)

    joy, _sadness, anger, _calm = Consensus.objects.get().distribution
    assert anger > joy


@pytest.mark.parametrize("why", ["too late", "somebody else's", "changed before", "unknown"])
def test_what_cannot_be_undone_says_so(why: str, annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=2)
    (assignment,) = lease(campaign, annotator)
    first = answer_to(assignment, "joy")
    send(campaign, annotator, first)
    undo = answer_to(assignment, "anger", supersedes=first.client_id)
    if why == "changed before":
        send(campaign, annotator, answer_to(assignment, "calm", supersedes=first.client_id))
    if why == "somebody else's":
        (theirs,) = lease(campaign, annotator := make_annotator())
        undo = answer_to(theirs, "anger", supersedes=first.client_id)
    if why == "unknown":
        undo = answer_to(assignment, "anger", supersedes=uuid4())
    n = Label.objects.count()

    with time_machine.travel(timezone.now() + timedelta(minutes=5 * (why == "too late"))):
        result = send(campaign, annotator, undo)

    assert list(result.errors) == ["supersedes"]
    assert Label.objects.count() == n


@pytest.mark.parametrize(
    ("playback", "status"),
    [
        ({"ended": False, "seconds": 1.0}, "invalid"),
        ({"ended": False, "seconds": "all"}, "invalid"),
        ({"ended": True}, "created"),
        ({"ended": False, "seconds": 3.9}, "created"),
        ({}, "created"),
    ],
)
def test_an_answer_needs_a_full_view(
    playback: dict[str, Any], status: str, annotator: User
) -> None:
    collection = make_collection()
    make_clip(collection, make_consenting_participant(), kind="video", duration=4.0)
    campaign = make_campaign(collection)

    result = answer(campaign, annotator, "joy", playback=playback)

    assert result.status == status
    assert list(result.errors) == (["playback"] if status == "invalid" else [])


def test_half_a_view_is_enough_where_the_campaign_says_so(annotator: User) -> None:
    collection = make_collection()
    make_clip(collection, make_consenting_participant(), kind="video", duration=4.0)
    campaign = make_campaign(collection, full_view=False)

    assert answer(campaign, annotator, "joy", playback={"ended": False}).status == "created"


def test_labels_stay_append_only_after_the_table_was_made_anew(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    answer(campaign, annotator, "joy")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Label.objects.update(step=1)

    assert connection.is_usable()


@given(
    st.sampled_from(staging.PLANS),
    st.lists(st.sampled_from(staging.LAYERS), unique=True),
    st.sampled_from([None, {"joy": 1.0}]),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.integers(),
)
def test_no_plan_shows_too_much_too_soon(
    stages: list[str],
    layers: list[str],
    suggestion: dict[str, float] | None,
    shares: tuple[float, float],
    seed: int,
) -> None:
    chance = random.Random(seed)  # noqa: S311

    arm, steps = staging.draw(stages, layers, suggestion, shares, chance)

    shown = [step["layers"] for step in steps]
    assert all(a == b[: len(a)] for a, b in itertools.pairwise(shown))
    assert steps[0]["stage"] == ("context" if arm == "context-first" else "blind")
    assert all("suggestion" not in step for step in steps[:-1])
    assert {step["stage"] for step in steps} <= set(stages)
    if arm:
        assert "suggestion" not in steps[-1]


def test_the_shares_of_the_arms_are_those_asked_for() -> None:
    chance = random.Random(0)  # noqa: S311
    plans = [
        staging.draw(["blind", "context", "assisted"], ["setting"], {"a": 1.0}, (0.2, 0.1), chance)
        for _ in range(4000)
    ]

    arms = [arm for arm, _ in plans]
    assert arms.count("context-first") / 4000 == pytest.approx(0.2, abs=0.03)
    assert arms.count("unassisted") / 4000 == pytest.approx(0.8 * 0.1, abs=0.02)


def test_a_consent_lost_halfway_does_not_give_the_place_away(
    campaign: Campaign, annotator: User
) -> None:
    answer(campaign, annotator, "joy")
    task = campaign.tasks.get()
    campaign.tasks.update(cleared_until=None)
    releasing.release_blocked()

    campaign.tasks.update(cleared_until=timezone.now() + timedelta(days=1))

    assert Assignment.objects.get().state == "labelled"
    assert task.live <= campaign.tasks.get().live == 1
    assert not lease(campaign, annotator)
    assert soundness.examine(campaign).is_sound


def test_a_second_answer_is_not_taken_for_one_in_context(
    campaign: Campaign, annotator: User
) -> None:
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, Answer(uuid4(), assignment.pk, "joy"))

    results = [
        send(campaign, annotator, Answer(uuid4(), assignment.pk, "joy")),
        send(campaign, annotator, Answer(uuid4(), assignment.pk, "joy", step=2)),
    ]

    assert [list(result.errors) for result in results] == [["stage"], ["stage"]]
    assert Label.objects.count() == 1


def test_the_first_answer_is_credited_whatever_becomes_of_the_rest(
    campaign: Campaign, annotator: User
) -> None:
    answer(campaign, annotator, "joy")

    assert campaign.members.get().labelled == 1


def test_the_effect_of_context_compares_different_people(db: None) -> None:
    campaign = staged("blind", "context", context_first_share=0.5, redundancy=12)
    for _ in range(12):
        who = make_annotator()
        (assignment,) = lease(campaign, who)
        value = "anger" if assignment.arm else "joy"
        send(campaign, who, answer_to(assignment, value))

    alone, together = heard.before_and_after(campaign, Population.CROWD)

    assert set(alone.label) == {0}
    assert set(together.label) == {2}
    assert not set(alone.annotator) & set(together.annotator)
