"""Jobs: stored with what caused them, run once at a time, retried, never lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs import claims, health, queue, registry, running, sweeping
from jobs.claims import JobFailedError, LeaseLostError, RetryLater
from jobs.models import LEASE, MAX_ATTEMPTS, Heartbeat, Job
from jobs.queue import enqueue, nudge

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The arguments of each run of the kind `note`, which is registered for the test."""
    seen: list[dict[str, Any]] = []

    def note(job: Job, **args: Any) -> dict[str, Any]:
        seen.append(args)
        return {"seen": len(seen)}

    monkeypatch.setattr(registry, "kinds", {})
    for module in (queue, running, sweeping):
        monkeypatch.setattr(module, "nudge", lambda job: True)
    registry.job("note")(note)
    return seen


def make_kind(name: str, error: Exception) -> None:
    def handler(job: Job) -> None:
        raise error

    registry.job(name)(handler)


def age(job: Job, **changes: Any) -> None:
    Job.objects.filter(pk=job.pk).update(**changes)


def test_a_job_runs_with_its_arguments_and_keeps_the_result(calls: list[dict[str, Any]]) -> None:
    job = enqueue("note", clip=7)

    running.run(job.pk)

    job.refresh_from_db()
    assert calls == [{"clip": 7}]
    assert (job.state, job.result, job.progress) == (Job.State.DONE, {"seen": 1}, 1.0)


def test_a_second_nudge_for_the_same_job_changes_nothing(calls: list[dict[str, Any]]) -> None:
    job = enqueue("note")

    running.run(job.pk)
    running.run(job.pk)

    assert len(calls) == 1


@pytest.mark.django_db(transaction=True)
def test_a_job_is_gone_when_its_transaction_is() -> None:
    @transaction.atomic
    def fail_after_enqueueing() -> None:
        enqueue("note")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_enqueueing()

    assert not Job.objects.exists()


def test_a_delayed_job_waits_for_its_time() -> None:
    job = enqueue("note", delay=timedelta(minutes=5))

    assert claims.claim(job.pk) is None
    age(job, available_at=timezone.now())
    assert claims.claim(job.pk) is not None


def test_a_key_keeps_one_job_waiting() -> None:
    first = enqueue("note", key="consensus 5")

    assert enqueue("note", key="consensus 5") == first


def test_a_key_brings_a_delayed_job_forward() -> None:
    enqueue("note", key="consensus 5", delay=timedelta(minutes=5))

    job = enqueue("note", key="consensus 5")

    assert job.available_at <= timezone.now()


def test_a_later_wish_does_not_put_a_job_off() -> None:
    enqueue("note", key="consensus 5")

    job = enqueue("note", key="consensus 5", delay=timedelta(minutes=5))

    job.refresh_from_db()
    assert job.available_at <= timezone.now()


def test_work_that_comes_while_the_job_runs_gets_a_successor(calls: list[dict[str, Any]]) -> None:
    first = enqueue("note", key="consensus 5")
    first_claim = claims.claim(first.pk)
    second = enqueue("note", key="consensus 5")

    assert second != first
    assert claims.claim(second.pk) is None, "The same work must not run twice at a time."
    assert first_claim
    claims.finish(first_claim)
    running.run(second.pk)
    assert len(calls) == 1


def test_a_job_that_is_handed_back_leaves_the_work_to_its_successor() -> None:
    first = claims.claim(enqueue("note", key="consensus 5").pk)
    second = enqueue("note", key="consensus 5")

    assert first
    claims.retry(first, "It broke.")

    first.refresh_from_db()
    assert first.state == Job.State.FAILED
    assert str(second.pk) in first.error


def test_a_job_whose_worker_died_runs_again(calls: list[dict[str, Any]]) -> None:
    job = enqueue("note")
    claims.claim(job.pk)
    assert claims.claim(job.pk) is None
    age(job, lease_until=timezone.now() - timedelta(seconds=1))

    running.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, len(calls)) == (Job.State.DONE, 2, 1)


def test_a_lease_from_a_clock_that_ran_ahead_does_not_last() -> None:
    job = enqueue("note")
    claims.claim(job.pk)

    age(job, lease_until=timezone.now() + timedelta(hours=2))

    assert claims.claim(job.pk) is not None


def test_a_worker_that_lost_its_job_cannot_finish_it() -> None:
    first = claims.claim(enqueue("note").pk)
    assert first
    age(first, lease_until=timezone.now() - LEASE)
    claims.claim(first.pk)

    with pytest.raises(LeaseLostError):
        claims.finish(first)
    with pytest.raises(LeaseLostError):
        queue.report_progress(first, 1.0)


