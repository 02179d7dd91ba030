"""Answers drawn at any size, and ten iterations of Dawid and Skene beside crowd-kit's."""

from __future__ import annotations

import importlib.util
import timeit
from collections.abc import Callable
from functools import partial

import numpy as np

from annotation.agreement.alpha import alpha_interval, nominal_alpha
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.selection import choose
from benchmarks._report import measure

CLASSES, PER_TASK, PER_ANNOTATOR = 7, 5, 500
CARELESS = 0.1
ITERATIONS = 10
FEWEST = 1000
TIMES = 5
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


def grow(n_labels: int) -> list[Row]:
    """Return rows of seconds (the best of three) at `n_labels` and at a fifth of them.

    `a_label` is what a label costs of what it cost at a fifth: 1 where the cost is linear.

    For Dawid and Skene's model also of ten iterations, which cost what they cost however many
    it takes until the slowest annotator has settled.
    """
    small, large = (draw(n)[0] for n in (n_labels // TIMES, n_labels))
    calls: dict[str, Callable[[Answers], object]] = {
        "dawid_skene, ten iterations": _ten_iterations,
        "dawid_skene, converged": DawidSkene().fit,
        "choice": choose,
        "alpha": nominal_alpha,
        "interval of alpha": alpha_interval,
    }
    return [_growth(name, call, small, large) for name, call in calls.items()]


def _growth(what: str, call: Callable[[Answers], object], small: Answers, large: Answers) -> Row:
    seconds = [min(timeit.repeat(partial(call, a), number=1, repeat=3)) for a in (small, large)]
    per_label = seconds[1] / seconds[0] * len(small) / len(large)
    first, last = (round(s, 6) for s in seconds)
    return {"what": what, "a_fifth": first, "all": last, "a_label": round(per_label, 2)}


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
