"""The triggers that let the database itself refuse to rewrite what is only ever added to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSED = "The log is append-only"
FUNCTION = "refuse_rewriting"


@dataclass(frozen=True)
class Guard:
    """A table that is only ever added to.

    `allowed`: the one kind of update that is no rewriting, as SQL over OLD and NEW; empty for none.
    """

    table: str
    allowed: str = ""


# All that may ever change in an event: an unsealed one gets its seal.
_KEPT = ("id", "at", "actor", "actor_role", "verb", "target", "data_text")
_SAME = " AND ".join(f"COALESCE(NEW.{name} = OLD.{name}, FALSE)" for name in _KEPT)
GUARDS = (
    Guard("audit_event", f"OLD.seq IS NULL AND NEW.seq IS NOT NULL AND {_SAME}"),
    Guard("audit_chainhead", "NEW.id = OLD.id AND NEW.count > OLD.count"),
)


def install(connection: BaseDatabaseWrapper, *guards: Guard) -> None:
    """Create the triggers of `guards`."""
    with connection.cursor() as cursor:
        for guard in guards:
            for statement in _statements(connection.vendor, guard):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper, *guards: Guard) -> None:
    """Drop the triggers of `guards`."""
    with connection.cursor() as cursor:
        for guard in guards:
            for event in _events(connection.vendor):
                on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.table}_no_{event.lower()}{on}")


@contextmanager
def lifted(connection: BaseDatabaseWrapper, *guards: Guard) -> Iterator[None]:
    """Let the tables be emptied meanwhile, as tests with real transactions have to."""
    remove(connection, *guards)
    try:
        yield
    finally:
        install(connection, *guards)


def _events(vendor: str) -> tuple[str, ...]:
    return ("UPDATE", "DELETE", "TRUNCATE") if vendor == "postgresql" else ("UPDATE", "DELETE")


def _statements(vendor: str, guard: Guard) -> Iterator[str]:
    if vendor == "postgresql":
        body = f"BEGIN RAISE EXCEPTION '{REFUSED}' USING ERRCODE = 'restrict_violation'; END"
        yield (
            f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger LANGUAGE plpgsql"
            f" AS $${body}$$"
        )
    for event in _events(vendor):
        unless = f"WHEN (NOT ({guard.allowed}))" if guard.allowed and event == "UPDATE" else ""
        name = f"{guard.table}_no_{event.lower()}"
        if vendor != "postgresql":
            yield (
                f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} {unless}"
                f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
            )
            continue
        each = "" if event == "TRUNCATE" else "FOR EACH ROW"
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {guard.table} {each} {unless}"
            f" EXECUTE FUNCTION {FUNCTION}()"
        )
