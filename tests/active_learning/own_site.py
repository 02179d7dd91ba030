"""A site of the tests' own, with workers as real processes that can be killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

PROJECT = Path(__file__).parents[2]
MODULE = "tests.active_learning.site_process"
PATIENCE_SECONDS = 120.0


class Driver:
    """A process of a site that does what it is told, one thing after the other."""

    def __init__(self, folder: Path) -> None:
        self._process = start(folder, "driver", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, *words: object) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(map(str, words)).encode() + b"\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"The driver died of {words}."
        return json.loads(answer)

    def stop(self) -> None:
        kill(self._process)


class Site:
    """A folder with a database and a campaign, and so many workers."""

    def __init__(self, folder: Path, workers: int) -> None:
        self.folder = folder
        self.tell = Driver(folder)
        self._workers = [start(folder, "worker") for _ in range(workers)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.tell.stop()
        for worker in self._workers:
            kill(worker)

    def round(self, number: int) -> dict[str, Any]:
        """Return a round as its row says; empty before it has one."""
        return next((one for one in self.tell("look")["rounds"] if one["number"] == number), {})

    def stop_at(self, place: str) -> None:
        """Have the next worker that comes to this place in a round wait there."""
        (self.folder / "stopped").unlink(missing_ok=True)
        (self.folder / f"stop-{place}").touch()

    def kill_who_stopped(self) -> None:
        """Kill the worker that waits, with all its processes, and start another instead."""
        stopped = self.folder / "stopped"
        wait_for(stopped.exists)
        pid = int(stopped.read_text())
        (dead,) = [worker for worker in self._workers if worker.pid == pid]
        kill(dead)
        self._workers[self._workers.index(dead)] = start(self.folder, "worker")

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait, while the scheduler does its part."""

        def swept() -> bool:
            self.tell("sweep")
            return condition()

        wait_for(swept)


def start(folder: Path, role: str, **pipes: Any) -> subprocess.Popen[bytes]:
    """Start a process of the site in `folder`, in a group of its own."""
    environment = {**os.environ, "ATTUNE_VAR": str(folder), "ATTUNE_LOG": "ERROR"}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    # Several processes share the cores; each computes on one thread anyway.
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for name in ("DATABASE_URL", "REDIS_URL"):
        environment.pop(name, None)
    command = [sys.executable, "-W", "ignore", "-m", MODULE, role]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True, **pipes)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe:
            pipe.close()


def wait_for(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.1)
