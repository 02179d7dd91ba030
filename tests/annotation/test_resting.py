"""When a break is due: the rules alone, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation import resting
from annotation.models import Break, Care
from annotation.resting import Limits, Rest

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LIMITS = Limits(session=20 * 60, day=60 * 60, flagged=3, pause=5 * 60)
NONE = Limits(session=0, day=0, flagged=0, pause=5 * 60)


def at_work(**fields: object) -> Care:
    """Return somebody who holds a clip since noon."""
    return Care(user_id=1, seen_at=NOON, busy_in_id=1, **fields)


def work(care: Care, minutes: int, start: datetime = NOON) -> datetime:
    for minute in range(1, minutes + 1):
        resting.arrive(care, LIMITS, start + minute * MINUTE)
    return start + minutes * MINUTE


def rest_at(care: Care, now: datetime, limits: Limits = LIMITS) -> Rest | None:
    resting.arrive(care, limits, now)
    return resting.due(care, limits, now)


def test_somebody_new_needs_no_break() -> None:
    assert rest_at(Care(user_id=1), NOON) is None


@pytest.mark.parametrize(("minutes", "kind"), [(19, None), (20, Break.SESSION)])
def test_a_break_is_due_after_so_long_on_end(minutes: int, kind: str | None) -> None:
    care = at_work()
    now = work(care, minutes)

    rest = rest_at(care, now)

    assert (rest and rest.kind) == kind


def test_a_break_lasts_as_long_as_it_is_set_to() -> None:
    care = at_work()
    now = work(care, 20)
    care.busy_in = None

    assert rest_at(care, now) == Rest(Break.SESSION, 300)
    assert rest_at(care, now + 4 * MINUTE) == Rest(Break.SESSION, 60)
    assert rest_at(care, now + 5 * MINUTE) is None


def test_a_break_taken_by_oneself_counts() -> None:
    care = at_work()
    now = work(care, 15)
    care.busy_in = None

    resting.arrive(care, LIMITS, now + 5 * MINUTE)

    assert (care.on_end, care.flagged) == (0, 0)


def test_asking_in_vain_is_not_work() -> None:
    care = Care(user_id=1, seen_at=NOON)

    work(care, 4)

    assert care.on_end == 0
    assert care.hours == {}


def test_a_long_clip_is_not_taken_for_a_break() -> None:
    care = at_work(clip_seconds=400.0)

    resting.arrive(care, LIMITS, NOON + 10 * MINUTE)

    assert care.on_end == 600


def test_flagged_clips_make_a_break_due() -> None:
    care = at_work(flagged=3)

    assert rest_at(care, NOON) == Rest(Break.FLAGGED, 300)


def test_a_day_is_the_last_24_hours() -> None:
    care = at_work()
    now = work(care, 60)
    care.busy_in = None

    rest = rest_at(care, now)

    assert rest == Rest(Break.DAY, 23 * 3600)
    assert rest_at(care, NOON + timedelta(hours=23, minutes=59)) == Rest(Break.DAY, 60)
    assert rest_at(care, NOON + timedelta(hours=24)) is None


def test_zero_is_no_limit() -> None:
    care = at_work(flagged=50)
    now = work(care, 300)

    assert rest_at(care, now, NONE) is None


def test_nobody_sits_there_who_is_simulated() -> None:
    care = at_work(is_simulated=True, flagged=9)

    assert rest_at(care, work(care, 100)) is None
    assert resting.room_for_flagged(care, LIMITS) > 1000


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=2), timedelta(days=400)])
def test_a_clock_put_back_frees_nobody_and_holds_nobody_longer(back: timedelta) -> None:
    care = at_work()
    now = work(care, 20)
    care.busy_in = None

    rest = rest_at(care, now - back)

    assert rest == Rest(Break.SESSION, 300)
    assert rest_at(care, now - back + 5 * MINUTE) is None


def test_a_clock_put_back_by_a_year_keeps_the_day() -> None:
    care = at_work()
    now = work(care, 60) - timedelta(days=365)
    care.busy_in = None

    assert rest_at(care, now) == Rest(Break.DAY, 24 * 3600)
    assert rest_at(care, now + timedelta(hours=24)) is None


steps = st.lists(st.tuples(st.integers(0, 900), st.booleans()), max_size=150)


@given(steps)
def test_nobody_works_beyond_the_limits_however_they_come_and_go(
    steps: list[tuple[int, bool]],
) -> None:
    care, now = Care(user_id=1), NOON
    for seconds, wants in steps:
        now += timedelta(seconds=seconds)
        rest = rest_at(care, now)
        assert rest is None or 0 < rest.seconds <= 24 * 3600
        if wants and rest is None:
            # They are served: what may follow is one more stretch, shorter than a break.
            assert care.on_end < LIMITS.session
            assert care.day_seconds(now) < LIMITS.day
            care.seen_at, care.busy_in_id = care.seen_at if care.busy_in_id else now, 1
        elif rest:
            care.busy_in_id = None


@given(st.lists(st.integers(-100_000, 2_000), max_size=80))
def test_no_clock_makes_a_break_last_for_ever(jumps: list[int]) -> None:
    care, now = at_work(), NOON
    for jump in jumps:
        now += timedelta(seconds=jump)
        resting.arrive(care, LIMITS, now)
    care.busy_in = None

    assert rest_at(care, now + timedelta(hours=25)) is None
