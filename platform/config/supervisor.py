"""Starts processes, starts them again when they die, and stops them all in the end."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Whoever lived that long has not died of its start.
STEADY_SECONDS = 60.0
WARM_SECONDS = 5.0
COLD_SECONDS = 3.0


class AlreadyRunningError(RuntimeError):
    """Another supervisor owns this installation."""


@contextmanager
def sole_owner(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`; the system gives it back when this process dies.

    Raises:
        AlreadyRunningError: if another process holds it.
    """
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            owner = file.read().strip() or "unknown"
            raise AlreadyRunningError(f"Attune runs already, as process {owner}.") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@dataclass
class Child:
    """One process that is to be kept running."""

    role: str
    arguments: list[str]
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    started_at: float = 0.0
    start_at: float = 0.0

    def start(self) -> None:
        """Start the process, in a group of its own so that a key in the terminal spares it."""
        command = [sys.executable, "-m", "config.children", str(os.getpid()), self.role]
        self.started_at = time.monotonic()
        self.process = subprocess.Popen([*command, *self.arguments], start_new_session=True)  # noqa: S603

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start the process if it is time to, and notice when it has died."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        status = self.process.poll()
        if status is None:
            return
        self.signal(signal.SIGKILL)
        self.process = None
        self.deaths = 1 if now - self.started_at > STEADY_SECONDS else self.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.start_at = now + pause
        say(f"The {self.role} ended ({_ending(status)}); it starts again in {pause:g} s.")

    def signal(self, number: int, *, group: bool = True) -> None:
        """Send a signal to the process, and to whatever it has started."""
        if self.process is None:
            return
        try:
            if group:
                os.killpg(self.process.pid, number)
            else:
                os.kill(self.process.pid, number)
        except ProcessLookupError:
            return

    def has_run(self, seconds: float) -> bool:
        """Return whether the process is alive and that old at least."""
        return self.is_alive and time.monotonic() - self.started_at > seconds

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Supervisor:
    """Keeps `children` running until it is told to stop."""

    children: list[Child]
    say: Callable[[str], None]
    stopping: bool = field(default=False, init=False)

    def listen(self) -> None:
        """Stop on SIGINT and SIGTERM."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop_soon)

    def _stop_soon(self, *_: object) -> None:
        self.stopping = True

    def step(self) -> None:
        """Look after every child once."""
        for child in self.children:
            if not self.stopping:
                child.look_after(self.say)
        time.sleep(0.1)

    def stop(self) -> None:
        """End the children: first let them finish, then interrupt their jobs, then by force."""
        for number, seconds in (
            (signal.SIGTERM, WARM_SECONDS),
            (signal.SIGQUIT, COLD_SECONDS),
        ):
            self._tell(number)
            self._wait(seconds)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()

    def _tell(self, number: int) -> None:
        for child in self.children:
            if child.is_alive:
                # To the head alone: it ends its own processes in good order.
                child.signal(number, group=False)

    def _wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while any(child.is_alive for child in self.children) and time.monotonic() < end:
            time.sleep(0.05)


def _ending(status: int) -> str:
    return f"signal {-status}" if status < 0 else f"status {status}"
