"""Jobs under concurrency, where SQLite's single writer cannot hide a race."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from jobs import claims, queue
from jobs.models import Job
from jobs.queue import enqueue

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _postgresql_only(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("DATABASE_URL does not name a PostgreSQL")
    monkeypatch.setattr(queue, "nudge", lambda job: True)


def in_threads(number: int, work: Any) -> list[Any]:
    together = threading.Barrier(number)

    def one() -> Any:
        together.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return [future.result() for future in [pool.submit(one) for _ in range(number)]]


def test_one_of_many_workers_gets_the_job() -> None:
    job = enqueue("note")

    claimed = in_threads(8, lambda: claims.claim(job.pk))

    assert sum(one is not None for one in claimed) == 1


def test_many_submissions_at_once_store_the_work_once() -> None:
    jobs = in_threads(8, lambda: enqueue("note", key="consensus 5"))

    assert {job.pk for job in jobs} == set(Job.objects.values_list("pk", flat=True))
    assert Job.objects.count() == 1


def test_a_worker_waits_for_the_transaction_that_counts_on_the_job() -> None:
    job = enqueue("note", key="consensus 5")
    order: list[str] = []

    def claim() -> None:
        claims.claim(job.pk)
        order.append("claimed")
        connection.close()

    with transaction.atomic():
        enqueue("note", key="consensus 5")
        worker = threading.Thread(target=claim)
        worker.start()
        worker.join(0.5)
        order.append("committed")
    worker.join()

    assert order == ["committed", "claimed"]


def test_submissions_do_not_wait_for_each_other() -> None:
    enqueue("note", key="consensus 5")

    def other() -> None:
        enqueue("note", key="consensus 5")
        connection.close()

    with transaction.atomic():
        enqueue("note", key="consensus 5")
        second = threading.Thread(target=other)
        second.start()
        second.join(5)
        assert not second.is_alive()


def test_the_same_work_never_runs_twice_at_a_time() -> None:
    first = enqueue("note", key="consensus 5")
    claims.claim(first.pk)
    second = enqueue("note", key="consensus 5")

    assert in_threads(4, lambda: claims.claim(second.pk)) == [None] * 4
