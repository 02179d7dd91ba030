"""Answers drawn at any size, and ten iterations of Dawid and Skene beside crowd-kit's."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from functools import partial

import numpy as np

from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.selection import choose
from benchmarks._report import measure

CLASSES, PER_TASK, PER_ANNOTATOR = 7, 5, 500
CARELESS = 0.1
ITERATIONS = 10
FEWEST = 1000
Row = dict[str, object]


def draw(n_labels: int, seed: int = 0) -> tuple[Answers, Ints]:
    """Draw five labels a task, 500 an annotator; a tenth of the annotators does not look."""
    rng = np.random.default_rng(seed)
    n_tasks, n_annotators = n_labels // PER_TASK, max(n_labels // PER_ANNOTATOR, 2 * PER_TASK)
    task = np.arange(n_tasks).repeat(PER_TASK)
    # Five different annotators a task: a random first, the others at steps from it.
    step = rng.integers(1, n_annotators // PER_TASK + 1, n_tasks).repeat(PER_TASK)
    first = rng.integers(0, n_annotators, n_tasks).repeat(PER_TASK)
    who = (first + step * np.tile(np.arange(PER_TASK), n_tasks)) % n_annotators
    truth = rng.integers(0, CLASSES, n_tasks)
    skill = np.where(rng.random(n_annotators) < CARELESS, 0.0, rng.beta(14, 6, n_annotators))
    knows = rng.random(len(task)) < skill[who]
    label = np.where(knows, truth[task], rng.integers(0, CLASSES, len(task)))
    return Answers(task, who, label, n_tasks, n_annotators, CLASSES), truth


def compare(n_labels: int) -> list[Row]:
    """Return rows of seconds and megabytes: the same ten iterations, then what users wait for."""
    answers, truth = draw(n_labels)
    rows = [_row("dawid_skene, ten iterations", partial(_ten_iterations, answers), truth)]
    if importlib.util.find_spec("crowdkit") is None:
        print("crowd-kit is not installed (requirements/peers.txt): no peers to compare with.")
    else:
        from benchmarks._crowdkit import ten_iterations  # noqa: PLC0415 - only where installed

        rows.append(_row("crowd-kit, ten iterations", partial(ten_iterations, answers), truth))
    rows.append(
        _row("dawid_skene, converged", lambda: DawidSkene().fit(answers).distribution, truth)
    )
    rows.append(_row("choice", lambda: choose(answers).fit.distribution, truth))
    return rows


def _ten_iterations(answers: Answers) -> Floats:
    return DawidSkene(max_iterations=ITERATIONS, tolerance=0.0).posterior(answers)


def _row(name: str, call: Callable[[], Floats], truth: Ints) -> Row:
    measured = measure(call)
    right = measured.result.argmax(axis=1) == truth
    return {
        "what": name,
        "seconds": measured.seconds,
        "peak_mb": measured.peak_mb,
        "accuracy": round(100 * float(right.mean()), 2),
    }
