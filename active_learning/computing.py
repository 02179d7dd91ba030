"""What a round computes from its snapshot: the same input gives the same bytes; pure.

Linear algebra runs on one thread, so that the bytes do not depend on the machine's cores.
"""

import hashlib
import json
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from active_learning import targets
from active_learning.learners import LEARNERS, Learner, NotEnoughLabelsError
from active_learning.snapshots import Example, Snapshot
from active_learning.strategies import Batch
from active_learning.threads import one_thread

Array = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]
Matrix = Callable[[Sequence[int]], Vectors]
Report = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class Training:
    """The labelled clips that have a vector, n of them in order of their tasks."""

    vectors: Vectors  # (n, d)
    soft: Array  # (n, K) how their people divide, see `targets.shares`
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
    consensus = np.array([row.distribution for row in rows], dtype=np.float64).reshape(shape)
    effective_n = np.array([row.effective_n for row in rows], dtype=np.float64)
    prior = snapshot.strength, np.array(snapshot.base_rate)
    return Training(
        vectors=matrix([row.task for row in rows]),
        soft=targets.shares(consensus, effective_n, *prior),
        weights=np.array([row.weight for row in rows], dtype=np.float64),
        effective_n=effective_n,
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
