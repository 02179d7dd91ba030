"""Labels to weights to consensus: a full fit now and then, and updates of what was touched."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from annotation import heard
from annotation.agreement import selection
from annotation.agreement.aggregation import Aggregate
from annotation.agreement.aggregation import Fit as Fitted
from annotation.agreement.aggregation import Reliability as Reliabilities
from annotation.agreement.alpha import alpha_interval, nominal_alpha
from annotation.agreement.ambiguity import entropy, mutual_information, split_half_divergence
from annotation.agreement.parameters import from_plain, to_plain
from annotation.agreement.states import task_states
from annotation.heard import Heard
from annotation.models import (
    Assignment,
    Campaign,
    Consensus,
    Fit,
    Label,
    Population,
    Reliability,
    TaskState,
)

VERSION = "1"
BATCH = 1000
# A label may be committed a little after the moment it is stamped with.
OVERLAP = timedelta(seconds=5)
# A full fit once so many labels came since the last, as a share of it, and at least as a number.
DRIFT_SHARE, DRIFT_LABELS = 0.1, 20
TOO_MANY_SKIPS = 3
DIGITS = 9


def refresh(campaign: Campaign, *, settle: bool = False) -> dict[str, int]:
    """Bring the consensus of every population up to date; return how many tasks were written."""
    populations = campaign.labels.values_list("population", flat=True).distinct().order_by()
    return {
        name: _refresh_population(campaign, Population(name), settle=settle)
        for name in list(populations)
    }


def needs_refresh(campaign: Campaign) -> bool:
    """Return whether labels came that no fit or update has seen."""
    last = _newest(campaign)
    seen = campaign.fits.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return last is not None and (seen is None or last > seen)


def is_unsettled(campaign: Campaign, quiet: timedelta) -> bool:
    """Return whether the labels have come to rest since the last full fit."""
    last = _newest(campaign)
    fitted = campaign.fits.values_list("created_at", flat=True).first()
    return bool(last and fitted and fitted < last < timezone.now() - quiet)


def _newest(campaign: Campaign) -> datetime | None:
    """Return when the newest label was stored that a fit would hear."""
    labels = Label.objects.standing().consented().filter(campaign=campaign)
    return labels.order_by("-pk").values_list("created_at", flat=True).first()


def fit(campaign: Campaign, population: Population) -> Fit | None:
    """Fit all aggregators to all labels, choose one and write what it says of every task."""
    now = timezone.now()
    said = heard.listen(campaign, population)
    if not said.labels:
        Consensus.objects.filter(task__campaign=campaign, population=population).delete()
        return None
    choice = selection.choose(said.answers, seed=campaign.seed)
    chosen = choice.fit
    row = Fit(
        campaign=campaign,
        population=population,
        version=VERSION,
        aggregator=chosen.name,
        reason=choice.reason,
        scores=choice.scores,
        parameters=to_plain(chosen.parameters),
        annotators=said.annotators,
        n_labels=len(said.labels),
        n_tasks=len(said.tasks),
        seen_at=now - OVERLAP,
        sha256=_fingerprint(chosen.aggregate),
        **_alpha(said, campaign.seed),
    )
    _write(row, said, chosen, now)
    return row


def update(last: Fit) -> int:
    """Recompute, at the fit's parameters, the tasks that got labels since; return how many."""
    now = timezone.now()
    touched = _touched(last)
    said = heard.listen(
        last.campaign, Population(last.population), tasks=touched, annotators=last.annotators
    )
    with transaction.atomic():
        if last != _hold(last.campaign, last.population):
            return 0
        if said.labels:
            aggregate = from_plain(last.parameters).aggregate(said.answers)
            _write_consensus(last, said, aggregate, now)
        Fit.objects.filter(pk=last.pk).update(seen_at=now - OVERLAP)
    return len(said.tasks)


def _refresh_population(campaign: Campaign, population: Population, *, settle: bool) -> int:
    last = campaign.fits.filter(population=population).first()
    if last is None or settle or _has_drifted(last):
        fitted = fit(campaign, population)
        return fitted.n_tasks if fitted else 0
    return update(last)


