"""`manage.py up` as a real process: it starts, survives what is done to it, and leaves nothing."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PROJECT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


class Site:
    """One installation in a folder of its own, started and stopped by the test."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.output = folder / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, port: int | None = None) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "manage.py", "up", "--port", str(port or self.port)]
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, "--workers", "1"],
                cwd=PROJECT,
                env={
                    **os.environ,
                    "ATTUNE_VAR": str(self.folder),
                    "DJANGO_SETTINGS_MODULE": "config.settings",
                },
                stdout=output,
                stderr=output,
            )
        return self.process

    def said(self, words: str, *, times: int = 1) -> bool:
        return self.output.read_text().count(words) >= times

    def is_up(self, *, times: int = 1) -> bool:
        return wait_for(lambda: self.said("Attune is at", times=times), 60)

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/", timeout=2) as got:
                return bool(got.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def processes(self) -> dict[str, int]:
        """The heads of the children of the running supervisor, by their role."""
        assert self.process
        return {
            role: pid
            for pid, command in command_lines()
            for role in ("web", "worker", "scheduler")
            if f"config.children {self.process.pid} {role}" in command
            and parent_of(pid) == self.process.pid
        }

    def left_over(self, supervisor: int) -> list[int]:
        mark = f"config.children {supervisor} "
        return [pid for pid, command in command_lines() if mark in command]


def command_lines() -> list[tuple[int, str]]:
    lines = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True)
    rows = (line.split(maxsplit=1) for line in lines.stdout.splitlines())
    return [(int(row[0]), row[1]) for row in rows if len(row) == 2]


def parent_of(pid: int) -> int:
    command = ["ps", "-o", "ppid=", "-p", str(pid)]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return int(found.stdout.strip() or 0)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    if site.process and site.process.poll() is None:
        # Its children die with it.
        site.process.kill()
        site.process.wait()


def test_it_starts_repairs_itself_and_stops_without_leaving_anything(site: Site) -> None:
    supervisor = site.start()
    assert site.is_up(), site.output.read_text()
    assert site.answers()
    before = site.processes()
    assert set(before) == {"web", "worker", "scheduler"}

    os.kill(before["worker"], signal.SIGKILL)
    assert wait_for(lambda: site.processes().get("worker") not in {None, before["worker"]}, 10)

    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(timeout=12) == 0
    assert site.left_over(supervisor.pid) == []


def test_it_starts_again_after_it_was_killed(site: Site) -> None:
    first = site.start()
    assert site.is_up(), site.output.read_text()

    first.kill()
    first.wait()
    second = site.start()

    assert site.is_up(times=2), site.output.read_text()
    assert site.left_over(first.pid) == []
    second.terminate()
    assert second.wait(timeout=12) == 0


def test_a_second_one_is_refused(site: Site) -> None:
    site.start()
    first, _ = site.process, site.is_up()

    second = site.start(port=free_port())

    assert second.wait(timeout=30) == 1
    assert site.said("Attune runs already")
    site.process = first


def test_a_port_that_is_taken_is_named(site: Site) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()

        taken = int(other.getsockname()[1])
        status = site.start(port=taken).wait(timeout=30)

    assert status == 1
    assert site.said(f"Cannot listen on 127.0.0.1:{taken}")


def test_the_web_process_does_not_load_what_learning_needs() -> None:
    code = "import config.wsgi, sys; sys.exit('sklearn' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


@pytest.mark.parametrize("port", ["0", "99999", "http", "-1"])
def test_a_port_that_cannot_be_is_refused_in_words(port: str) -> None:
    with pytest.raises(CommandError, match="1 to 65535"):
        call_command("up", f"--port={port}")
