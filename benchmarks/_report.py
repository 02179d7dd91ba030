"""How every benchmark reports: a table to read, then one line of JSON to keep."""

from __future__ import annotations

import json
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Measured(Generic[Result]):
    """What a call gave, its wall time, and the most memory Python and numpy held for it."""

    result: Result
    seconds: float
    peak_mb: float | None


def measure(call: Callable[[], Result]) -> Measured[Result]:
    """Run `call` twice: once for the time, once traced for the memory, which slows it down."""
    start = time.perf_counter()
    result = call()
    seconds = time.perf_counter() - start

    tracemalloc.start()
    try:
        call()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    return Measured(result, round(seconds, 4), round(peak / 1e6, 2))


def print_table(rows: Sequence[Mapping[str, object]]) -> None:
    """Print `rows`, which share their keys, as columns; a value that is None shows as a dash."""
    heads = list(rows[0])
    cells = [[_shown(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[i]) for line in [heads, *cells]) for i in range(len(heads))]
    for line in [heads, *cells]:
        first = line[0].ljust(widths[0])
        rest = [cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)]
        print("  ".join([first, *rest]))


def print_json(result: Mapping[str, object]) -> None:
    """Print the last line of a benchmark."""
    print(json.dumps(result, allow_nan=False))


def give_up(message: str) -> NoReturn:
    """Say what is wrong with what was given, and end with status 2."""
    print(message, file=sys.stderr)
    raise SystemExit(2)


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