def _has_drifted(last: Fit) -> bool:
    standing = Label.objects.standing().consented()
    now = standing.filter(campaign=last.campaign_id, population=last.population).count()
    return abs(now - last.n_labels) > max(DRIFT_LABELS, DRIFT_SHARE * last.n_labels)


def _touched(last: Fit) -> list[int]:
    labels = Label.objects.filter(
        campaign=last.campaign_id, population=last.population, created_at__gt=last.seen_at
    )
    return list(labels.values_list("task", flat=True).distinct().order_by())


def _alpha(said: Heard, seed: int) -> dict[str, float | None]:
    counts = said.answers.counts()
    try:
        low, high = alpha_interval(counts, heard.persons(said.tasks), seed=seed)
        return {"alpha": nominal_alpha(counts), "alpha_low": low, "alpha_high": high}
    except ValueError:
        # Too few labels, or all alike: alpha is not defined, which is no error.
        return {"alpha": None, "alpha_low": None, "alpha_high": None}


def _fingerprint(aggregate: Aggregate) -> str:
    said = hashlib.sha256(np.ascontiguousarray(aggregate.distribution).tobytes())
    said.update(np.ascontiguousarray(aggregate.weights).tobytes())
    return said.hexdigest()


def _hold(campaign: Campaign, population: str) -> Fit | None:
    """Let one writer at a time at the campaign's consensus; return its newest fit."""
    Campaign.objects.select_for_update().filter(pk=campaign.pk).first()
    return campaign.fits.filter(population=population).first()


@transaction.atomic
def _write(row: Fit, said: Heard, chosen: Fitted, now: datetime) -> None:
    _hold(row.campaign, row.population)
    row.save(force_insert=True)
    _write_consensus(row, said, chosen.aggregate, now)
    _write_reliabilities(row, said, chosen.reliability, chosen.weights)
    stale = Consensus.objects.filter(task__campaign=row.campaign, population=row.population)
    stale.exclude(fit=row).delete()


def _write_consensus(row: Fit, said: Heard, aggregate: Aggregate, now: datetime) -> None:
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
    states = task_states(aggregate.alphas, aggregate.effective_n)
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


def _weights_by_task(said: Heard, aggregate: Aggregate) -> list[dict[str, float]]:
    weights: list[dict[str, float]] = [{} for _ in said.tasks]
    for label, task, weight in zip(said.labels, said.answers.task, aggregate.weights, strict=True):
        weights[task][str(label)] = round(float(weight), DIGITS)
    return weights


def _unrateable(campaign: Campaign, n_labels: dict[int, Any]) -> set[int]:
    """Tasks that three people could not rate, and more than rated them."""
    skips = Assignment.objects.filter(
        campaign=campaign,
        state=Assignment.State.SKIPPED,
        skip_reason__in=["cannot-tell", "not-playing"],
    )
    counts = skips.values_list("task").annotate(n=Count("pk")).filter(n__gte=TOO_MANY_SKIPS)
    return {task for task, n in counts.order_by() if n > n_labels.get(task, 0)}


def _write_reliabilities(
    row: Fit, said: Heard, reliability: Reliabilities, weights: np.ndarray[Any, Any]
) -> None:
    n = said.answers.labels_per_annotator
    total = np.bincount(said.answers.annotator, weights, said.answers.n_annotators)
    mean = total / np.maximum(n, 1)
    # Where the aggregator has no view of the annotators, their mean weight stands in.
    value = np.where(np.isnan(reliability.value), mean, reliability.value)
    Reliability.objects.filter(campaign=row.campaign, population=row.population).delete()
    Reliability.objects.bulk_create(
        Reliability(
            fit=row,
            campaign=row.campaign,
            annotator_id=annotator,
            population=row.population,
            value=float(value[i]),
            low=_number(reliability.low[i]),
            high=_number(reliability.high[i]),
            mean_weight=float(mean[i]),
            n_labels=int(n[i]),
        )
        for i, annotator in enumerate(said.annotators)
        if n[i]
    )


def _rounded(values: np.ndarray[Any, Any]) -> list[float]:
    return [round(float(value), DIGITS) for value in values]


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
