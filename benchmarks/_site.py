"""A site of its own for a benchmark: `manage.py up` on a fresh folder and a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120


class NotUpError(RuntimeError):
    """The site did not come up; its output says why."""


def free_port() -> int:
    """Return a port of this machine that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def manage(*arguments: str, folder: Path) -> str:
    """Run a command of the site that lives in `folder` and return what it printed."""
    done = subprocess.run(  # noqa: S603 - our own command line
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=_environment(folder),
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"manage.py {' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return done.stdout


def _environment(folder: Path) -> dict[str, str]:
    """Return the environment of a site in `folder`, with the settings that everybody has."""
    return os.environ | {"ATTUNE_VAR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}


@contextmanager
def running_site(folder: Path, *options: str, command: str = "up") -> Iterator[str]:
    """Run `manage.py up` in `folder` and yield its address; stop it in the end."""
    port = free_port()
    log = folder / "up.log"
    folder.mkdir(parents=True, exist_ok=True)
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "manage.py", command, "--port", str(port), *options],
            cwd=ROOT,
            env=_environment(folder),
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _await(url, process, log)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _await(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=5):  # noqa: S310 - our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    raise NotUpError(log.read_text()[-3000:])
