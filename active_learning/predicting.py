"""Predicts a round's candidates a chunk at a time, anywhere, and draws the batch; pure.

A chunk is so many candidates in the order of their tasks, however many workers there are: the
bytes of what is seen of it depend on the plan and its number alone.
"""

import os
from collections.abc import Callable, Container
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning import chunks
from active_learning.computing import Array, Matrix, Outcome, Training, Vectors
from active_learning.learners import Learner, fit_reduction
from active_learning.snapshots import Candidate, Snapshot
from active_learning.strategies import (
    STRATEGIES,
    Batch,
    Middle,
    Pool,
    Shares,
    Strategy,
    compose_batch,
    expected_information,
)
from active_learning.threads import one_thread

CHUNK = 2048
# The pool's middle, and without a learner the space for distances, is fitted to so many clips.
SAMPLE = 4096
# Of every prediction towards the even one, so that no class is held to be impossible.
LEAST_SHARE = 0.01


class Inputs(NamedTuple):
    """What a plan is made from: the snapshot, what is known, and where vectors come from."""

    snapshot: Snapshot
    known: Training
    matrix: Matrix
    readable: Container[int]


@dataclass(frozen=True, eq=False)
class Plan:
    """The candidates of a round, and what each is looked at with."""

    inputs: Inputs
    rows: list[Candidate]
    guide: "Guide"

    @classmethod
    def of(cls, inputs: Inputs, learner: Learner | None, *, trusted: bool) -> "Plan":
        """Return the plan to predict with a learner, if any, that may choose if `trusted`."""
        pool = inputs.snapshot.pool
        rows = [row for row in pool if row.task in inputs.readable and not row.begun]
        guide = Guide(learner, trusted=trusted)
        with one_thread():
            return cls(inputs, rows, guide.prepared(inputs, [row.task for row in rows]))

    @property
    def count(self) -> int:
        """How many chunks there are."""
        return -(-len(self.rows) // CHUNK)

    @one_thread()
    def look(self, number: int) -> chunks.Arrays:
        """Return what is seen of the chunk with this number."""
        some = self.rows[number * CHUNK : (number + 1) * CHUNK]
        return self.guide.look(self.inputs.matrix([row.task for row in some]))

    def ensure(self, folder: Path, number: int) -> None:
        """See to it that a chunk's file is there and whole."""
        path = chunks.path_of(folder, number)
        if not chunks.is_whole(path):
            chunks.write(path, self.look(number))

    @one_thread()
    def compose(self, folder: Path) -> Outcome:
        """Draw the batch from all chunks in `folder`; what is not whole there is seen again."""
        seen = self._joined(folder)
        shape = (0, len(self.inputs.snapshot.classes))
        return Outcome(
            tasks=[row.task for row in self.rows],
            predictions=seen.get("predictions", np.zeros(shape)),
            is_new=np.array([row.information is None for row in self.rows], dtype=np.bool_),
            batch=self._batch(seen),
        )

    def _joined(self, folder: Path) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of all chunks end to end, each mapped from a file."""
        whole: dict[str, npt.NDArray[Any]] = {}
        for number in range(self.count):
            self.ensure(folder, number)
            for name, part in chunks.read(chunks.path_of(folder, number)).items():
                if name not in whole:
                    whole[name] = _mapped(folder / f"{name}.npy", part, len(self.rows))
                whole[name][number * CHUNK : number * CHUNK + len(part)] = part
        return whole

    def _batch(self, seen: dict[str, npt.NDArray[Any]]) -> Batch:
        if not self.rows:
            return Batch(np.zeros(0, np.intp), np.zeros(0, np.str_), np.zeros(0))
        snapshot, known = self.inputs.snapshot, self.inputs.known
        pool = Pool(
            vectors=seen["places"],
            utilities=seen.get("utilities"),
            covered=self.guide.place(known.vectors) if len(known) else None,
            labelled=np.array([row.information is not None for row in self.rows], dtype=np.bool_),
            information=_information(self.rows, seen.get("information")),
            only_by_chance=_only_by_chance(self.rows),
            **_slices(known, self.rows),
        )
        shares = Shares.of(audit=snapshot.audit_share, elsewhere=0.0)
        strategy = self.guide.strategy
        return compose_batch(
            pool, snapshot.batch_size, seed=snapshot.seed, shares=shares, strategy=strategy
        )


@dataclass(frozen=True, eq=False)
class Guide:
    """What the draw goes by: a learner, if it may be `trusted`, a strategy, and a space."""

    learner: Learner | None
    trusted: bool
    strategy: Strategy = STRATEGIES["margin"]
    strength: float = 1.0
    embed: Callable[[Vectors], Array] | None = None
    middle: Middle | None = None

    def prepared(self, inputs: Inputs, tasks: list[int]) -> "Guide":
        """Return the guide with a space for distances, the learner's or the clips' own."""
        snapshot = inputs.snapshot
        chosen = np.random.default_rng(snapshot.seed).permutation(len(tasks))[:SAMPLE]
        sample = inputs.matrix([tasks[i] for i in sorted(chosen)])
        embed = self._space(inputs, sample)
        middle = Middle.of(embed(sample)) if len(sample) else None
        strategy = STRATEGIES[snapshot.strategy]
        return replace(
            self, strategy=strategy, strength=snapshot.strength, embed=embed, middle=middle
        )

    def _space(self, inputs: Inputs, sample: Vectors) -> Callable[[Vectors], Array]:
        if self.learner:
            return self.learner.embed
        return _own_space(inputs.known, sample, inputs.snapshot.seed)

    def place(self, vectors: Vectors) -> Array:
        """Return where vectors (n, d) lie in the space for distances, (n, p)."""
        if self.embed is None:
            raise ValueError("The guide is not prepared.")
        return self.embed(vectors)

    def look(self, vectors: Vectors) -> chunks.Arrays:
        """Return what is seen of vectors (n, d), by name.

        `places` (n, p), single precision: distances need no more. With a learner `predictions`
        (n, K); with one that is trusted `utilities` (n,), and `information` (n,) of one label,
        in nats, had the clips none yet.
        """
        whole = self.place(vectors)
        places = whole.astype(np.float32)
        if self.learner is None or self.middle is None:
            return {"places": places}
        predictions = self.learner.predict_proba(vectors, whole)
        if not self.trusted:
            return {"places": places, "predictions": predictions}
        asked = self.strategy.asks_committee
        members = self.learner.predict_members(vectors, whole) if asked else predictions[None]
        return {
            "places": places,
            "predictions": predictions,
            "utilities": self.strategy.utility(members, places, self.middle),
            "information": self._information(predictions),
        }

    def _information(self, predictions: Array) -> Array:
        expected = (1 - LEAST_SHARE) * predictions + LEAST_SHARE / predictions.shape[1]
        return expected_information(self.strength * expected)


def _own_space(known: Training, sample: Vectors, seed: int) -> Callable[[Vectors], Array]:
    seen = np.concatenate([known.vectors, sample])
    if len(seen) < 2:
        return lambda vectors: np.zeros((len(vectors), 1))
    return fit_reduction(seen, seed)


def _mapped(path: Path, part: npt.NDArray[Any], length: int) -> npt.NDArray[Any]:
    shape = (length, *part.shape[1:])
    whole = np.lib.format.open_memmap(path, mode="w+", dtype=part.dtype, shape=shape)
    # A full disk is an error here; met while the map is written, it would end the process.
    with path.open("r+b") as file:
        os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    return whole


def _information(rows: list[Candidate], expected: npt.NDArray[np.float64] | None) -> Array | None:
    """What one more label would tell of each clip (n,), its labels so far considered."""
    if expected is None:
        return None
    known = np.array([np.nan if r.information is None else r.information for r in rows])
    return np.where(np.isnan(known), expected, known)


def _only_by_chance(rows: list[Candidate]) -> npt.NDArray[np.bool_] | None:
    """Which candidates (n,) show people kept apart; None where none does."""
    apart = np.array([row.held_out for row in rows], dtype=np.bool_)
    return apart if apart.any() else None


def _slices(known: Training, rows: list[Candidate]) -> dict[str, Any]:
    """Number the people among the candidates and count the labels that each has already."""
    names, slices = np.unique([row.person for row in rows], return_inverse=True)
    at = np.searchsorted(names, known.persons)
    among = np.flatnonzero(names[np.minimum(at, len(names) - 1)] == known.persons)
    counts = np.bincount(at[among], known.effective_n[among], minlength=len(names))
    return {"slices": slices.astype(np.intp), "slice_counts": counts.round().astype(np.intp)}
