"""Writes what a fit says of tasks and annotators, one writer at a time in a campaign."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count

from annotation import grouping, reliabilities, scheme, summing
from annotation.agreement.aggregation import Aggregate
from annotation.agreement.aggregation import Fit as Fitted
from annotation.agreement.ambiguity import entropy, mutual_information, split_half_divergence
from annotation.agreement.states import task_states
from annotation.heard import Heard
from annotation.models import Assignment, Campaign, Consensus, Fit, TaskState
from annotation.models.assignment import FIRST

BATCH = 1000
TOO_MANY_SKIPS = 3
# The way out that says that the clip alone does not show enough.
TOO_LITTLE = "not-enough-context"
DIGITS = 9


def hold(campaign: Campaign, population: str) -> Fit | None:
    """Let one writer at a time at the campaign's consensus; return its newest fit."""
    # Without its key: who labels refers to the campaign, and need not wait until all is written.
    Campaign.objects.select_for_update(no_key=True).filter(pk=campaign.pk).first()
    return campaign.fits.filter(population=population).first()


@transaction.atomic
def write(row: Fit, said: Heard, chosen: Fitted, now: datetime) -> None:
    """Store a full fit and, in its place, all that it says of tasks and annotators."""
    hold(row.campaign, row.population)
    row.save(force_insert=True)
    write_tasks(row, said, chosen.aggregate, now)
    reliabilities.write(row, said, chosen.reliability, chosen.weights)
    stale = Consensus.objects.filter(task__campaign=row.campaign, population=row.population)
    stale.exclude(fit=row).delete()
    grouping.write(row, said, chosen)
    summing.write(row, now)


def write_tasks(row: Fit, said: Heard, aggregate: Aggregate, now: datetime) -> None:
    """Store what the labels `said` amount to, task by task."""
    Consensus.objects.bulk_create(
        _consensus_rows(row, said, aggregate, now),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["task", "population"],
        update_fields=[
            "fit",
            "distribution",
            "weights",
            "n_labels",
            "effective_n",
            "entropy",
            "divergence",
            "information",
            "state",
            "updated_at",
        ],
    )


def _consensus_rows(
    row: Fit, said: Heard, aggregate: Aggregate, now: datetime
) -> Iterator[Consensus]:
    states = _states(row.campaign, aggregate)
    entropies = entropy(aggregate.distribution)
    informations = mutual_information(aggregate.alphas)
    divergences = split_half_divergence(said.answers, seed=row.campaign.seed)
    weights = _weights_by_task(said, aggregate)
    unrateable = _unrateable(
        row.campaign, dict(zip(said.tasks, said.answers.labels_per_task, strict=True))
    )
    for i, task in enumerate(said.tasks):
        yield Consensus(
            fit=row,
            task_id=task,
            population=row.population,
            distribution=_rounded(aggregate.distribution[i]),
            weights=weights[i],
            n_labels=len(weights[i]),
            effective_n=float(aggregate.effective_n[i]),
            entropy=float(entropies[i]),
            divergence=None if math.isnan(divergences[i]) else float(divergences[i]),
            information=float(informations[i]),
            state=TaskState.UNRATEABLE if task in unrateable else str(states[i]),
            updated_at=now,
        )


def _states(campaign: Campaign, aggregate: Aggregate) -> list[str]:
    """Return what the labels say of each task; agreement that too little is shown is no result."""
    states = task_states(aggregate.alphas, aggregate.effective_n).tolist()
    classes = scheme.categories(campaign.scheme.questions)
    if TOO_LITTLE not in classes:
        return list(states)
    first = aggregate.alphas.argmax(axis=1) == classes.index(TOO_LITTLE)
    return [
        TaskState.NEEDS_CONTEXT if state == TaskState.CONSENSUS and unclear else state
        for state, unclear in zip(states, first, strict=True)
    ]


def _weights_by_task(said: Heard, aggregate: Aggregate) -> list[dict[str, float]]:
    weights: list[dict[str, float]] = [{} for _ in said.tasks]
    for label, task, weight in zip(said.labels, said.answers.task, aggregate.weights, strict=True):
        weights[task][str(label)] = round(float(weight), DIGITS)
    return weights


def _unrateable(campaign: Campaign, n_labels: dict[int, Any]) -> set[int]:
    """Tasks that three people could not rate, and more than rated them.

    Who skips a clip that they rated before is no further person.
    """
    skips = Assignment.objects.filter(
        campaign=campaign,
        probe__in=FIRST,
        state=Assignment.State.SKIPPED,
        skip_reason__in=["cannot-tell", "not-playing"],
    )
    counts = skips.values_list("task").annotate(n=Count("pk")).filter(n__gte=TOO_MANY_SKIPS)
    return {task for task, n in counts.order_by() if n > n_labels.get(task, 0)}


def _rounded(values: np.ndarray[Any, Any]) -> list[float]:
    return [round(float(value), DIGITS) for value in values]
