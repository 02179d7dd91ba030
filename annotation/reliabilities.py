"""How reliable each annotator is: written by a full fit, moved by each label between fits.

Between fits an annotator's value moves as the mean of a Beta does: what is known counts as many
labels as it rests on, and each new label as its weight. The next fit, in which all labels weigh
each other anew, puts right what this leaves out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from django.db.models import Avg, QuerySet

from annotation.agreement.aggregation import Aggregate
from annotation.agreement.aggregation import Reliability as Reliabilities
from annotation.agreement.answers import Floats
from annotation.agreement.populations import CROWD
from annotation.heard import Heard
from annotation.models import Fit, Reliability

FIELDS = ["value", "low", "high", "mean_weight", "n_labels", "last_label"]


def write(row: Fit, said: Heard, reliability: Reliabilities, weights: Floats) -> None:
    """Store what a fit says of its annotators, in place of what was known."""
    n = said.answers.labels_per_annotator
    total = np.bincount(said.answers.annotator, weights, said.answers.n_annotators)
    mean = total / np.maximum(n, 1)
    # Where the aggregator has no view of the annotators, their mean weight stands in.
    value = np.where(np.isnan(reliability.value), mean, reliability.value)
    _of(row).delete()
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
            last_label=max(said.labels),
        )
        for i, annotator in enumerate(said.annotators)
        if n[i]
    )


def update(row: Fit, said: Heard, aggregate: Aggregate) -> int:
    """Move the figures of whoever gave a label that is not in them; return how many people did."""
    who = [said.annotators[i] for i in np.unique(said.answers.annotator)]
    known = {one.annotator_id: one for one in _of(row).filter(annotator__in=who)}
    new = _new_weights(known, said, aggregate)
    if strangers := [one for one in new if one not in known]:
        start = _of(row).aggregate(mean=Avg("value"))["mean"]
        known |= {one: _newcomer(row, one, start) for one in strangers}
    moved = [_moved(known[one], weights) for one, weights in new.items()]
    for one in moved:
        one.last_label = max(one.last_label, *said.labels)
    Reliability.objects.bulk_update([one for one in moved if one.pk], FIELDS)
    Reliability.objects.bulk_create([one for one in moved if not one.pk])
    return len(moved)


def _of(row: Fit) -> QuerySet[Reliability]:
    return Reliability.objects.filter(campaign=row.campaign_id, population=row.population)


def _new_weights(
    known: Mapping[int, Reliability], said: Heard, aggregate: Aggregate
) -> dict[int, list[float]]:
    """Return by annotator the weights of the labels that are not in their figures yet."""
    new: dict[int, list[float]] = {}
    labels = zip(said.labels, said.answers.annotator, aggregate.weights, strict=True)
    for label, number, weight in labels:
        who = said.annotators[number]
        if who not in known or label > known[who].last_label:
            new.setdefault(who, []).append(float(weight))
    return new


def _newcomer(row: Fit, annotator: int, start: float) -> Reliability:
    """Return a newcomer's figures before their first label: those of people in general."""
    return Reliability(
        fit=row,
        campaign_id=row.campaign_id,
        annotator_id=annotator,
        population=row.population,
        value=start,
        low=start,
        mean_weight=0.0,
        n_labels=0,
    )


def _moved(one: Reliability, weights: list[float]) -> Reliability:
    n, total = one.n_labels + len(weights), math.fsum(weights)
    one.mean_weight = (one.mean_weight * one.n_labels + total) / n
    one.n_labels, known = n, CROWD.kappa + one.n_labels
    if one.low is None:
        one.value = one.mean_weight
        return one
    honest, rest = one.value * known + total, (1 - one.value) * known + len(weights) - total
    found = Reliabilities.of_beta(np.array([honest]), np.array([rest]))
    one.value, one.low, one.high = float(found.value[0]), float(found.low[0]), float(found.high[0])
    return one


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
