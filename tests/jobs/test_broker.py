"""The embedded broker under workers that die, as real processes."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from jobs import broker, broker_store

PROJECT = Path(__file__).parents[2]

StartWorker = Callable[[], "subprocess.Popen[bytes]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BROKER_TEST_FOLDER", str(tmp_path))
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Celery:
    broker.register()
    address = f"sqlitebroker:///{folder / 'broker.sqlite3'}"
    return Celery("sender", broker=address, set_as_current=False)


@pytest.fixture
def start_worker(folder: Path) -> Iterator[StartWorker]:
    started = []

    def start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-W", "ignore", "-m", "tests.jobs.broker_app", "-c", "2"]
        process = subprocess.Popen(
            command, cwd=PROJECT, start_new_session=True, stderr=subprocess.DEVNULL
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def notes(folder: Path) -> list[str]:
    path = folder / "notes"
    return [line.split()[0] for line in path.read_text().splitlines()] if path.exists() else []


def has_notes(folder: Path, number: int) -> bool:
    return len(notes(folder)) >= number


def rows(folder: Path, table: str) -> int:
    with closing(sqlite3.connect(folder / "broker.sqlite3")) as connection:
        return int(connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0])  # noqa: S608


def shorten_leases(folder: Path) -> None:
    """Let the leases of the dead end now: the tests need not wait for it."""
    with closing(sqlite3.connect(folder / "broker.sqlite3")) as connection:
        connection.execute("UPDATE messages SET lease_until = 0")
        connection.commit()


def test_no_task_is_lost_when_workers_are_killed(
    app: Celery, folder: Path, start_worker: StartWorker
) -> None:
    names = [f"task-{number}" for number in range(30)]
    for name in names:
        app.send_task("note", (name, 0.05))

    for done in (3, 9, 15):
        worker = start_worker()
        assert wait_for(partial(has_notes, folder, done), 20)
        worker.kill()
        worker.wait()
        time.sleep(1.2)
        shorten_leases(folder)
    start_worker()

    assert wait_for(lambda: rows(folder, "messages") == 0, 20)
    assert set(notes(folder)) == set(names)
    # Whatever was in the hands of a worker that died may run again: two at each kill.
    assert len(notes(folder)) <= len(names) + 3 * 2


def test_a_long_task_is_not_handed_out_twice(folder: Path) -> None:
    store = broker_store.Store(str(folder / "broker.sqlite3"))
    store.put("default", "{}")
    taken = store.take("default", "one", lease=True)

    store.renew("one")

    assert taken
    assert store.take("default", "two", lease=True) is None


def test_the_message_of_a_dead_holder_comes_back(folder: Path) -> None:
    store = broker_store.Store(str(folder / "broker.sqlite3"))
    store.put("default", "{}")
    store.take("default", "one", lease=True)

    shorten_leases(folder)

    again = store.take("default", "two", lease=True)
    assert again is not None
    assert again.deliveries == 2


def test_an_overtaken_holder_cannot_acknowledge(folder: Path) -> None:
    store = broker_store.Store(str(folder / "broker.sqlite3"))
    store.put("default", "{}")
    first = store.take("default", "one", lease=True)
    shorten_leases(folder)
    store.take("default", "two", lease=True)

    assert first
    store.acknowledge(first.tag)

    assert store.size("default") == 1


def test_a_lease_from_a_clock_that_ran_ahead_does_not_last(folder: Path) -> None:
    store = broker_store.Store(str(folder / "broker.sqlite3"))
    store.put("default", "{}")
    store.take("default", "one", lease=True)

    store.run("UPDATE messages SET lease_until = :until", {"until": time.time() + 7200})

    assert store.take("default", "two", lease=True) is not None


def test_a_message_that_kills_its_workers_becomes_a_dead_letter(
    app: Celery, folder: Path, start_worker: StartWorker
) -> None:
    app.send_task("kill_worker")
    with closing(sqlite3.connect(folder / "broker.sqlite3")) as connection:
        last = broker_store.MAX_DELIVERIES - 1
        connection.execute("UPDATE messages SET deliveries = ?", (last,))
        connection.commit()
    start_worker().wait(timeout=20)
    shorten_leases(folder)
    app.send_task("note", ("after",))

    start_worker()

    assert wait_for(lambda: notes(folder) == ["after"], 20)
    assert rows(folder, "dead_letters") == 1
    assert (folder / "kills").read_text().count("killed") == 1


def test_an_orderly_release_does_not_count_as_a_delivery(folder: Path) -> None:
    store = broker_store.Store(str(folder / "broker.sqlite3"))
    store.put("default", "{}")

    for _ in range(broker_store.MAX_DELIVERIES + 1):
        taken = store.take("default", "one", lease=True)
        assert taken
        store.release(taken.tag, counted=False)

    assert rows(folder, "dead_letters") == 0


def test_workers_answer_to_inspect(app: Celery, start_worker: StartWorker) -> None:
    start_worker()

    assert wait_for(lambda: len(app.control.ping(timeout=1.0) or []) == 1, 20)


def test_a_full_queue_refuses(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broker_store, "MAX_MESSAGES_PER_QUEUE", 3)
    for _ in range(3):
        app.send_task("note", ("x",))

    with pytest.raises((OperationalError, broker.QueueFullError)):
        app.send_task("note", ("x",), retry=False)


def test_a_forked_process_opens_its_own_connection(folder: Path) -> None:
    path = str(folder / "broker.sqlite3")
    mine = broker_store.open_store(path)

    if (child := os.fork()) == 0:
        os._exit(0 if broker_store.open_store(path) is not mine else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
