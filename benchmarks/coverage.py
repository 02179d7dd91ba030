"""How often the 95 % interval of alpha holds the truth, by how many persons there are.

python -m benchmarks.coverage [--collections N] [--seed S]

People differ: each has a mixture of emotions and a clarity of their own, and a few clips. The truth
is the alpha of 100,000 such people. Beside the interval of `annotation.agreement` stand those of
the plain percentile bootstrap: over tasks, over persons, and over persons and then their tasks.
`missed_low` and `missed_high` are the shares of collections whose truth lay below and above.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

import numpy as np

from annotation.agreement.alpha import alpha, alpha_for, alpha_interval
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.distances import Level
from benchmarks._report import give_up, print_json, print_table

CLASSES, PER_TASK, TASKS_EACH = 4, 5, 8
PERSONS = (3, 6, 10, 20, 40, 90)
RESAMPLES = 1000
EVERYBODY = 100_000

Interval = Callable[[Ints, Level, int], tuple[float, float]]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coverage")
    parser.add_argument("--collections", type=int, default=400)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    if options.collections < 1:
        give_up("coverage: --collections must be at least 1.")

    everybody = draw(EVERYBODY, np.random.default_rng(options.seed))
    rows = [
        row(level, persons, options.collections, alpha(everybody, level))
        for level in (Level.NOMINAL, Level.ORDINAL, Level.INTERVAL)
        for persons in PERSONS
    ]
    print_table(rows)
    print_json({"benchmark": "coverage", "collections": options.collections, "results": rows})


def draw(persons: int, rng: np.random.Generator) -> Ints:
    """Return the counts (persons * TASKS_EACH, CLASSES) of new people's clips."""
    mixture = rng.dirichlet([2.4, *[0.8] * (CLASSES - 1)], size=persons)
    clarity = 1.2 * np.exp(0.7 * rng.standard_normal((persons, 1)))
    shapes = rng.standard_gamma((clarity * mixture).repeat(TASKS_EACH, axis=0)) + 1e-12
    return rng.multinomial(PER_TASK, shapes / shapes.sum(axis=1, keepdims=True))


def row(level: Level, persons: int, collections: int, truth: float) -> dict[str, object]:
    rng = np.random.default_rng(persons)
    samples = [draw(persons, rng) for _ in range(collections)]
    ours = _ends(samples, level, _ours)
    held = (ours[:, 0] <= truth) & (truth <= ours[:, 1])
    others = {"tasks": _by_task, "persons": _by_person, "persons, tasks": _in_two_stages}
    return {
        "distance": level.value,
        "persons": persons,
        "ours": float(held.mean()),
        "missed_low": float((truth < ours[:, 0]).mean()),
        "missed_high": float((truth > ours[:, 1]).mean()),
        "width": float(np.median(ours[:, 1] - ours[:, 0])),
        **{f"percentile, {k}": _coverage(samples, level, of, truth) for k, of in others.items()},
    }


def _ends(samples: Sequence[Ints], level: Level, of: Interval) -> Floats:
    return np.array([of(sample, level, seed) for seed, sample in enumerate(samples)])


def _coverage(samples: Sequence[Ints], level: Level, of: Interval, truth: float) -> float:
    ends = _ends(samples, level, of)
    return float(((ends[:, 0] <= truth) & (truth <= ends[:, 1])).mean())


def _ours(counts: Ints, level: Level, seed: int) -> tuple[float, float]:
    persons = np.arange(len(counts)) // TASKS_EACH
    measure = alpha_for(level, CLASSES)
    return alpha_interval(counts, persons, measure=measure, resamples=RESAMPLES, seed=seed)


def _by_task(counts: Ints, level: Level, seed: int) -> tuple[float, float]:
    rows = _rows(counts, level)
    return _percentile(_drawn(len(rows), seed) @ rows, level)


def _by_person(counts: Ints, level: Level, seed: int) -> tuple[float, float]:
    rows = _rows(counts, level).reshape(-1, TASKS_EACH, _rows(counts, level).shape[1]).sum(axis=1)
    return _percentile(_drawn(len(rows), seed) @ rows, level)


def _in_two_stages(counts: Ints, level: Level, seed: int) -> tuple[float, float]:
    rows = _rows(counts, level)
    drawn = _drawn(len(rows) // TASKS_EACH, seed).astype(np.int64)
    even = np.full(TASKS_EACH, 1 / TASKS_EACH)
    tasks = np.random.default_rng(seed + 1).multinomial(TASKS_EACH * drawn, even)
    return _percentile(tasks.reshape(RESAMPLES, -1) @ rows, level)


def _rows(counts: Ints, level: Level) -> Floats:
    return alpha_for(level, CLASSES).rows(counts.astype(np.float64))


def _drawn(n: int, seed: int) -> Floats:
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    return drawn.astype(np.float64)


def _percentile(sums: Floats, level: Level) -> tuple[float, float]:
    low, high = np.nanquantile(1 - alpha_for(level, CLASSES).disagreement(sums), [0.025, 0.975])
    return float(low), float(high)


if __name__ == "__main__":
    main()
