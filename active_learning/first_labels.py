"""Why each task was asked about first: what that says of how it may be used, and how it weighs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import numpy as np

from active_learning.progressive import choosable
from active_learning.strategies import lure_weights
from annotation.models import Campaign, Label, Population, Reason, Stage

DRAWN = {
    Reason.AUDIT, Reason.INFORMATIVE, Reason.DIVERSE, Reason.SHORTFALL, Reason.COLD_START,
}  # fmt: skip
# Picks in which every clip that had no label yet had the same chance.
UNIFORM = {Reason.RANDOM, Reason.AUDIT}
# What may be of the test set: those, what was picked for it, and what has no label yet.
JUDGING = UNIFORM | {Reason.TEST, ""}


class First(NamedTuple):
    """How a task's first label came about: it is what put the task among the labelled ones."""

    reason: str
    leased_at: datetime


@dataclass(frozen=True)
class Firsts:
    """The first label of every task that has one."""

    by_task: Mapping[int, First]

    def reason(self, task: int) -> str:
        """Return why a task was asked about first; "" where it has no label."""
        return self.by_task[task].reason if task in self.by_task else ""


def of(campaign: Campaign, population: Population) -> Firsts:
    """Return how the blind labels of a population began."""
    labels = Label.objects.standing().filter(
        campaign=campaign, population=population, stage=Stage.BLIND
    )
    firsts: dict[int, First] = {}
    for task, reason, leased_at in labels.order_by("pk").values_list(
        "task", "reason", "assignment__leased_at"
    ):
        firsts.setdefault(task, First(reason, leased_at))
    return Firsts(firsts)


def lure(campaign: Campaign, firsts: Firsts) -> dict[int, float]:
    """Return the LURE weight of each task that a round's batch brought in.

    The latest round before a task's first lease drew it. Each batch is one sequence from one
    pool, so its weights are exact once all of it is labelled and near enough before; over
    several rounds, whose pools shrink, they are an approximation.
    """
    weights: dict[int, float] = {}
    began = {task: first.leased_at for task, first in firsts.by_task.items()}
    drawn = {task: at for task, at in began.items() if firsts.reason(task) in DRAWN}
    for manifest, finished_at in _finished_rounds(campaign):
        weights |= {
            task: weight
            for task, weight in _of_batch(manifest).items()
            if task in drawn and drawn[task] >= finished_at
        }
    return weights


def _of_batch(manifest: dict[str, Any]) -> dict[int, float]:
    """Return the weights of a batch, as a sample of the clips that a choice may take."""
    batch = manifest["batch"]
    reasons = batch.get("reasons", [])
    size = choosable(batch, manifest.get("n_held_out_pool", 0)) + reasons.count(Reason.AUDIT)
    tasks = batch["tasks"]
    weights = lure_weights(np.array(batch["probabilities"]), max(size, len(tasks)))
    return dict(zip(tasks, weights.tolist(), strict=True))


def _finished_rounds(campaign: Campaign) -> list[tuple[dict[str, Any], datetime]]:
    rows = campaign.rounds.done().order_by("number")
    return [(row.manifest, row.finished_at) for row in rows if row.finished_at]
