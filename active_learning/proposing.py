"""Proposes one label where the learner is sure; a person decides (`proposals`).

The learner decides nothing: a proposal rests on clips that chance picked, changes no target until
somebody accepts it, keeps a random share of its clips to be labelled in full, and asks somebody
about every other; whoever contradicts the learner brings all labels back (`annotation.lowering`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
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


def propose(row: Round, snapshot: Snapshot, outcome: Outcome) -> Proposal | None:
    """Store what the round proposes, in place of what still waits; called in its transaction."""
    campaign = row.campaign
    waiting = campaign.proposals.filter(state=ProposalState.WAITING)
    waiting.update(state=ProposalState.REPLACED, decided_at=timezone.now())
    sure = row.metrics.get("sure") or {}
    if row.metrics.get("cold_start") or sure.get("confidence") is None or campaign.redundancy < 2:
        return None
    open_to = set(campaign.tasks.cleared().to_be_lowered().values_list("pk", flat=True))
    found = [one for one in _sure(snapshot, outcome, sure["confidence"]) if one.task_id in open_to]
    if len(found) < FEWEST_CLIPS:
        return None
    rng = np.random.default_rng(row.seed)
    drawn = sorted(rng.permutation(len(found))[:MOST_CLIPS].tolist())
    kept = set(rng.permutation(drawn)[: max(1, round(KEPT_SHARE * len(drawn)))].tolist())
    proposal = Proposal.objects.create(campaign=campaign, round=row, evidence=sure)
    tasks = [found[place] for place in drawn]
    for place, task in zip(drawn, tasks, strict=True):
        task.proposal, task.kept = proposal, place in kept
    ProposedTask.objects.bulk_create(tasks, batch_size=BATCH)
    return proposal


def _sure(snapshot: Snapshot, outcome: Outcome, least: float) -> Iterator[ProposedTask]:
    """Yield what the learner is sure of, but for what checks it and what it shall never see."""
    confidence = outcome.predictions.max(axis=1)
    first = outcome.predictions.argmax(axis=1)
    apart = {one.task for one in snapshot.pool if one.held_out or one.test or one.begun}
    picks = zip(outcome.batch.indices, outcome.batch.reasons, strict=True)
    apart |= {outcome.tasks[at] for at, reason in picks if reason in TO_CHECK}
    for at in np.flatnonzero(confidence >= least):
        if outcome.tasks[at] not in apart:
            yield ProposedTask(
                task_id=outcome.tasks[at],
                foretold=snapshot.classes[first[at]],
                confidence=round(float(confidence[at]), DIGITS),
            )
