"""Exactly so many labels a task: in the tables themselves, and under concurrency."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from annotation import releasing, serving
from annotation.answers import Answer
from annotation.labelling import exchange
from annotation.models import Assignment, Campaign, Label, Member
from annotation.probing import Turn
from annotation.soundness import examine
from tests.annotation.concurrency import database_on_disk, in_threads
from tests.factories import answer_to, lease, make_annotator, make_campaign, make_label, send


def refused() -> pytest.RaisesExc[DatabaseError]:
    return pytest.raises(IntegrityError)


def test_the_database_refuses_a_place_beyond_the_target(campaign: Campaign) -> None:
    with refused(), transaction.atomic():
        campaign.tasks.update(live=F("target") + 1)


def test_the_database_refuses_a_place_given_back_twice(campaign: Campaign) -> None:
    with refused(), transaction.atomic():
        campaign.tasks.update(live=F("live") - 1)


def test_the_database_refuses_a_second_lease_on_a_task(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)
    assignment.pk = None

    with refused(), transaction.atomic():
        assignment.save(force_insert=True)


@pytest.mark.parametrize("same", ["client_id", "assignment", "task"])
def test_the_database_refuses_a_second_label(campaign: Campaign, same: str) -> None:
    task, other = campaign.tasks.all()[:2]
    label = make_label(task)
    with transaction.atomic():
        member = serving.seat(campaign, label.annotator)
        (assignment,) = serving.assign(campaign, member, [Turn(other)], timezone.now())
    changed = {"client_id": uuid4(), "assignment": assignment, "task": other}
    for name in changed.keys() - {same}:
        setattr(label, name, changed[name])
    label.pk = None

    with refused(), transaction.atomic():
        label.save(force_insert=True)


@pytest.fixture
def threads(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    with database_on_disk(tmp_path):
        yield


def work_through(campaign: Campaign, annotator: User) -> list[UUID]:
    """Label and skip all that is served, as a restless client would; return what was stored."""
    chance = random.Random(annotator.email)  # noqa: S311 - what a client does next
    stored: list[UUID] = []
    answers: list[Answer] = []
    while True:
        done = exchange(campaign, annotator, answers, want=chance.randint(1, 3))
        stored += [r.client_id for r in done.results if r.status == "created" and r.label]
        if chance.random() < 0.2:
            exchange(campaign, annotator, answers, want=0)
        if not done.assignments:
            return stored
        answers = [
            answer_to(assignment, None, skip="other")
            if chance.random() < 0.1
            else answer_to(assignment, chance.choice(["joy", "anger"]))
            for assignment in done.assignments
        ]


@pytest.mark.usefixtures("threads")
def test_annotators_at_once_fill_every_task_exactly() -> None:
    campaign = make_campaign(clips=12, redundancy=3)
    annotators = [make_annotator() for _ in range(8)]

    stored = in_threads(*(partial(work_through, campaign, one) for one in annotators))
    for one in annotators:
        stored.append(work_through(campaign, one))

    acknowledged = [key for keys in stored for key in keys]
    assert examine(campaign, acknowledged).is_sound
    assert Label.objects.count() == len(acknowledged) == len(set(acknowledged))
    assert set(campaign.tasks.values_list("live", flat=True)) == {3}


@pytest.mark.usefixtures("threads")
def test_the_last_place_goes_to_one_of_many() -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    annotators = [make_annotator() for _ in range(8)]

    leases = in_threads(*(partial(lease, campaign, one) for one in annotators))

    assert sum(map(len, leases)) == 1
    assert examine(campaign).is_sound


@pytest.mark.usefixtures("threads")
def test_two_requests_of_one_annotator_get_the_same_lease() -> None:
    campaign = make_campaign(clips=3)
    annotator = make_annotator()

    leases = in_threads(*[partial(lease, campaign, annotator, 2)] * 4)

    assert len({tuple(a.pk for a in held) for held in leases}) == 1
    assert Member.objects.get(user=annotator).served == Assignment.objects.count() == 2


@pytest.mark.usefixtures("threads")
def test_a_submission_that_arrives_twice_at_once_is_stored_once() -> None:
    campaign = make_campaign(clips=1)
    annotator = make_annotator()
    answer = answer_to(*lease(campaign, annotator))

    results = in_threads(*[partial(send, campaign, annotator, answer)] * 4)

    assert sorted(result.status for result in results) == ["created"] + ["duplicate"] * 3
    assert len({result.label for result in results}) == 1
    assert Label.objects.count() == 1


@pytest.mark.usefixtures("threads")
def test_leases_that_run_out_under_load_leave_the_counters_true() -> None:
    campaign = make_campaign(clips=6, redundancy=2, lease_seconds=30)
    annotators = [make_annotator() for _ in range(6)]

    def let_expire() -> list[UUID]:
        for _ in range(10):
            Assignment.objects.leased().update(lease_expires_at=timezone.now())
            releasing.release_overdue()
        return []

    in_threads(*(partial(work_through, campaign, one) for one in annotators), let_expire)

    assert examine(campaign).is_sound
    assert Member.objects.filter(labelled__gt=0).exists()
