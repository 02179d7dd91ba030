"""One reading process, kept between files and replaced when it dies, hangs or has served long."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, cast

from annotation.media.errors import EncoderMissing, UnreadableMedia
from annotation.media.limits import Limits

_FILES_PER_CHILD = 500
_START_SECONDS = 60.0
_KEPT_VARIABLES = ("LANG", "LC_ALL", "PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR")


class Child:
    """A reading process of our own, which runs `module`, with a pipe each way."""

    def __init__(self, module: str) -> None:
        self.owner = os.getpid()
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-P", "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            text=True,
        )
        self._requests = cast("IO[str]", self._process.stdin)
        self._answers = cast("IO[str]", self._process.stdout)
        if not self._line_within(_START_SECONDS):
            self.end()
            raise RuntimeError("The process that reads media files does not start.")

    @property
    def usable(self) -> bool:
        """Whether it is alive, ours (not a forked parent's) and not worn out."""
        ours = self.owner == os.getpid()
        return ours and self.served < _FILES_PER_CHILD and self._process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Return the answer to `request`, or None when the process died or was killed for time."""
        self.served += 1
        try:
            self._requests.write(json.dumps(request) + "\n")
            self._requests.flush()
        except BrokenPipeError:
            return None
        line = self._line_within(seconds)
        return json.loads(line) if line else None

    def kill(self) -> None:
        """End the process at once; the pipes stay until `end`."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Stop the process and close the pipes; a forked copy only lets go of them."""
        if self.owner == os.getpid():
            self.kill()
        else:
            self._process.poll()
        self._answers.close()
        with suppress(BrokenPipeError):
            self._requests.close()

    def _line_within(self, seconds: float) -> str:
        clock = threading.Timer(seconds, self._process.kill)
        clock.daemon = True
        clock.start()
        try:
            return self._answers.readline()
        finally:
            clock.cancel()


class Reader:
    """A child that runs `module`, kept between files; it is asked one thing at a time."""

    def __init__(self, module: str) -> None:
        self.kept: list[Child] = []
        self._module = module
        self._lock = threading.Lock()
        atexit.register(self.drop)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._after_fork)

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any] | None:
        """Return the answer to `request`, or None when it ended its reader or took too long."""
        with self._lock:
            answer = None
            try:
                answer = self._child().ask(request, seconds)
            finally:
                # Nor may an answer that nobody waited for be taken for the next one's.
                if answer is None:
                    self.drop()
        return answer

    def drop(self) -> None:
        """End the child; the next question begins another."""
        while self.kept:
            self.kept.pop().end()

    def _child(self) -> Child:
        if self.kept and not self.kept[0].usable:
            self.drop()
        if not self.kept:
            self.kept.append(Child(self._module))
        return self.kept[0]

    def _after_fork(self) -> None:
        """A forked worker begins with a lock that nobody holds; its parent's child is no use."""
        self._lock = threading.Lock()


reader = Reader("annotation.media.child")


def run_limited(verb: str, source: Path, folder: Path | None, limits: Limits) -> dict[str, Any]:
    """Let the child `probe` or `normalise` `source`; return the facts it found.

    Raises `UnreadableMedia` when the file is refused, kills its reader or takes too long.
    """
    request = {
        "verb": verb,
        "source": str(source.absolute()),
        "folder": str(folder.absolute()) if folder else None,
        "limits": asdict(limits),
    }
    answer = reader.ask(request, limits.seconds)
    if answer is None:
        raise UnreadableMedia(
            "Reading it brought its reader down or took longer than {seconds} s. Export it again "
            "from the original, shorter or smaller.",
            seconds=limits.seconds,
        )
    if "missing" in answer:
        raise EncoderMissing(answer["missing"])
    if "refused" in answer:
        raise UnreadableMedia.of(**answer["refused"])
    facts: dict[str, Any] = answer["facts"]
    return facts


def environment() -> dict[str, str]:
    """What a reader needs; the passwords and keys of the importer are not among it."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return kept | {"OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
