"""Runs a command, and says in a sentence when there is no database to run it on."""

from __future__ import annotations

import sys

from django.core.management import execute_from_command_line
from django.db import DatabaseError, OperationalError, ProgrammingError, connection
from django.db.migrations.executor import MigrationExecutor


def main(arguments: list[str]) -> None:
    """Run the command of `arguments`; a database that is away or not made yet ends it with 1."""
    try:
        execute_from_command_line(arguments)
    except (OperationalError, ProgrammingError) as error:
        reason = _why_no_database()
        if reason is None:
            raise
        sys.stderr.write(f"{reason} ({str(error).splitlines()[0]})\n")
        sys.exit(1)


def _why_no_database() -> str | None:
    try:
        executor = MigrationExecutor(connection)
    except DatabaseError:
        return "The database does not answer. Is it running, and is DATABASE_URL right?"
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return "The database is not up to date: run `manage.py migrate` first."
    return None
