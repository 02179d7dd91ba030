"""Nudges over a real Redis, with a real worker, and without one that answers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

PROJECT = Path(__file__).parents[2]

pytestmark = pytest.mark.servers

SEND = """
import sys, time
import django
django.setup()
from django.db import transaction
from jobs.queue import enqueue
from jobs import queue
times = []
for _ in range(int(sys.argv[1])):
    began = time.monotonic()
    with transaction.atomic():
        enqueue("jobs.test")
    times.append(time.monotonic() - began)
print(max(times))
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An installation of its own on SQLite, with the Redis of TEST_REDIS_URL, emptied."""
    url = os.environ.get("TEST_REDIS_URL", "")
    if not url:
        pytest.skip("TEST_REDIS_URL does not name a Redis")
    with closing(redis.Redis.from_url(url)) as server:
        server.flushdb()
    environment = {**os.environ, "ATTUNE_VAR": str(tmp_path), "REDIS_URL": url}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    environment.pop("DATABASE_URL", None)
    manage(environment, "migrate", "-v", "0")
    return environment


def manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True
    ).stdout


def send(environment: dict[str, str], number: int) -> float:
    """Enqueue jobs from a process of its own; return the longest time one took."""
    command = [sys.executable, "-c", SEND, str(number)]
    out = subprocess.run(
        command, cwd=PROJECT, env=environment, check=False, capture_output=True, text=True
    )
    assert out.returncode == 0, out.stderr
    return float(out.stdout)


@pytest.fixture
def worker(environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-W", "ignore", "-m", "config.children", str(os.getpid()), "worker"]
    process = subprocess.Popen(
        [*command, "--concurrency", "1"], cwd=PROJECT, env=environment, start_new_session=True
    )
    yield process
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def attempts(environment: dict[str, str]) -> list[int]:
    code = "from jobs.models import Job; print(*Job.objects.values_list('attempts', flat=True))"
    out = manage(environment, "shell", "--no-imports", "-c", code)
    return [int(word) for word in out.split()]


def test_a_worker_takes_what_was_nudged_over_redis(
    environment: dict[str, str], worker: "subprocess.Popen[bytes]"
) -> None:
    send(environment, 3)

    end = time.monotonic() + 20
    # No handler has this name: that the worker tried is the proof that it heard.
    while attempts(environment) != [1, 1, 1] and time.monotonic() < end:
        time.sleep(0.2)
    assert attempts(environment) == [1, 1, 1]


def test_a_redis_that_is_away_delays_no_request(environment: dict[str, str]) -> None:
    gone = {**environment, "REDIS_URL": "redis://127.0.0.1:1/0"}

    assert send(gone, 3) < 1.0
    assert attempts(gone) == [0, 0, 0]


def test_a_redis_that_hangs_holds_up_one_request_for_seconds_only(
    environment: dict[str, str],
) -> None:
    with closing(redis.Redis.from_url(environment["REDIS_URL"])) as server:
        pid = int(server.info("server")["process_id"])
    os.kill(pid, signal.SIGSTOP)
    try:
        longest = send(environment, 3)
    finally:
        os.kill(pid, signal.SIGCONT)

    assert longest < 6.0
    assert attempts(environment) == [0, 0, 0]
