"""Breaks as annotators meet them: serving holds back, and goes on by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import time_machine

from accounts.models import User
from annotation import care, waiting
from annotation.labelling import exchange
from annotation.models import Campaign, Care, Clip
from annotation.resting import Rest
from audit.models import Event
from tests.annotation.concurrency import database_on_disk, in_threads
from tests.factories import answer_to, lease, make_annotator, make_campaign, make_collection

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelling:
        yield travelling


def flag_all(campaign: Campaign, *words: str) -> None:
    for clip in Clip.objects.filter(tasks__campaign=campaign):
        care.flag(clip, words, None)


def work_on(campaign: Campaign, annotator: User, clock: Any, minutes: int) -> int:
    """Answer a clip a minute for as long as there is one, and return how many were answered."""
    for done in range(minutes):
        held = lease(campaign, annotator)
        if not held:
            return done
        clock.shift(timedelta(minutes=1))
        exchange(campaign, annotator, [answer_to(held[0])], 0)
    return minutes


def nothing(campaign: Campaign, annotator: User) -> waiting.Nothing:
    return waiting.why_nothing(campaign, User.objects.get(pk=annotator.pk))


def breaks() -> list[str]:
    return list(Event.objects.filter(verb="care.break").values_list("data_text", flat=True))


def test_after_20_minutes_on_end_there_is_a_break(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=25)

    assert work_on(campaign, annotator, clock, 25) == 20

    said = nothing(campaign, annotator)
    assert (said.reason, said.retry_after) == ("break", 300)


def test_after_the_break_it_goes_on_by_itself(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=25)
    work_on(campaign, annotator, clock, 25)

    clock.shift(timedelta(minutes=4, seconds=59))
    early = lease(campaign, annotator)
    clock.shift(timedelta(seconds=1))

    assert not early
    assert lease(campaign, annotator)


def test_a_break_is_recorded_once_however_often_they_ask(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=25)
    work_on(campaign, annotator, clock, 25)
    for _ in range(5):
        clock.shift(timedelta(seconds=30))
        lease(campaign, annotator)

    assert breaks() == ['{"kind":"session","seconds":300}']


def test_the_same_person_rests_in_every_campaign(annotator: User, clock: Any) -> None:
    campaign, other = make_campaign(clips=25), make_campaign()
    work_on(campaign, annotator, clock, 25)

    assert not lease(other, annotator)
    assert lease(other, make_annotator())


def test_a_second_campaign_that_is_asked_in_vain_hides_no_work(annotator: User, clock: Any) -> None:
    campaign, empty = make_campaign(clips=25), make_campaign(clips=1, redundancy=1)
    lease(empty, make_annotator())
    for _ in range(20):
        lease(empty, annotator)
        work_on(campaign, annotator, clock, 1)

    assert not lease(campaign, annotator)


def test_what_is_in_hand_may_be_finished(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=25)
    work_on(campaign, annotator, clock, 19)
    (held,) = lease(campaign, annotator)
    clock.shift(timedelta(minutes=3))

    still = lease(campaign, annotator, 5)
    done = exchange(campaign, annotator, [answer_to(held)], 5)

    assert still == [held]
    assert [result.status for result in done.results] == ["created"]
    assert done.assignments == []


def test_no_more_than_60_minutes_a_day(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=100, flagged_before_break=0)
    done = 0
    for _ in range(4):
        done += work_on(campaign, annotator, clock, 25)
        clock.shift(timedelta(minutes=5))

    assert done == 60
    assert nothing(campaign, annotator).rest == Rest("day", 22 * 3600 + 40 * 60)


@pytest.mark.parametrize("want", [1, 10])
def test_a_break_comes_after_three_flagged_clips(annotator: User, clock: Any, want: int) -> None:
    campaign = make_campaign(clips=8)
    flag_all(campaign, "injury")
    served = 0
    while held := lease(campaign, annotator, want):
        served += len(held)
        exchange(campaign, annotator, [answer_to(one) for one in held], 0)

    assert served == 3
    assert nothing(campaign, annotator).rest == Rest("flagged", 300)


def test_a_campaign_may_set_no_limits(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=90, session_minutes=0, daily_minutes=0)

    assert work_on(campaign, annotator, clock, 90) == 90


def test_recorded_answers_are_played_without_limits(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=90)
    care.simulate(annotator)

    assert work_on(campaign, annotator, clock, 90) == 90


def test_where_nothing_is_left_there_is_no_break_to_wait_for(annotator: User, clock: Any) -> None:
    campaign = make_campaign(clips=20)
    work_on(campaign, annotator, clock, 25)

    assert nothing(campaign, annotator).reason == "done"


def test_two_requests_at_the_limit_get_one_clip_too_many_neither(
    db: None, tmp_path: Path, transactional_db: None
) -> None:
    campaign = make_campaign(make_collection(clips=8))
    flag_all(campaign, "injury")
    annotator = make_annotator()
    with database_on_disk(tmp_path):
        lease(campaign, annotator, 1)

        in_threads(*[partial(lease, campaign, annotator, 5)] * 4)

        assert campaign.assignments.count() == 3
        assert Care.objects.get().flagged == 3
