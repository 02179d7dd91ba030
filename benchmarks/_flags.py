"""Quality flags on recorded traces, beside the choice that their authors made by hand."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from annotation.agreement.traces.events import PointerEvents
from annotation.agreement.traces.quality import Flag, flags
from benchmarks._report import give_up

SCALE = (-100.0, 100.0)
COLUMNS = ("clip", "annotator", "session", "wall_ms", "video_ms", "value", "kept_by_authors")
CUT_COLUMNS = ("Movie Path", "Cut Name", "Start Time Sec", "End Time Sec")
Key = tuple[str, str]


@dataclass(frozen=True)
class Comparison:
    """A row per flag for the table, and the figures over all of them."""

    rows: list[dict[str, object]]
    summary: dict[str, object]


@dataclass(frozen=True)
class Judged:
    """One annotator's trace of one clip: our flags, and whether the authors dropped it."""

    flags: frozenset[Flag]
    dropped: bool


def compare_flags(events: Path, clips: Path) -> Comparison:
    """Return precision and recall of "flagged" for "not kept by the authors"."""
    durations = _durations(clips)
    judged = [_judge(rows, durations) for rows in _traces(events).values()]
    rows = [_row(flag.value, judged, {flag}) for flag in Flag]
    anything = _row("any flag", judged, set(Flag))
    summary = {
        "traces": len(judged),
        "dropped": sum(j.dropped for j in judged),
        "precision": anything["precision"],
        "recall": anything["recall"],
        "flags": rows,
    }
    return Comparison([*rows, anything], summary)


def _row(name: str, judged: list[Judged], chosen: Collection[Flag]) -> dict[str, object]:
    flagged = [j for j in judged if j.flags & frozenset(chosen)]
    right = sum(j.dropped for j in flagged)
    dropped = sum(j.dropped for j in judged)
    return {
        "flag": name,
        "flagged": len(flagged),
        "of_them_dropped": right,
        "precision": round(right / len(flagged), 3) if flagged else None,
        "recall": round(right / dropped, 3) if dropped else None,
    }


def _judge(rows: list[dict[str, str]], durations: dict[str, float]) -> Judged:
    """Of several viewings the one that got furthest counts, then the one with more events."""
    clip = rows[0]["clip"]
    if clip not in durations:
        give_up(f"traces: the clip {clip} is not among the cuts.")
    viewings = defaultdict(list)
    for row in rows:
        viewings[row["session"]].append(row)
    chosen = max(viewings.values(), key=lambda v: (max(float(r["video_ms"]) for r in v), len(v)))
    try:
        found = flags(_events(chosen), durations[clip], SCALE)
    except ValueError as error:
        give_up(f"traces: {clip}, {rows[0]['annotator']}: {error}")
    return Judged(found, rows[0]["kept_by_authors"] != "True")


def _events(rows: list[dict[str, str]]) -> PointerEvents:
    return PointerEvents.of(
        [float(row["video_ms"]) / 1000 for row in rows],
        [float(row["wall_ms"]) / 1000 for row in rows],
        [float(row["value"]) for row in rows],
    )


def _traces(path: Path) -> dict[Key, list[dict[str, str]]]:
    traces: dict[Key, list[dict[str, str]]] = defaultdict(list)
    for row in _read(path, COLUMNS):
        traces[row["clip"], row["annotator"]].append(row)
    return traces


def _durations(path: Path) -> dict[str, float]:
    rows = _read(path, CUT_COLUMNS)
    try:
        return {
            f"{row['Movie Path'].removesuffix('.mp4')}_{row['Cut Name']}": float(
                row["End Time Sec"]
            )
            - float(row["Start Time Sec"])
            for row in rows
        }
    except ValueError:
        give_up(f"traces: {path} has a start or end that is not a number.")


def _read(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        give_up(f"traces: cannot read {path}: {error}.")
    if not rows or not set(columns) <= set(rows[0]):
        give_up(f"traces: {path} needs rows, and the columns {', '.join(columns)}.")
    return rows
