"""Proposes one label where the learner is sure; a person decides (`proposals`).

The learner decides nothing: a proposal rests on clips that chance picked, changes no target until
somebody accepts it, keeps a random share of its clips to be labelled in full, and asks somebody
about every other; whoever contradicts the learner brings all labels back (`annotation.lowering`).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from django.utils import timezone

from active_learning.computing import Outcome
from active_learning.models import Proposal, ProposalState, ProposedTask, Round
from active_learning.snapshots import Snapshot
from annotation.models.task import TO_CHECK

# Of the clips that the learner is sure of, this share is labelled in full; so many clips at most.
KEPT_SHARE, MOST_CLIPS = 0.2, 5000
FEWEST_CLIPS = 20
BATCH = 500
DIGITS = 6

Rows = npt.NDArray[np.intp]


def drawn(row: Round, snapshot: Snapshot, outcome: Outcome) -> list[ProposedTask]:
    """Return what a round proposes, still without a proposal; nothing where it knows too little."""
    campaign, sure = row.campaign, row.metrics.get("sure") or {}
    if row.metrics.get("cold_start") or sure.get("confidence") is None or campaign.redundancy < 2:
        return []
    rows = _sure(snapshot, outcome, sure["confidence"])
    open_to = campaign.tasks.cleared().untouched().values_list("pk", flat=True)
    fit = np.isin(np.array(outcome.tasks)[rows], np.fromiter(open_to.iterator(), np.int64))
    if fit.sum() < FEWEST_CLIPS:
        return []
    rng = np.random.default_rng(row.seed)
    some = rng.permutation(rows[fit])[:MOST_CLIPS]
    n_kept = max(1, round(KEPT_SHARE * len(some)))
    first = outcome.predictions[some].argmax(axis=1)
    return [
        ProposedTask(
            task_id=outcome.tasks[at],
            foretold=snapshot.classes[best],
            confidence=round(float(outcome.predictions[at, best]), DIGITS),
            kept=place < n_kept,
        )
        for place, (at, best) in enumerate(zip(some.tolist(), first.tolist(), strict=True))
    ]


def store(row: Round, tasks: list[ProposedTask]) -> None:
    """Store what was drawn, in place of what still waits; called in the round's transaction."""
    waiting = row.campaign.proposals.filter(state=ProposalState.WAITING)
    waiting.update(state=ProposalState.REPLACED, decided_at=timezone.now())
    if not tasks:
        return
    proposal = Proposal.objects.create(
        campaign=row.campaign, round=row, evidence=row.metrics["sure"]
    )
    for task in tasks:
        task.proposal = proposal
    ProposedTask.objects.bulk_create(tasks, batch_size=BATCH)


def _sure(snapshot: Snapshot, outcome: Outcome, least: float) -> Rows:
    """Return the rows of which the learner is sure, but for what checks it or is kept from it."""
    apart = {one.task for one in snapshot.pool if one.held_out or one.test or one.begun}
    picks = zip(outcome.batch.indices, outcome.batch.reasons, strict=True)
    apart |= {outcome.tasks[at] for at, reason in picks if reason in TO_CHECK}
    rows = np.flatnonzero(outcome.predictions.max(axis=1) >= least)
    return np.array([at for at in rows if outcome.tasks[at] not in apart], dtype=np.intp)
