"""Work divided among workers: nobody idle, nothing lost, nothing done twice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone

from jobs import claims, queue, registry, running, sharing
from jobs.claims import JobFailedError, LeaseLostError
from jobs.models import MAX_ATTEMPTS, Job

pytestmark = pytest.mark.django_db

CHUNKS = [{"number": number} for number in range(4)]


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the chunks that were done, in order."""
    seen: list[int] = []

    def double(job: Job, number: int) -> dict[str, Any]:
        seen.append(number)
        return {"double": 2 * number}

    monkeypatch.setattr(registry, "kinds", {})
    monkeypatch.setattr(sharing, "PAUSE_SECONDS", 0.0)
    for module in (queue, running):
        monkeypatch.setattr(module, "nudge", lambda job: True)
    registry.job("double")(double)
    return seen


def ignore(_share: float, _message: str) -> None:
    """Report to nobody."""


def at_call(number: int, act: Callable[[], object]) -> sharing.Report:
    """A report that acts when it is called for the `number`th time."""
    calls = 0

    def report(_share: float, _message: str) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            act()

    return report


def test_a_single_worker_does_every_chunk_itself(done: list[int]) -> None:
    ended = sharing.take_part(sharing.divide("double", "work", CHUNKS), ignore)

    assert sorted(done) == [0, 1, 2, 3]
    assert [job.result for job in ended] == [{"double": 2 * number} for number in range(4)]


def test_what_another_worker_did_is_not_done_again(done: list[int]) -> None:
    jobs = sharing.divide("double", "work", CHUNKS)
    running.run(jobs[0].pk)

    ended = sharing.take_part(jobs, ignore)

    assert sorted(done) == [0, 1, 2, 3]
    assert ended[0].result == {"double": 0}


def test_what_a_living_worker_holds_is_waited_for(done: list[int]) -> None:
    jobs = sharing.divide("double", "work", CHUNKS)
    other = claims.claim(jobs[1].pk)
    assert other is not None
    finish = at_call(5, lambda: claims.finish(other, {"double": 22}))

    ended = sharing.take_part(jobs, finish)

    assert sorted(done) == [0, 2, 3]
    assert ended[1].result == {"double": 22}


def test_what_a_dead_worker_held_is_taken_over(done: list[int]) -> None:
    jobs = sharing.divide("double", "work", CHUNKS)
    claims.claim(jobs[1].pk)
    past = timezone.now() - timedelta(seconds=1)
    die = at_call(5, lambda: Job.objects.filter(pk=jobs[1].pk).update(lease_until=past))

    sharing.take_part(jobs, die)

    assert sorted(done) == [0, 1, 2, 3]


def test_a_chunk_that_killed_its_worker_too_often_ends_parked(done: list[int]) -> None:
    jobs = sharing.divide("double", "work", CHUNKS)
    claims.claim(jobs[1].pk)
    past = timezone.now() - timedelta(seconds=1)
    Job.objects.filter(pk=jobs[1].pk).update(lease_until=past, attempts=MAX_ATTEMPTS)

    ended = sharing.take_part(jobs, ignore)

    assert ended[1].state == Job.State.PARKED
    assert sorted(done) == [0, 2, 3]


def test_a_chunk_that_fails_leaves_the_others_to_be_done(done: list[int]) -> None:
    def fail(job: Job, number: int) -> None:
        raise JobFailedError("No.")

    registry.job("fail")(fail)
    jobs = sharing.divide("fail", "bad work", CHUNKS[:1]) + sharing.divide("double", "work", CHUNKS)

    ended = sharing.take_part(jobs, ignore)

    assert [job.state for job in ended] == [Job.State.FAILED, *[Job.State.DONE] * 4]


def test_dividing_the_same_work_again_keeps_what_is_done(done: list[int]) -> None:
    first = sharing.divide("double", "work", CHUNKS)
    running.run(first[2].pk)

    again = sharing.divide("double", "work", CHUNKS)

    assert again == first
    sharing.take_part(again, ignore)
    assert sorted(done) == [0, 1, 2, 3]


def test_dividing_the_same_work_again_renews_what_was_parked(done: list[int]) -> None:
    first = sharing.divide("double", "work", CHUNKS)
    Job.objects.filter(pk=first[0].pk).update(state=Job.State.PARKED)

    again = sharing.divide("double", "work", CHUNKS)

    assert again[0] != first[0]
    assert again[1:] == first[1:]


def test_work_of_a_name_that_begins_alike_is_other_work() -> None:
    first = sharing.divide("double", "work:1", CHUNKS)

    assert not set(sharing.divide("double", "work", CHUNKS)) & set(first)


def test_who_lost_their_own_job_stops_before_the_next_chunk(done: list[int]) -> None:
    def lose() -> None:
        raise LeaseLostError

    jobs = sharing.divide("double", "work", CHUNKS)

    with pytest.raises(LeaseLostError):
        sharing.take_part(jobs, at_call(3, lose))

    assert len(done) == 2


def test_when_the_outer_time_is_up_the_chunk_is_handed_back(done: list[int]) -> None:
    def run_out(job: Job, number: int) -> None:
        raise SoftTimeLimitExceeded

    registry.job("slow")(run_out)
    jobs = sharing.divide("slow", "work", CHUNKS[:1])

    with pytest.raises(SoftTimeLimitExceeded):
        sharing.take_part(jobs, ignore)

    jobs[0].refresh_from_db()
    assert (jobs[0].state, jobs[0].attempts) == (Job.State.READY, 0)


def test_nothing_to_share_is_over_at_once() -> None:
    assert sharing.take_part(sharing.divide("double", "work", []), ignore) == []
