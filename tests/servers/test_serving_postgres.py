"""Serving on PostgreSQL, where nothing stands in line by itself."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connection, transaction

from accounts.models import User
from annotation import care, findings, gold, releasing
from annotation.gold import Known
from annotation.labelling import exchange
from annotation.models import Assignment, Campaign, Clip, Label
from annotation.soundness import examine
from consent import review
from consent.models import Consent
from tests.annotation.concurrency import in_threads
from tests.annotation.test_redundancy import work_through
from tests.factories import answer_to, lease, make_annotator, make_campaign, send

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _postgresql_only() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL does not name a PostgreSQL")


def test_many_annotators_fill_every_task_exactly() -> None:
    campaign = make_campaign(clips=40, redundancy=3)
    annotators = [make_annotator() for _ in range(16)]

    in_threads(*(partial(work_through, campaign, one) for one in annotators))
    for one in annotators:
        work_through(campaign, one)

    assert examine(campaign).is_sound
    assert set(campaign.tasks.values_list("live", flat=True)) == {3}


def test_nobody_waits_for_a_task_that_another_is_taking() -> None:
    campaign = make_campaign(clips=2)
    first, second = make_annotator(), make_annotator()
    got: list[Assignment] = []

    def take() -> None:
        got.extend(lease(campaign, second))
        connection.close()

    with transaction.atomic():
        (mine,) = lease(campaign, first)
        other = threading.Thread(target=take)
        other.start()
        other.join(5)
        assert not other.is_alive()

    assert [assignment.task_id for assignment in got] != [mine.task_id]


def test_a_label_does_not_wait_for_somebody_who_takes_the_same_task() -> None:
    campaign = make_campaign(clips=1)
    first, second = make_annotator(), make_annotator()
    answer = answer_to(*lease(campaign, first))

    def label() -> None:
        send(campaign, first, answer)
        connection.close()

    with transaction.atomic():
        lease(campaign, second)
        other = threading.Thread(target=label)
        other.start()
        other.join(5)
        assert not other.is_alive()

    assert Label.objects.count() == 1


def test_answers_that_cross_do_not_lock_each_other_out() -> None:
    campaign = make_campaign(clips=8, redundancy=2)
    one, two = make_annotator(), make_annotator()

    def cross(annotator: User, label: Assignment, skip: Assignment) -> None:
        sent = [answer_to(label), answer_to(skip, None, skip="other")]
        exchange(campaign, annotator, sent, 0)

    for _ in range(4):
        mine, yours = lease(campaign, one, 2), lease(campaign, two, 2)
        in_threads(partial(cross, one, *mine), partial(cross, two, *reversed(yours)))

    assert examine(campaign).is_sound
    assert Label.objects.count() == 8


def test_withdrawals_and_labels_do_not_lock_each_other_out() -> None:
    campaign = make_campaign(clips=20, redundancy=4)
    annotators = [make_annotator() for _ in range(6)]

    def withdraw() -> list[object]:
        for consent in Consent.objects.all():
            review.withdraw(consent, None)
            releasing.release_blocked()
        return []

    in_threads(*(partial(work_through, campaign, one) for one in annotators), withdraw)
    releasing.release_blocked()

    assert examine(campaign).is_sound
    assert not Assignment.objects.leased().exists()


def test_opt_outs_flags_and_answers_do_not_lock_each_other_out() -> None:
    campaign = make_campaign(clips=20, redundancy=4, flagged_before_break=0)
    annotators = [make_annotator() for _ in range(5)]
    clips = list(Clip.objects.filter(tasks__campaign=campaign))

    def flag_and_unflag() -> None:
        for clip in [*clips, *clips]:
            care.flag(clip, [] if clip.flags else ["violence"], None)

    def change_their_mind() -> None:
        for turn in range(20):
            for one in annotators[:2]:
                care.opt_out(one, ["violence"] if turn % 2 else [])

    in_threads(
        *(partial(work_through, campaign, one) for one in annotators),
        flag_and_unflag,
        change_their_mind,
    )

    assert examine(campaign).is_sound
    releasing.release_unwanted()
    held = Assignment.objects.leased().filter(task__flags__gt=0, annotator__in=annotators[:2])
    assert not held.exists()


def test_who_opts_out_waits_for_who_is_being_served() -> None:
    campaign = make_campaign(clips=3)
    for clip in Clip.objects.filter(tasks__campaign=campaign):
        care.flag(clip, ["violence"], None)
    annotator = make_annotator()
    lease(campaign, annotator)

    def opt_out() -> None:
        care.opt_out(User.objects.get(pk=annotator.pk), ["violence"])
        connection.close()

    with transaction.atomic():
        lease(campaign, annotator, 3)
        other = threading.Thread(target=opt_out)
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join(5)

    assert not Assignment.objects.leased().exists()


def test_a_label_does_not_wait_until_a_fit_is_written() -> None:
    campaign = make_campaign(clips=1)
    annotator = make_annotator()
    answer = answer_to(*lease(campaign, annotator))

    def label() -> None:
        send(campaign, annotator, answer)
        connection.close()

    with transaction.atomic():
        findings.hold(campaign, "crowd")
        other = threading.Thread(target=label)
        other.start()
        other.join(5)
        assert not other.is_alive()

    assert Label.objects.count() == 1


def test_two_who_mark_the_same_clips_at_once_mark_each_once() -> None:
    campaign = make_campaign(clips=40)
    names = list(campaign.tasks.values_list("clip__external_id", flat=True))

    def mark(order: list[str]) -> None:
        known = [Known(name, "joy") for name in order]
        gold.mark(Campaign.objects.get(pk=campaign.pk), known, campaign.owner)
        connection.close()

    in_threads(*(partial(mark, order) for order in (names, names[::-1]) * 2))

    assert campaign.gold.count() == 40
    assert Campaign.objects.get().n_gold == 40
