"""Real threads on a real database: each with a connection of its own."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from django.db import connection

Result = TypeVar("Result")


@contextmanager
def database_on_disk(folder: Path) -> Iterator[None]:
    """Let threads share the database: SQLite's is copied to a file, PostgreSQL's is there."""
    if connection.vendor != "sqlite":
        yield
        return
    wrapper: Any = connection
    memory, name = wrapper.connection, wrapper.settings_dict["NAME"]
    with sqlite3.connect(folder / "threads.sqlite3") as copy:
        memory.backup(copy)
    copy.close()
    wrapper.connection, wrapper.settings_dict["NAME"] = None, str(folder / "threads.sqlite3")
    try:
        yield
    finally:
        wrapper.close()
        wrapper.connection, wrapper.settings_dict["NAME"] = memory, name


def in_threads(*works: Callable[[], Result]) -> list[Result]:
    """Do all works at the same time and return what each returned."""
    together = threading.Barrier(len(works))

    def do(work: Callable[[], Result]) -> Result:
        together.wait()
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(do, works))
