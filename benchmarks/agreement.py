"""Alpha of three distances and its clustered interval on many labels, beside `krippendorff`.

python -m benchmarks.agreement --labels N [--seed S]

The labels are drawn: 6 classes, 10 labels a task, 50 tasks a person, each task with a
distribution of its own. `krippendorff` has no interval; its row repeats its alpha on resampled
tasks ten times and scales the time up to a thousand.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

import krippendorff
import numpy as np

from annotation.agreement.alpha import alpha, alpha_for, alpha_interval
from annotation.agreement.answers import Ints
from annotation.agreement.distances import Level
from benchmarks._report import Measured, give_up, measure, print_json, print_table

CLASSES, PER_TASK, PER_PERSON = 6, 10, 50
FOLDS, TRIED = 1000, 10


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.agreement")
    parser.add_argument("--labels", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.labels < 2 * PER_TASK * PER_PERSON:
        give_up(f"agreement: --labels must be at least {2 * PER_TASK * PER_PERSON}: two persons.")

    counts, persons = draw(options.labels, options.seed)
    rows = compare(counts, persons)
    print_table(rows)
    labels = int(counts.sum())
    print_json({"benchmark": "agreement", "labels": labels, "tasks": len(counts), "results": rows})


def draw(labels: int, seed: int) -> tuple[Ints, Ints]:
    """Return counts (n_tasks, 6) of about `labels` labels, and the person of each task."""
    rng = np.random.default_rng(seed)
    n_tasks = labels // PER_TASK
    persons = np.arange(n_tasks) // PER_PERSON
    style = rng.dirichlet(np.full(CLASSES, 2.0), size=persons[-1] + 1)
    shapes = rng.standard_gamma(1.2 * style[persons]) + 1e-12
    return rng.multinomial(PER_TASK, shapes / shapes.sum(axis=1, keepdims=True)), persons


def compare(counts: Ints, persons: Ints) -> list[dict[str, object]]:
    levels = (Level.NOMINAL, Level.ORDINAL, Level.INTERVAL)
    rows = [row for level in levels for row in _ours(counts, persons, level)]
    for level in levels:
        theirs = measure(partial(_krippendorff, counts, level))
        rows.append(_row(f"krippendorff {level} alpha", theirs, alpha=theirs.result))
    scaled = Measured(None, _thousand(counts), None)
    return [*rows, _row("krippendorff nominal x 1,000 (scaled up)", scaled)]


def _ours(counts: Ints, persons: Ints, level: Level) -> list[dict[str, object]]:
    coefficient = alpha_for(level, CLASSES)
    value = measure(partial(alpha, counts, level))
    by_task = measure(partial(alpha_interval, counts, measure=coefficient, resamples=FOLDS))
    by_person = measure(
        partial(alpha_interval, counts, persons, measure=coefficient, resamples=FOLDS)
    )
    return [
        _row(f"{level} alpha", value, alpha=value.result),
        _row(f"{level} alpha over tasks", by_task, ends=by_task.result),
        _row(f"{level} alpha over persons", by_person, ends=by_person.result),
    ]


def _row(
    what: str,
    took: Measured[Any],
    *,
    alpha: float | None = None,
    ends: tuple[float | None, float | None] = (None, None),
) -> dict[str, object]:
    measured = {"alpha": alpha, "seconds": took.seconds, "peak_mb": took.peak_mb}
    return {"what": what, **measured, "low": ends[0], "high": ends[1]}


def _krippendorff(counts: Ints, level: Level = Level.NOMINAL) -> float:
    found = krippendorff.alpha(
        value_counts=counts, value_domain=range(1, CLASSES + 1), level_of_measurement=level.value
    )
    return float(found)


def _thousand(counts: Ints) -> float:
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(TRIED):
        _krippendorff(counts[rng.integers(0, len(counts), len(counts))])
    return round((time.perf_counter() - start) * FOLDS / TRIED, 2)


if __name__ == "__main__":
    main()
