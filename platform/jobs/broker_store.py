"""The embedded broker's file: messages under lease, dead letters and bindings, in SQLite."""

import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

LEASE_SECONDS = 15.0
MAX_DELIVERIES = 5
MAX_MESSAGES_PER_QUEUE = 20_000
# A broadcast or a reply that nobody has read by then has no reader any more.
TEMPORARY_SECONDS = 60.0
BINDING_SECONDS = 24 * 3600.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, payload TEXT NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 0, lease_until REAL NOT NULL DEFAULT 0,
    holder TEXT, dies_at REAL);
CREATE INDEX IF NOT EXISTS messages_by_queue ON messages (queue, id);
CREATE INDEX IF NOT EXISTS messages_by_holder ON messages (holder) WHERE holder IS NOT NULL;
CREATE TABLE IF NOT EXISTS dead_letters (
    id INTEGER PRIMARY KEY, queue TEXT NOT NULL, payload TEXT NOT NULL,
    deliveries INTEGER NOT NULL, died_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS bindings (
    exchange TEXT NOT NULL, routing_key TEXT NOT NULL, pattern TEXT NOT NULL, queue TEXT NOT NULL,
    temporary_until REAL, PRIMARY KEY (exchange, routing_key, queue)) WITHOUT ROWID;
"""

# Reading takes no write lock: an idle worker disturbs nobody. A lease further ahead than any lease
# can be was written before the clock was set back.
FIND = """SELECT id, deliveries FROM messages WHERE queue = :queue
    AND (lease_until <= :now OR lease_until > :now + 2 * :lease) ORDER BY id LIMIT 1"""
LEASE = """UPDATE messages SET lease_until = :now + :lease, holder = :holder,
    deliveries = deliveries + 1
    WHERE id = :id AND (lease_until <= :now OR lease_until > :now + 2 * :lease)
    RETURNING id, deliveries, payload"""
REMOVE = "DELETE FROM messages WHERE id = :id RETURNING id, deliveries + 1, payload"
PUT = """INSERT INTO messages (queue, payload, dies_at)
    SELECT :queue, :payload, CASE WHEN EXISTS (SELECT 1 FROM bindings WHERE queue = :queue
        AND temporary_until IS NOT NULL) THEN :now + :temporary END
    WHERE (SELECT COUNT(*) FROM messages WHERE queue = :queue) < :bound"""


class Taken(NamedTuple):
    """A message as it was handed out: `tag` names this delivery of it, not the message."""

    id: int
    deliveries: int
    payload: str

    @property
    def tag(self) -> str:
        return f"{self.id}.{self.deliveries}"


class Store:
    """One connection to the broker's file, shared by the threads of one process."""

    def __init__(self, path: str) -> None:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(
            path, timeout=10, isolation_level=None, check_same_thread=False
        )
        self._connection.execute("PRAGMA journal_mode=WAL")
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(SCHEMA)

    def run(self, sql: str, values: dict[str, object]) -> list[tuple[object, ...]]:
        """Run one statement, which is its own transaction, and return its rows."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    def change(self, sql: str, values: dict[str, object]) -> int:
        """Run one statement and return how many rows it changed."""
        with self._lock:
            return self._connection.execute(sql, values).rowcount

    def put(self, queue: str, payload: str) -> bool:
        """Append a message; False when the queue is full."""
        values = {
            "queue": queue,
            "payload": payload,
            "now": time.time(),
            "temporary": TEMPORARY_SECONDS,
            "bound": MAX_MESSAGES_PER_QUEUE,
        }
        return self.change(PUT, values) == 1

    def take(self, queue: str, holder: str, *, lease: bool) -> Taken | None:
        """Hand out the oldest free message, under a lease or for good."""
        values: dict[str, object] = {"queue": queue, "now": time.time(), "lease": LEASE_SECONDS}
        while found := self.run(FIND, values):
            number, deliveries = found[0]
            if lease and isinstance(deliveries, int) and deliveries >= MAX_DELIVERIES:
                self.bury(number)
                continue
            taken = self.run(LEASE if lease else REMOVE, {**values, "id": number, "holder": holder})
            if taken:
                return Taken(*taken[0])  # type: ignore[arg-type]
        return None

    def bury(self, number: object) -> None:
        """Move a message that nobody could finish to the dead letters."""
        values: dict[str, object] = {"id": number, "now": time.time()}
        with self._lock, self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self.run(
                "INSERT OR IGNORE INTO dead_letters SELECT id, queue, payload, deliveries, :now"
                " FROM messages WHERE id = :id",
                values,
            )
            self.run("DELETE FROM messages WHERE id = :id", values)

    def acknowledge(self, tag: str) -> None:
        """Remove the message, unless the delivery `tag` was overtaken by another."""
        self.run("DELETE FROM messages WHERE id = :id AND deliveries = :deliveries", _parts(tag))

    def release(self, tag: str, *, counted: bool) -> None:
        """Give the message back; an uncounted delivery does not bring it nearer to its death."""
        self.run(
            "UPDATE messages SET lease_until = 0, holder = NULL, deliveries = deliveries - :back"
            " WHERE id = :id AND deliveries = :deliveries",
            {**_parts(tag), "back": 0 if counted else 1},
        )

    def renew(self, holder: str) -> None:
        """Extend every lease of `holder`."""
        self.run(
            "UPDATE messages SET lease_until = :until WHERE holder = :holder",
            {"until": time.time() + LEASE_SECONDS, "holder": holder},
        )

    def size(self, queue: str) -> int:
        rows = self.run("SELECT COUNT(*) FROM messages WHERE queue = :queue", {"queue": queue})
        return int(str(rows[0][0]))

    def purge(self, queue: str) -> int:
        return self.change("DELETE FROM messages WHERE queue = :queue", {"queue": queue})

    def bind(self, exchange: str, meta: Sequence[str | None], *, temporary: bool) -> None:
        """Remember that `exchange` delivers to the queue in `meta` (key, pattern, queue)."""
        routing_key, pattern, queue = meta
        until = time.time() + BINDING_SECONDS if temporary else None
        self.run(
            "INSERT OR REPLACE INTO bindings VALUES (:exchange, :key, :pattern, :queue, :until)",
            {
                "exchange": exchange,
                "key": routing_key or "",
                "pattern": pattern or "",
                "queue": queue,
                "until": until,
            },
        )

    def bindings(self, exchange: str) -> list[tuple[object, ...]]:
        """Return (routing key, pattern, queue) of everything bound to `exchange`."""
        return self.run(
            "SELECT routing_key, pattern, queue FROM bindings WHERE exchange = :exchange",
            {"exchange": exchange},
        )

    def unbind(self, queue: str) -> None:
        self.run("DELETE FROM bindings WHERE queue = :queue", {"queue": queue})

    def keep_bindings(self, queues: Sequence[str]) -> None:
        """Say that the temporary `queues` are still read, and forget those nobody reads."""
        now = time.time()
        for queue in queues:
            self.run(
                "UPDATE bindings SET temporary_until = :until"
                " WHERE queue = :queue AND temporary_until IS NOT NULL",
                {"queue": queue, "until": now + BINDING_SECONDS},
            )
        self.run("DELETE FROM bindings WHERE temporary_until < :now", {"now": now})
        self.run("DELETE FROM messages WHERE dies_at < :now", {"now": now})


def _parts(tag: str) -> dict[str, object]:
    number, deliveries = tag.split(".")
    return {"id": int(number), "deliveries": int(deliveries)}


_stores: dict[str, Store] = {}
_inherited: list[dict[str, Store]] = []
_opening = threading.Lock()


def open_store(path: str) -> Store:
    """Return this process's store for the file `path`."""
    with _opening:
        if path not in _stores:
            _stores[path] = Store(path)
        return _stores[path]


def _forget_inherited() -> None:
    """A connection must not be used, nor closed, on the other side of a fork."""
    global _stores, _opening
    _inherited.append(_stores)
    _stores, _opening = {}, threading.Lock()


os.register_at_fork(after_in_child=_forget_inherited)