def test_a_failing_job_is_retried_after_growing_pauses() -> None:
    make_kind("broken", ValueError("no such clip"))
    job = enqueue("broken")
    pauses = []
    for _ in range(MAX_ATTEMPTS - 1):
        running.run(job.pk)
        job.refresh_from_db()
        pauses.append(round((job.available_at - timezone.now()).total_seconds()))
        age(job, available_at=timezone.now())

    assert pauses == [10, 40, 160, 600]
    assert "no such clip" in job.error


def test_a_job_that_fails_five_times_is_parked() -> None:
    make_kind("broken", ValueError("no such clip"))
    job = enqueue("broken")

    for _ in range(MAX_ATTEMPTS + 1):
        age(job, available_at=timezone.now())
        running.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.PARKED, MAX_ATTEMPTS)


def test_a_job_that_kills_its_workers_is_parked() -> None:
    job = enqueue("note")
    age(job, state="running", attempts=MAX_ATTEMPTS, lease_until=timezone.now() - LEASE)

    assert claims.claim(job.pk) is None
    sweeping.sweep()

    job.refresh_from_db()
    assert job.state == Job.State.PARKED


def test_a_job_that_cannot_be_done_fails_at_once_with_the_reason() -> None:
    make_kind("hopeless", JobFailedError("The manifest has no column `file`."))
    job = enqueue("hopeless")

    running.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "The manifest has no column `file`.")


def test_waiting_is_not_an_attempt() -> None:
    make_kind("patient", RetryLater("Not yet.", delay=timedelta(seconds=7)))
    job = enqueue("patient")

    running.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.READY, 0)
    assert job.available_at > timezone.now() + timedelta(seconds=5)


def test_an_unknown_kind_is_kept_for_a_worker_that_knows_it() -> None:
    job = enqueue("from.tomorrow")

    running.run(job.pk)

    job.refresh_from_db()
    assert job.state == Job.State.READY
    assert "from.tomorrow" in job.error


def test_the_handler_can_end_the_job_in_its_own_transaction() -> None:
    def handler(job: Job) -> None:
        with transaction.atomic():
            claims.finish(job, {"by": "handler"})

    registry.job("own")(handler)
    job = enqueue("own")

    running.run(job.pk)

    job.refresh_from_db()
    assert job.result == {"by": "handler"}


def test_progress_is_seen_from_outside() -> None:
    job = claims.claim(enqueue("note").pk)
    assert job

    queue.report_progress(job, 0.4, "40 of 100 clips")

    assert Job.objects.get(pk=job.pk).message == "40 of 100 clips"


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_breaks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("refused")

    monkeypatch.setattr(current_app, "send_task", refuse)
    monkeypatch.setattr(queue, "_silent_until", 0.0)
    monkeypatch.setattr(queue, "nudge", nudge)

    with transaction.atomic():
        job = enqueue("note")

    assert not nudge(job)
    assert Job.objects.due().get() == job


def test_the_sweep_sends_what_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Job] = []
    monkeypatch.setattr(sweeping, "nudge", lambda job: not sent.append(job))  # type: ignore[func-returns-value]
    due = enqueue("note")
    enqueue("note", delay=timedelta(minutes=1))

    sweeping.sweep()

    assert sent == [due]


def test_two_handlers_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="note"):
        registry.job("note")(lambda job: None)


def test_health_is_red_without_workers_and_green_with_them() -> None:
    assert {finding.name: finding.ok for finding in health.report()} == {
        "worker": False,
        "scheduler": False,
        "jobs": True,
    }

    health.beat("worker")
    health.beat("scheduler")

    assert all(finding.ok for finding in health.report())


def test_health_is_red_after_thirty_seconds_of_silence() -> None:
    health.beat("worker")
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=31))

    assert not health.report()[0].ok


def test_a_busy_handler_is_kept_alive_from_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "HEARTBEAT_SECONDS", 0.05)
    renewed = threading.Event()
    monkeypatch.setattr(running.KeptAlive, "_renew_once", lambda self: renewed.set())
    registry.job("busy")(lambda job: {"renewed": renewed.wait(5)})
    job = enqueue("busy")

    running.run(job.pk)

    job.refresh_from_db()
    assert job.result == {"renewed": True}


def test_a_heartbeat_renews_the_lease_and_shows_the_worker() -> None:
    job = claims.claim(enqueue("note").pk)
    assert job
    age(job, lease_until=timezone.now())

    running.KeptAlive(job)._renew_once()

    job.refresh_from_db()
    assert job.lease_until
    assert job.lease_until > timezone.now() + LEASE / 2
    assert Heartbeat.objects.filter(pk="worker").exists()
