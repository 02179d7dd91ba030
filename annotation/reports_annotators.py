"""What is known of each annotator's labels, for pages and API. A skip counts against nobody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

import numpy as np
from django.db.models import Avg, Count, DateTimeField, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from annotation import heard, reports, scheme
from annotation.agreement import others
from annotation.agreement.answers import Floats
from annotation.agreement.others import Beside
from annotation.models import Assignment, Campaign, Consensus, Label, Reliability, Stage

TAKEN = Coalesce("active_ms", "latency_ms")
PLAIN = (
    "annotator", "population", "n_labels", "value", "low", "high", "mean_weight", "n_skips",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Record:
    """One annotator's labels: beside those of others, and in the order they were given."""

    beside: Beside | None
    weights: list[tuple[int, int, float]]
    paces: list[tuple[int, int, float]]
    median_seconds: float | None
    n_skips: int
    last_at: datetime | None


def rows(campaign: Campaign) -> QuerySet[Reliability]:
    """Return the annotators of the main population, with their skips and their last label."""
    last = Label.objects.standing().consented()
    last = last.filter(campaign=campaign, annotator=OuterRef("annotator"))
    newest = last.order_by("-created_at").values("created_at")[:1]
    found = _with_skips(campaign).filter(population=reports.main_population(campaign))
    return found.select_related("annotator").annotate(
        last_at=Subquery(newest, output_field=DateTimeField())
    )


def plain(campaign: Campaign) -> list[dict[str, Any]]:
    """Return what is known of each annotator's labels, in every population, as plain values."""
    found = _with_skips(campaign).order_by("-n_labels", "annotator")
    pace = _mean_seconds(campaign)
    return [
        {**row, "mean_seconds": pace.get((row["annotator"], row["population"]))}
        for row in map(dict, found.values(*PLAIN))
    ]


def _with_skips(campaign: Campaign) -> QuerySet[Reliability]:
    skips = Assignment.objects.filter(
        campaign=campaign, annotator=OuterRef("annotator"), state=Assignment.State.SKIPPED
    )
    counted = skips.order_by().values("annotator").annotate(n=Count("pk")).values("n")
    return Reliability.objects.filter(campaign=campaign).annotate(
        n_skips=Coalesce(Subquery(counted, output_field=IntegerField()), 0)
    )


def _mean_seconds(campaign: Campaign) -> dict[tuple[int, str], float]:
    """Return the mean time on a blind answer, by annotator and population."""
    labels = Label.objects.standing().consented().filter(campaign=campaign, stage=Stage.BLIND)
    means = labels.order_by().values_list("annotator", "population").annotate(mean=Avg(TAKEN))
    return {(who, where): mean / 1000 for who, where, mean in means if mean is not None}


def median_seconds(campaign: Campaign, annotators: Sequence[int]) -> dict[int, float]:
    """Return the median time on an answer of each of some annotators, where times were told."""
    labels = heard.labels(campaign, reports.main_population(campaign), None).order_by()
    taken: dict[int, list[int]] = defaultdict(list)
    told = labels.filter(annotator__in=annotators).annotate(taken=TAKEN).exclude(taken=None)
    for who, milliseconds in told.values_list("annotator", "taken"):
        taken[who].append(milliseconds)
    return {who: median(times) / 1000 for who, times in taken.items()}


def record_of(campaign: Campaign, annotator: User) -> Record:
    """Return what one annotator's labels show, by a number of queries that never grows."""
    mine = heard.labels(campaign, reports.main_population(campaign), None)
    mine = mine.filter(annotator=annotator)
    given = list(mine.values_list("pk", "task_id", TAKEN, "created_at"))
    taken = np.array([row[2] / 1000 for row in given if row[2] is not None])
    weight_of = _weights(campaign, [row[1] for row in given])
    weights = np.array([weight_of[row[0]] for row in given if row[0] in weight_of])
    skipped = Assignment.objects.filter(
        campaign=campaign, annotator=annotator, state=Assignment.State.SKIPPED
    )
    return Record(
        beside=_beside(campaign, annotator, [row[1] for row in given]),
        weights=others.in_turn(weights),
        paces=_in_turn_medians(taken),
        median_seconds=float(np.median(taken)) if len(taken) else None,
        n_skips=skipped.count(),
        last_at=given[-1][3] if given else None,
    )


def _weights(campaign: Campaign, tasks: list[int]) -> dict[int, float]:
    """Return the weight of every label on some tasks, by the label's key."""
    found = Consensus.objects.consented().filter(
        task__in=tasks, population=reports.main_population(campaign)
    )
    told = found.values_list("weights", flat=True)
    return {int(label): weight for row in told for label, weight in row.items()}


def _beside(campaign: Campaign, annotator: User, tasks: list[int]) -> Beside | None:
    if not tasks or scheme.category_question(campaign.scheme.questions) is None:
        return None
    said = heard.listen(
        campaign, reports.main_population(campaign), tasks=tasks, annotators=[annotator.pk]
    )
    return others.beside_others(said.answers, 0)


def _in_turn_medians(taken: Floats) -> list[tuple[int, int, float]]:
    parts = others.in_turn(np.arange(1.0, len(taken) + 1))
    return [(first, last, float(np.median(taken[first - 1 : last]))) for first, last, _ in parts]
