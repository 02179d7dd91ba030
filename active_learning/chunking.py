"""Lets all workers predict a round's candidates; what one has written none computes again."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from active_learning import computing, gathering, records
from active_learning.computing import Outcome, Vectors
from active_learning.models import Round, Step
from active_learning.predicting import Inputs, Plan
from active_learning.snapshots import Snapshot, SnapshotGoneError
from jobs import sharing
from jobs.claims import JobFailedError

KIND = "round-chunk"


class NotHereError(LookupError):
    """A clip of the round cannot be read by this worker, or its people no longer consent."""


def predict(row: Round, plan: Plan, report: gathering.Report) -> Outcome:
    """Have all chunks of a round predicted, here and by other workers, and draw its batch."""
    folder, key = records.chunks_folder(row), records.chunks_key(row)

    def watch(done: int) -> None:
        report(done / plan.count, f"chunk {done} of {plan.count}")

    # One chunk is not worth telling anybody of.
    numbers = range(plan.count if plan.count > 1 else 0)
    parts = {
        f"{KIND}:{row.pk}:{key}:{n}": {"round": row.pk, "plan": key, "number": n} for n in numbers
    }
    sharing.share(KIND, parts, lambda number: plan.ensure(folder, number), watch)
    folder.mkdir(parents=True, exist_ok=True)
    return plan.compose(folder)


def take_part(round_pk: int, key: str, number: int) -> None:
    """Predict one chunk of a round that another worker runs, unless that is over.

    Raises:
        JobFailedError: this worker cannot; the round's own will.
    """
    row = Round.objects.running().filter(pk=round_pk, step=Step.PREDICT).first()
    if row is None or records.chunks_key(row) != key:
        return
    try:
        _plan(row.pk, key).ensure(records.chunks_folder(row), number)
    except (OSError, SnapshotGoneError, NotHereError) as error:
        raise JobFailedError(str(error)) from error


@lru_cache(maxsize=1)
def _plan(round_pk: int, _key: str) -> Plan:
    """Return the plan as the round's own worker has it; kept, since a worker does many chunks."""
    row = Round.objects.select_related("campaign").get(pk=round_pk)
    snapshot = records.load_snapshot(row)
    learner = records.load_learner(row, snapshot.learner)
    if row.learner and learner is None:
        raise NotHereError("The learner of the round is not here.")
    left_out = set(row.manifest["withheld"]) | set(row.manifest["without_vector"])
    readable = snapshot.tasks - left_out

    def matrix(tasks: Sequence[int]) -> Vectors:
        return _vectors(snapshot, tasks)

    known = computing.training(snapshot, matrix, readable)
    trusted = not row.metrics["cold_start"]
    return Plan.of(Inputs(snapshot, known, matrix, readable), learner, trusted=trusted)


def _vectors(snapshot: Snapshot, tasks: Sequence[int]) -> Vectors:
    gathered = gathering.look_up(snapshot, tasks)
    if missing := set(tasks) - set(gathered.sources):
        raise NotHereError(f"{len(missing)} clips cannot be read here, or lost their consent.")
    return gathered.matrix(tasks)
