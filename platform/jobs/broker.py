"""Celery's broker for one machine: a kombu transport over one SQLite file.

A message is handed out under a lease, which a thread keeps alive while its holder lives: what a
killed worker held comes back within LEASE_SECONDS, what a long job holds is never doubled.
"""

import json
import random
import sqlite3
import threading
import time
from collections.abc import Callable
from queue import Empty
from typing import Any
from uuid import uuid4

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, virtual

from jobs.broker_store import LEASE_SECONDS, Store, open_store

SCHEME = "sqlitebroker"
SHORTEST_PAUSE = 0.02
LONGEST_PAUSE = 0.2
HOUSEKEEPING_SECONDS = 600.0


class QueueFullError(ChannelError):  # type: ignore[misc, unused-ignore]
    """The queue holds as many messages as it may."""


class Channel(virtual.Channel):  # type: ignore[misc, unused-ignore]
    """What one consumer or producer does with the file."""

    supports_fanout = True

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)
        self._path: str = connection.client.virtual_host
        self._wake: Callable[[], None] = connection.wake
        self.holder = uuid4().hex
        self._unacknowledged: set[str] = set()
        self._queues_read_once: set[str] = set()
        self._temporary_queues: set[str] = set()
        self._stopped = threading.Event()
        self._keeper: threading.Thread | None = None

    @property
    def store(self) -> Store:
        # Asked for each time: after a fork the process has another one.
        return open_store(self._path)

    def _put(self, queue: str, message: dict[str, Any], **_: Any) -> None:
        if not self.store.put(queue, json.dumps(message)):
            raise QueueFullError(f"The queue {queue!r} is full.")

    def _put_fanout(self, exchange: str, message: dict[str, Any], *_: Any, **__: Any) -> None:
        for _key, _pattern, queue in self.store.bindings(exchange):
            self._put(str(queue), message)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        lease = queue not in self._queues_read_once
        taken = self.store.take(queue, self.holder, lease=lease)
        if taken is None:
            raise Empty
        if lease:
            self._unacknowledged.add(taken.tag)
            self._start_keeper()
        message: dict[str, Any] = json.loads(taken.payload)
        message["properties"]["delivery_tag"] = taken.tag
        message["properties"]["delivery_info"]["redelivered"] = taken.deliveries > 1
        return message

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> Any:  # noqa: FBT001
        if no_ack:
            self._queues_read_once.add(queue)
        self._start_keeper()
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        if no_ack:
            self._queues_read_once.add(queue)
        return super().basic_get(queue, no_ack=no_ack, **kwargs)

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:  # noqa: FBT001, FBT002
        self._unacknowledged.discard(delivery_tag)
        self.store.acknowledge(delivery_tag)
        super().basic_ack(delivery_tag, multiple)
        self._wake()

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002
        self._unacknowledged.discard(delivery_tag)
        if not requeue:
            self.store.acknowledge(delivery_tag)
        super().basic_reject(delivery_tag, requeue=requeue)
        self._wake()

    def _restore_at_beginning(self, message: Any) -> None:
        """Take back what a consumer gave up: its process died over it, which counts."""
        self.store.release(message.delivery_tag, counted=True)

    def _restore(self, message: Any) -> None:
        """Take back what is held at an orderly end, when nothing is wrong with the message."""
        self._unacknowledged.discard(message.delivery_tag)
        self.store.release(message.delivery_tag, counted=False)

    def _new_queue(self, queue: str, *, auto_delete: bool = False, **_: Any) -> None:
        if auto_delete:
            self._temporary_queues.add(queue)

    def _queue_bind(self, exchange: str, *meta: str | None) -> None:
        self.store.bind(exchange, meta, temporary=meta[-1] in self._temporary_queues)

    def get_table(self, exchange: str) -> Any:
        return self.store.bindings(exchange)

    def _size(self, queue: str) -> int:
        return self.store.size(queue)

    def _purge(self, queue: str) -> int:
        return self.store.purge(queue)

    def _delete(self, queue: str, *_: Any, **__: Any) -> None:
        self.store.purge(queue)
        self.store.unbind(queue)

    def close(self) -> None:
        self._stopped.set()
        super().close()

    def _start_keeper(self) -> None:
        if self._keeper is None:
            keep = self._keep_alive
            self._keeper = threading.Thread(target=keep, args=(self.store,), daemon=True)
            self._keeper.start()

    def _keep_alive(self, store: Store) -> None:
        """Renew the leases while this process lives, and now and then tidy up."""
        tidy_at = 0.0
        while not self._stopped.wait(LEASE_SECONDS / 3):
            try:
                if self._unacknowledged:
                    store.renew(self.holder)
                if time.monotonic() >= tidy_at:
                    store.keep_bindings(list(self._active_queues))
                    tidy_at = time.monotonic() + HOUSEKEEPING_SECONDS
            except sqlite3.OperationalError:
                # Locked or full for the moment: two thirds of the lease are left to try again.
                continue


class Transport(virtual.Transport):  # type: ignore[misc, unused-ignore]
    """Polls the file, the more seldom the longer nothing came."""

    Channel = Channel
    default_connection_params: dict[str, Any] = {}
    driver_type = "sqlite"
    driver_name = "sqlite"
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.OperationalError)
    channel_errors = (*virtual.Transport.channel_errors, QueueFullError)
    implements = virtual.Transport.implements.extend(
        exchange_type=frozenset(["direct", "topic", "fanout"])
    )

    def __init__(self, client: Any, **options: Any) -> None:
        super().__init__(client, **options)
        self._round: Any = self.cycle
        self._pause = SHORTEST_PAUSE
        self._woken = threading.Event()

    def driver_version(self) -> str:
        return sqlite3.sqlite_version

    def wake(self) -> None:
        """Look for messages at once: there is room for another one."""
        self._woken.set()

    def drain_events(self, connection: Any, timeout: float | None = None, **_: Any) -> None:
        """Deliver one message, or raise TimeoutError after `timeout` seconds without any."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            try:
                self._round.get(self._deliver, timeout=timeout)
            except Empty:
                self._wait(end)
            else:
                self._pause = SHORTEST_PAUSE
                return

    def _wait(self, end: float | None) -> None:
        left = LONGEST_PAUSE if end is None else end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        # Jitter keeps several workers from knocking at the same moment.
        pause = self._pause * random.uniform(0.75, 1.25)  # noqa: S311
        if self._woken.wait(min(pause, left)):
            self._woken.clear()
            self._pause = SHORTEST_PAUSE
        else:
            self._pause = min(self._pause * 1.1, LONGEST_PAUSE)


def register() -> None:
    """Let addresses that begin with `sqlitebroker://` find this transport."""
    TRANSPORT_ALIASES[SCHEME] = f"{__name__}:Transport"
