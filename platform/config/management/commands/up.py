"""`manage.py up`: the whole site on this machine, as one command."""

import http.client
import os
import signal
import socket
import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connections

from config.supervisor import AlreadyRunningError, Child, Supervisor, sole_owner
from jobs import health

# A web process that was killed a moment ago may hold its port a little longer.
PORT_PATIENCE = 3.0
START_PATIENCE = 60.0
DEATHS_AT_START = 3
LISTEN_SECONDS = 5.0
OPEN_HOSTS = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104


class Command(BaseCommand):
    help = (
        "Prepares the database and the static files, then runs web, worker and scheduler"
        " until Ctrl-C."
    )

    _listen_again_at = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
        parser.add_argument("--port", type=_port, default=8000, help="port to listen on")
        parser.add_argument("--workers", type=int, default=2, help="web processes")
        parser.add_argument("--threads", type=int, default=4, help="threads in each web process")
        parser.add_argument("--jobs", type=int, default=2, help="jobs that run at the same time")

    def handle(self, **options: Any) -> None:
        try:
            with sole_owner(settings.VAR_DIR / "up.lock"):
                self._run(options)
        except AlreadyRunningError as error:
            raise CommandError(f"{error} Stop that one first.") from error

    def _run(self, options: dict[str, Any]) -> None:
        host, port = options["host"], options["port"]
        _require_free(host, port)
        self._prepare()
        supervisor = Supervisor(_children(options), self._say)
        supervisor.listen()
        try:
            self._start(supervisor, host, port)
            while not supervisor.stopping:
                supervisor.step()
                self._end_deaf(supervisor)
        finally:
            self._say("Stopping ...")
            supervisor.stop()
            self._say("Stopped.")

    def _say(self, message: str) -> None:
        self.stdout.write(message)
        self.stdout.flush()

    def _prepare(self) -> None:
        self._say("Preparing the database ...")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self._say("Collecting the static files ...")
        call_command("collectstatic", interactive=False, verbosity=0)
        connections.close_all()

    def _end_deaf(self, supervisor: Supervisor) -> None:
        """End what lives and does nothing, so that it is started again.

        When a waiting pool process is killed, it takes the lock of its worker's queue with it.
        """
        if time.monotonic() < self._listen_again_at:
            return
        self._listen_again_at = time.monotonic() + LISTEN_SECONDS
        deaf = [
            child
            for child in supervisor.children
            if child.role in health.PROCESSES and child.has_run(health.SILENCE.total_seconds())
        ]
        try:
            for child in [child for child in deaf if health.is_silent(child.role)]:
                self._say(f"The {child.role} gives no sign of life; it is ended.")
                child.signal(signal.SIGKILL)
        except DatabaseError as error:
            self._say(f"The database does not answer: {error}")
        finally:
            connections.close_all()

    def _start(self, supervisor: Supervisor, host: str, port: int) -> None:
        self._say("Starting web, worker and scheduler ...")
        end = time.monotonic() + START_PATIENCE
        web = supervisor.children[0]
        while not supervisor.stopping:
            supervisor.step()
            status = _health(host, port) if web.is_alive else None
            if status == http.HTTPStatus.OK:
                self._say(f"Attune is at http://{reachable(host)}:{port}/ (Ctrl-C stops it)")
                return
            if web.deaths >= DEATHS_AT_START:
                raise CommandError("The web server does not start; its message stands above.")
            if time.monotonic() > end:
                raise CommandError(f"The site is not well: /health/ says {status or 'nothing'}.")


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise ArgumentTypeError(f"{text!r} is not a port; give 1 to 65535")
    return int(text)


def _children(options: dict[str, Any]) -> list[Child]:
    bind = f"[{options['host']}]" if ":" in options["host"] else options["host"]
    size = ["--workers", str(options["workers"]), "--threads", str(options["threads"])]
    return [
        Child("web", ["--bind", f"{bind}:{options['port']}", *size]),
        Child("worker", ["--concurrency", str(options["jobs"]), "--loglevel", "INFO"]),
        Child("scheduler", ["--loglevel", "INFO"]),
    ]


def reachable(host: str) -> str:
    return OPEN_HOSTS.get(host, host)


def _require_free(host: str, port: int) -> None:
    """Wait a little for the port, and refuse to start while another program has it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    end = time.monotonic() + PORT_PATIENCE
    while True:
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if time.monotonic() > end:
                    reason = os.strerror(error.errno or 0)
                    raise CommandError(
                        f"Cannot listen on {host}:{port} ({reason})."
                        " Stop the program that does, or choose another --port."
                    ) from error
            else:
                return
        time.sleep(0.25)


def _health(host: str, port: int) -> int | None:
    """Return the HTTP status of /health/, or None while nobody answers."""
    connection = http.client.HTTPConnection(reachable(host), port, timeout=2)
    try:
        # The proxy's header: behind HTTPS the site would send us elsewhere.
        connection.request("GET", "/health/", headers={"X-Forwarded-Proto": "https"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
