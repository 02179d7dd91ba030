"""Lets tests with real transactions empty the log between them, which its triggers refuse."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import TransactionTestCase

from annotation import append_only as labels
from audit import append_only as events


@pytest.fixture(autouse=True, scope="session")
def flush_with_triggers_lifted() -> Iterator[None]:
    """Lift the triggers while Django empties the tables after a test, and only then."""
    case_class: Any = TransactionTestCase
    flush = case_class._fixture_teardown

    def flush_lifted(case: Any) -> None:
        guards = *labels.GUARDS, *labels.DECISIONS, *labels.RULINGS
        with events.lifted(connection, *events.GUARDS, *guards):
            flush(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_class, "_fixture_teardown", flush_lifted)
        yield
