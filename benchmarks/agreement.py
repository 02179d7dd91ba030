"""Alpha and its clustered interval on many labels, beside `krippendorff`.

python -m benchmarks.agreement --labels N [--seed S]

The labels are drawn: 6 classes, 10 labels a task, 50 tasks a person, each task with a
distribution of its own. `krippendorff` has no interval; its row repeats its alpha on resampled
tasks ten times and scales the time up to a thousand.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

import krippendorff
import numpy as np

from annotation.agreement.alpha import alpha_interval, nominal_alpha
from annotation.agreement.answers import Ints
from benchmarks._report import give_up, measure, print_json, print_table

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
    ours = measure(lambda: nominal_alpha(counts))
    theirs = measure(lambda: _krippendorff(counts))
    by_task = measure(lambda: alpha_interval(counts, resamples=FOLDS))
    by_person = measure(lambda: alpha_interval(counts, persons, resamples=FOLDS))

    def row(
        what: str, alpha: float | None, seconds: float, peak_mb: float | None
    ) -> dict[str, object]:
        return {"what": what, "alpha": alpha, "seconds": seconds, "peak_mb": peak_mb}

    nothing = {"low": None, "high": None}
    return [
        row("alpha", ours.result, ours.seconds, ours.peak_mb) | nothing,
        row("interval, tasks", None, by_task.seconds, by_task.peak_mb)
        | dict(zip(("low", "high"), by_task.result, strict=True)),
        row("interval, persons then tasks", None, by_person.seconds, by_person.peak_mb)
        | dict(zip(("low", "high"), by_person.result, strict=True)),
        row("krippendorff alpha", theirs.result, theirs.seconds, theirs.peak_mb) | nothing,
        row("krippendorff x 1,000 (scaled up)", None, _thousand(counts), None) | nothing,
    ]


def _krippendorff(counts: Ints) -> float:
    alpha = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")
    return float(alpha)


def _thousand(counts: Ints) -> float:
    rng = np.random.default_rng(0)
    start = time.perf_counter()
    for _ in range(TRIED):
        _krippendorff(counts[rng.integers(0, len(counts), len(counts))])
    return round((time.perf_counter() - start) * FOLDS / TRIED, 2)


if __name__ == "__main__":
    main()
