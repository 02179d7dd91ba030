"""What choosing costs beside predicting: utilities and a batch from a large pool.

python -m benchmarks.selection [--pool N] [--dim D] [--batch B] [--chunk C] [--repeats R]

The vectors are drawn and mapped from a file, as a collection's are; 7 classes. Everything of ours
goes by chunks. `cpu_seconds` is the median over repeats in which all take turns; `peak_mb` is held
over the mapped file. `ratio` compares with bare `predict_proba` in the same turn, or with that of
the whole committee where a strategy asks one, so that what is left is the choice itself.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from modAL.uncertainty import entropy_sampling
from sklearn.linear_model import LogisticRegression

from active_learning.strategies import STRATEGIES, Batch, Middle, Pool, Strategy, compose_batch
from active_learning.strategies.utilities import Array
from active_learning.threads import one_thread
from benchmarks._pool import CLASSES, Model, Vectors, draw
from benchmarks._report import give_up, print_json, print_table

SAMPLE = 4096
TOLD, PARTS = 700, ("classifier", "pool")
LEAST_POOL = 1000
BARE, COMMITTEE = "predict_proba", "predict_proba of a committee"

Call = Callable[[], object]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _options(arguments)
    if options.pool < LEAST_POOL or min(vars(options).values()) < 1:
        give_up(f"selection: --pool is at least {LEAST_POOL}, the others at least 1.")

    with tempfile.TemporaryDirectory() as folder:
        vectors, members = draw(Path(folder), options.pool, options.dim)
        rows = compare(Task(vectors, members, options.batch, options.chunk), options.repeats)
    print_table(rows)
    print_json({"benchmark": "selection", **vars(options), "results": rows})


@dataclass(frozen=True, eq=False)
class Task:
    """A pool, the classifiers that know its classes, and how much is wanted or looked at."""

    vectors: Vectors  # (n, d)
    members: Sequence[Model]
    batch: int
    chunk: int

    def bare(self, strategy: Strategy) -> None:
        """Predict the pool in one go, by all whom the strategy asks."""
        for member in self._asked(strategy):
            member.predict_proba(self.vectors)

    def utilities(self, strategy: Strategy) -> Array:
        """Predict the pool by chunks, and say what each clip is worth, (n,)."""
        middle = Middle.of(self.vectors[:SAMPLE])
        parts = []
        for at in range(0, len(self.vectors), self.chunk):
            some = self.vectors[at : at + self.chunk]
            told = [member.predict_proba(some)[None] for member in self._asked(strategy)]
            whole = told[0] if len(told) == 1 else np.concatenate(told)
            parts.append(strategy.utility(whole, some, middle))
        return np.concatenate(parts)

    def choose(self, strategy: Strategy) -> Batch:
        """Draw a batch by the utilities."""
        pool = Pool(self.vectors, self.utilities(strategy))
        return compose_batch(pool, self.batch, seed=0, strategy=strategy)

    def _asked(self, strategy: Strategy) -> Sequence[Model]:
        return self.members if strategy.asks_committee else self.members[:1]


@one_thread()
def compare(task: Task, repeats: int) -> list[dict[str, object]]:
    """Return a row for each way to look at the pool, all measured in turns."""
    calls = _calls(task)
    turns = [{what: _seconds(call) for what, call in calls.items()} for _ in range(repeats)]
    return [_row(what, turns, _peak(call)) for what, call in calls.items()]


def _calls(task: Task) -> dict[str, Call]:
    vectors, model = task.vectors, task.members[0]
    calls: dict[str, Call] = {
        "matrix product": partial(np.matmul, vectors, model.coef_.T),
        BARE: partial(task.bare, STRATEGIES["margin"]),
        COMMITTEE: partial(task.bare, STRATEGIES["mutual-information"]),
    }
    for name, strategy in STRATEGIES.items():
        calls[f"{name}: utilities"] = partial(task.utilities, strategy)
        calls[f"{name}: utilities and batch"] = partial(task.choose, strategy)
    calls["modAL entropy query"] = partial(entropy_sampling, model, vectors, task.batch)
    if importlib.util.find_spec("skactiveml"):
        calls["scikit-activeml margin query"] = partial(_skactiveml, vectors, task.batch)
    return calls


def _skactiveml(vectors: Vectors, batch: int) -> None:
    """Margin sampling by a learner of its own, since it takes no other; the first clips know."""
    classifiers, queries = (importlib.import_module(f"skactiveml.{n}") for n in PARTS)
    known = np.full(len(vectors), np.nan)
    known[:TOLD] = np.arange(TOLD) % CLASSES
    learner = classifiers.SklearnClassifier(LogisticRegression(), classes=range(CLASSES))
    learner.fit(vectors[:TOLD], known[:TOLD])
    query = queries.UncertaintySampling(method="margin_sampling", random_state=0)
    query.query(vectors, known, learner, fit_clf=False, batch_size=batch)


def _row(what: str, turns: Sequence[dict[str, float]], peak_mb: float) -> dict[str, object]:
    strategy = STRATEGIES.get(what.partition(":")[0])
    base = COMMITTEE if strategy and strategy.asks_committee else BARE
    ratio = statistics.median(turn[what] / turn[base] for turn in turns)
    seconds = statistics.median(turn[what] for turn in turns)
    return {
        "what": what,
        "cpu_seconds": round(seconds, 4),
        "ratio": round(ratio, 3),
        "peak_mb": round(peak_mb, 1),
    }


def _seconds(call: Call) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def _peak(call: Call) -> float:
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.selection")
    parser.add_argument("--pool", type=int, default=1_000_000)
    parser.add_argument("--dim", type=int, default=64)
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--chunk", type=int, default=131_072)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
