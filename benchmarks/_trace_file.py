"""Reads a table of traces: t, truth, and one column per annotator."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from annotation.agreement.answers import Bools, Floats
from benchmarks._report import give_up

FEWEST_SECONDS = 12


@dataclass(frozen=True, eq=False)
class Recorded:
    """Traces (n_annotators, n) and the truth (n,), on one even grid of `rate` samples a second."""

    rate: float
    truth: Floats
    traces: Floats
    annotators: list[str]


def read_traces(path: Path) -> Recorded:
    """Return what the file holds, or end with a sentence on what is wrong with it."""
    header, table = _table(path)
    if header[:2] != ["t", "truth"] or len(header) < 4:
        give_up(f"traces: {path} needs the columns t, truth, and two annotators or more.")
    times, truth, traces = table[:, 0], table[:, 1], table[:, 2:].T
    _check(path, header, table)
    steps = np.diff(times)
    if (steps <= 0).any():
        give_up(f"traces: in {path} the column t does not rise at data row {_first(steps <= 0)}.")
    step = float(np.median(steps))
    if np.abs(steps - step).max() > 0.1 * step:
        give_up(f"traces: in {path} the column t is not evenly spaced; resample it first.")
    if len(times) * step < FEWEST_SECONDS:
        give_up(f"traces: {path} is shorter than {FEWEST_SECONDS} seconds.")
    return Recorded(round(1 / step, 6), truth, traces, header[2:])


def _check(path: Path, header: list[str], table: Floats) -> None:
    if not np.isfinite(table[:, 0]).all():
        give_up(f"traces: in {path} the column t must have a number in every row.")
    half = len(table) // 2
    if not (_moves(table[:half, 1]) and _moves(table[half:, 1])):
        give_up(f"traces: in {path} the column truth must change in both halves of the file.")
    for name, column in zip(header[2:], table[:, 2:].T, strict=True):
        if not _moves(column):
            give_up(f"traces: in {path} the annotator {name} never moves; leave the column out.")


def _moves(column: Floats) -> bool:
    known = column[np.isfinite(column)]
    return len(known) > 1 and float(np.ptp(known)) > 0


def _table(path: Path) -> tuple[list[str], Floats]:
    try:
        with path.open(newline="") as file:
            header, *rows = list(csv.reader(file)) or [[]]
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"traces: cannot read {path}: {error}.")
    if not rows:
        give_up(f"traces: {path} has no rows.")
    return header, np.array([_numbers(path, i, row, header) for i, row in enumerate(rows, 1)])


def _numbers(path: Path, i: int, row: list[str], header: list[str]) -> list[float]:
    if len(row) != len(header):
        give_up(f"traces: in {path} data row {i} has {len(row)} fields, not {len(header)}.")
    try:
        numbers = [float(field) if field.strip() else np.nan for field in row]
    except ValueError:
        give_up(f"traces: in {path} data row {i} has a field that is not a number.")
    if np.isinf(numbers).any():
        give_up(f"traces: in {path} data row {i} has a field that is not finite.")
    return numbers


def _first(wrong: Bools) -> int:
    return int(np.flatnonzero(wrong)[0]) + 2
