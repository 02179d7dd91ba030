"""What can be done (`@job`) and what is done again and again (`@every`), by name.

Handlers stand in the `jobs` module of their app, which only workers and the scheduler import: a
web process enqueues by name and never loads what the work needs.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

DEFAULT_QUEUE = "default"
# The broker may hand a job out again only when twice this time is over.
LONGEST_SECONDS = 3600

Handler = Callable[..., dict[str, Any] | None]
Tick = Callable[[], object]


class Kind(NamedTuple):
    """One kind of job: its handler takes the job and its arguments by name."""

    name: str
    handler: Handler
    queue: str
    seconds: int


class Periodic(NamedTuple):
    """A short function that the scheduler calls every so many seconds."""

    name: str
    function: Tick
    seconds: float


class UnknownKindError(LookupError):
    """No handler is registered under this name, in this process."""


kinds: dict[str, Kind] = {}
periodic: dict[str, Periodic] = {}


def job(
    name: str, *, queue: str = DEFAULT_QUEUE, seconds: int = 300
) -> Callable[[Handler], Handler]:
    """Register `handler(job, **args)` under `name`; it is stopped after `seconds`."""
    if seconds > LONGEST_SECONDS:
        raise ValueError(f"A job may take {LONGEST_SECONDS} seconds, {name!r} wants {seconds}.")

    def register(handler: Handler) -> Handler:
        _refuse_second(kinds.get(name), name, handler)
        kinds[name] = Kind(name, handler, queue, seconds)
        return handler

    return register


def every(*, seconds: float) -> Callable[[Tick], Tick]:
    """Let the scheduler call a short function every `seconds`.

    It runs in the scheduler itself, so that neither a full queue nor a broken broker holds it up;
    it must be quick, and harmless when two schedulers call it at the same time.
    """

    def register(function: Tick) -> Tick:
        name = f"{function.__module__}.{function.__qualname__}"
        periodic[name] = Periodic(name, function, seconds)
        return function

    return register


def find(name: str) -> Kind:
    """Return the kind of job called `name`.

    Raises:
        UnknownKindError: if this process has no handler for it.
    """
    if name not in kinds:
        raise UnknownKindError(f"No handler is registered for jobs of the kind {name!r}.")
    return kinds[name]


def queue_of(name: str) -> str:
    """Return the queue for `name`; a process without the handlers names the default one."""
    return kinds[name].queue if name in kinds else DEFAULT_QUEUE


def queues() -> list[str]:
    """Return every queue that some kind of job needs."""
    return sorted({DEFAULT_QUEUE, *(kind.queue for kind in kinds.values())})


def _refuse_second(known: Kind | None, name: str, handler: Handler) -> None:
    if known is None or _address(known.handler) == _address(handler):
        return
    raise ValueError(f"Two handlers for {name!r}: {_address(known.handler)}, {_address(handler)}.")


def _address(handler: Handler) -> tuple[str, str]:
    return handler.__module__, handler.__qualname__
