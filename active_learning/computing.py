"""What a round computes from its snapshot: the same input gives the same bytes; pure.

Linear algebra runs on one thread, so that the bytes do not depend on the machine's cores.
"""

import hashlib
import json
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from active_learning.learners import LEARNERS, Learner, NotEnoughLabelsError, fit_reduction
from active_learning.snapshots import Candidate, Example, Snapshot
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

CHUNK = 1024
# Without a learner, the space for distances is fitted to so many clips of the pool.
SAMPLE = 4096
# Of every prediction towards the even one, so that no class is held to be impossible.
LEAST_SHARE = 0.01

Array = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Matrix = Callable[[Sequence[int]], Vectors]
Report = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Training:
    """The labelled clips that have a vector, n of them in order of their tasks."""

    vectors: Vectors  # (n, d)
    soft: Array  # (n, K)
    weights: Array  # (n,)
    effective_n: Array  # (n,)
    persons: npt.NDArray[np.int64]  # (n,)
    uniform: npt.NDArray[np.bool_]  # (n,) picked by chance alone
    reasons: npt.NDArray[np.str_]  # (n,) why each was asked about first
    traits: npt.NDArray[np.object_]  # (n,) what each can be grouped by

    def __len__(self) -> int:
        return len(self.soft)

    def subset(self, rows: npt.NDArray[np.bool_]) -> "Training":
        """Return the rows (n,) that are true."""
        return Training(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


@dataclass(frozen=True, eq=False)
class Outcome:
    """What a round says of its pool: predictions, and the batch drawn from it."""

    tasks: list[int]
    predictions: Array  # (n, K); (0, K) without a learner
    is_new: npt.NDArray[np.bool_]  # (n,)
    batch: Batch

    @property
    def sha256(self) -> str:
        """The fingerprint of predictions and batch, to the last bit."""
        drawn = [
            self.tasks,
            self.batch.indices.tolist(),
            self.batch.reasons.tolist(),
            self.batch.probabilities.tolist(),
        ]
        said = hashlib.sha256(json.dumps(drawn).encode())
        said.update(np.ascontiguousarray(self.predictions).tobytes())
        return said.hexdigest()


def training(snapshot: Snapshot, matrix: Matrix, readable: Container[int]) -> Training:
    """Return what is learned from as arrays; clips without a vector and people apart left out."""
    learned = [row for row in snapshot.training if not row.held_out]
    return _arrays(learned, snapshot, matrix, readable)


def judging_set(snapshot: Snapshot, matrix: Matrix, readable: Container[int]) -> Training:
    """Return the labelled clips that judge every round's learner, of people kept apart."""
    judging = [row for row in snapshot.training if row.test]
    return _arrays(judging, snapshot, matrix, readable)


def _arrays(
    examples: list[Example], snapshot: Snapshot, matrix: Matrix, readable: Container[int]
) -> Training:
    rows = [example for example in examples if example.task in readable]
    shape = (len(rows), len(snapshot.classes))
    return Training(
        vectors=matrix([row.task for row in rows]),
        soft=np.array([row.distribution for row in rows], dtype=np.float64).reshape(shape),
        weights=np.array([row.weight for row in rows], dtype=np.float64),
        effective_n=np.array([row.effective_n for row in rows], dtype=np.float64),
        persons=np.array([row.person for row in rows], dtype=np.int64),
        uniform=np.array([row.uniform for row in rows], dtype=np.bool_),
        reasons=np.array([row.reason for row in rows], dtype=np.str_),
        traits=np.array([row.traits for row in rows], dtype=np.object_),
    )


@one_thread()
def fit(learner: str, known: Training, seed: int) -> Learner | None:
    """Return a learner, or None where the labels do not tell two classes apart yet."""
    told = known.soft[known.weights > 0]
    if not len(told) or len(np.unique(told.argmax(axis=1))) < 2:
        return None
    try:
        return LEARNERS[learner].fit(
            known.vectors, known.soft, known.weights, known.persons, seed=seed
        )
    except NotEnoughLabelsError:
        return None


@one_thread()
def predict(
    snapshot: Snapshot,
    known: Training,
    matrix: Matrix,
    readable: Container[int],
    guide: "Guide",
    report: Report,
) -> Outcome:
    """Predict the candidates a chunk at a time and draw the batch from them."""
    rows = [row for row in snapshot.pool if row.task in readable and not row.begun]
    tasks = [row.task for row in rows]
    guide = guide.prepared(snapshot, known, matrix, tasks)
    parts = []
    for start in range(0, len(rows), CHUNK):
        report(start / len(rows), f"clip {start + 1} of {len(rows)}")
        parts.append(guide.look(matrix(tasks[start : start + CHUNK])))
    told = [part.predictions for part in parts if part.predictions is not None]
    predictions = np.concatenate([np.zeros((0, len(snapshot.classes))), *told])
    is_new = np.array([row.information is None for row in rows], dtype=np.bool_)
    batch = _batch(snapshot, known, rows, guide, parts)
    return Outcome(tasks, predictions, is_new, batch)


@dataclass(frozen=True, eq=False)
class Seen:
    """A chunk of candidates as the learner sees it."""

    predictions: Array | None  # (n, K)
    utilities: Array | None  # (n,)
    information: Array | None  # (n,) of one label, in nats, had the clips none yet
    places: Array  # (n, p)


@dataclass(frozen=True, eq=False)
class Guide:
    """What the draw goes by: a learner, if it may be `trusted`, a strategy, and a space."""

    learner: Learner | None
    trusted: bool
    strategy: Strategy = STRATEGIES["margin"]
    strength: float = 1.0
    embed: Callable[[Vectors], Array] | None = None
    middle: Middle | None = None

    def prepared(
        self, snapshot: Snapshot, known: Training, matrix: Matrix, tasks: list[int]
    ) -> "Guide":
        """Return the guide with a space for distances, the learner's or the clips' own."""
        chosen = np.random.default_rng(snapshot.seed).permutation(len(tasks))[:SAMPLE]
        sample = matrix([tasks[i] for i in sorted(chosen)])
        embed = self.learner.embed if self.learner else _own_space(known, sample, snapshot.seed)
        middle = Middle.of(embed(sample)) if len(sample) else None
        strategy = STRATEGIES[snapshot.strategy]
        return replace(
            self, strategy=strategy, strength=snapshot.strength, embed=embed, middle=middle
        )

    def place(self, vectors: Vectors) -> Array:
        """Return where vectors (n, d) lie in the space for distances, (n, p)."""
        if self.embed is None:
            raise ValueError("The guide is not prepared.")
        return self.embed(vectors)

    def look(self, vectors: Vectors) -> Seen:
        """Return what is seen of vectors (n, d)."""
        places = self.place(vectors)
        if self.learner is None or self.middle is None:
            return Seen(None, None, None, places)
        predictions = self.learner.predict_proba(vectors)
        if not self.trusted:
            return Seen(predictions, None, None, places)
        asked = self.strategy.asks_committee
        members = self.learner.predict_members(vectors) if asked else predictions[None]
        utilities = self.strategy.utility(members, places, self.middle)
        return Seen(predictions, utilities, self._information(predictions), places)

    def _information(self, predictions: Array) -> Array:
        expected = (1 - LEAST_SHARE) * predictions + LEAST_SHARE / predictions.shape[1]
        return expected_information(self.strength * expected)


def _own_space(known: Training, sample: Vectors, seed: int) -> Callable[[Vectors], Array]:
    seen = np.concatenate([known.vectors, sample])
    if len(seen) < 2:
        return lambda vectors: np.zeros((len(vectors), 1))
    return fit_reduction(seen, seed)


def _batch(
    snapshot: Snapshot, known: Training, rows: list[Candidate], guide: Guide, parts: list[Seen]
) -> Batch:
    if not rows:
        return Batch(np.zeros(0, np.intp), np.zeros(0, np.str_), np.zeros(0))
    utilities = [part.utilities for part in parts if part.utilities is not None]
    pool = Pool(
        vectors=np.concatenate([part.places for part in parts]),
        utilities=np.concatenate(utilities) if utilities else None,
        covered=guide.place(known.vectors) if len(known) else None,
        labelled=np.array([row.information is not None for row in rows], dtype=np.bool_),
        information=_information(rows, parts),
        **_slices(known, rows),
    )
    shares = Shares.of(audit=snapshot.audit_share, elsewhere=0.0)
    return compose_batch(
        pool, snapshot.batch_size, seed=snapshot.seed, shares=shares, strategy=guide.strategy
    )


def _information(rows: list[Candidate], parts: list[Seen]) -> Array | None:
    """What one more label would tell of each clip (n,), its labels so far considered."""
    expected = [part.information for part in parts if part.information is not None]
    if not expected:
        return None
    known = np.array([np.nan if r.information is None else r.information for r in rows])
    return np.where(np.isnan(known), np.concatenate(expected), known)


def _slices(known: Training, rows: list[Candidate]) -> dict[str, Any]:
    """Number the people among the candidates and count the labels that each has already."""
    names, slices = np.unique([row.person for row in rows], return_inverse=True)
    at = np.searchsorted(names, known.persons)
    among = np.flatnonzero(names[np.minimum(at, len(names) - 1)] == known.persons)
    counts = np.bincount(at[among], known.effective_n[among], minlength=len(names))
    return {"slices": slices.astype(np.intp), "slice_counts": counts.round().astype(np.intp)}
