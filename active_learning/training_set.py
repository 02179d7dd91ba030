"""Takes a round's snapshot: which labels count how much, and which tasks want more."""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from django.db.models import F, Min, OuterRef, Subquery

from active_learning import extracting, first_labels, held_out, own_vectors, traits
from active_learning.features import EXTRACTORS, Kind
from active_learning.features.texts import TEXT_KEY
from active_learning.first_labels import JUDGING, UNIFORM, Firsts
from active_learning.held_out import Sides
from active_learning.snapshots import Candidate, Example, Snapshot
from active_learning.weighting import training_weights
from annotation import consensus, scheme
from annotation.models import Campaign, Clip, Consensus, Fit, Population, TaskState
from annotation.reports import latest_fit, main_population

DIGITS = 9
# A batch has to last until the next round is through: half as much again as the labels between
# two rounds fill. Rounds that are asked for by hand come when they come.
SLACK, LABELS_BY_HAND = 1.5, 200
SMALLEST_BATCH, LARGEST_BATCH = 20, 5000
# What is begun is finished first, but for a quarter of a batch at most: were it all, a higher
# redundancy would leave no place to choose.
BEGUN_SHARE = 0.25


def take(campaign: Campaign, seed: int) -> tuple[Snapshot, dict[str, Any]]:
    """Return the snapshot of all that may be learned now, and its summary for people."""
    if consensus.needs_refresh(campaign):
        consensus.refresh(campaign)
    population = main_population(campaign)
    fit = latest_fit(campaign, population)
    rows = _consensus_rows(campaign, population)
    sides = held_out.sides(campaign)
    firsts = first_labels.of(campaign, population)
    classes = scheme.categories(campaign.scheme.questions)
    snapshot = Snapshot(
        classes=classes,
        seed=seed,
        learner=campaign.learner,
        strategy=campaign.strategy,
        strength=_strength(fit),
        base_rate=_base_rate(fit, len(classes)),
        extractors=_extractors(campaign),
        batch_size=batch_size(campaign),
        audit_share=campaign.audit_share,
        warm_up=campaign.warm_up,
        training=_examples(campaign, population, rows, firsts, fit, sides),
        pool=list(_candidates(campaign, rows, firsts, sides)),
        test_why=sides.why_none,
    )
    return snapshot, _summary(campaign, population, snapshot, fit)


def _extractors(campaign: Campaign) -> dict[str, str]:
    """Where vectors come from: the extractor of each kind, or the researcher's own."""
    if campaign.vectors:
        return {"vectors": own_vectors.key_of(campaign)}
    extractors: dict[str, str] = {kind: one.key for kind, one in extracting.extractors().items()}
    if campaign.tasks.filter(clip__layers__has_key="transcript").exists():
        extractors["text"] = TEXT_KEY
    return extractors


def _used(snapshot: Snapshot) -> dict[str, str]:
    unused = set(EXTRACTORS) - set(snapshot.kinds)
    return {name: key for name, key in snapshot.extractors.items() if name not in unused}


def _strength(fit: Fit | None) -> float:
    return float(fit.parameters["s"]) if fit else 1.0


def _base_rate(fit: Fit | None, classes: int) -> list[float]:
    even = [1 / classes] * classes
    return [float(share) for share in fit.parameters["m"]] if fit else even


def batch_size(campaign: Campaign) -> int:
    """Return how many clips the labels until the next round fill, with slack."""
    labels = campaign.round_every or LABELS_BY_HAND
    wanted = math.ceil(SLACK * labels / campaign.redundancy)
    return min(max(SMALLEST_BATCH, wanted), LARGEST_BATCH)


def _summary(
    campaign: Campaign, population: Population, snapshot: Snapshot, fit: Fit | None
) -> dict[str, Any]:
    learned = [example for example in snapshot.training if not example.held_out]
    return {
        "purpose": campaign.purpose,
        "population": population,
        "classes": snapshot.classes,
        "consensus": fit and {"sha256": fit.sha256, "aggregator": fit.aggregator, "fit": fit.pk},
        "extractors": _used(snapshot),
        "n_training": len(learned),
        "n_labels": sum(len(example.labels) for example in learned),
        "n_held_out": len(snapshot.training) - len(learned),
        "n_held_out_pool": sum(
            row.held_out and row.information is None and not row.begun for row in snapshot.pool
        ),
        "n_test": sum(example.test for example in snapshot.training),
        "n_pool": len(snapshot.pool),
    }


def _consensus_rows(campaign: Campaign, population: Population) -> list[dict[str, Any]]:
    rows = Consensus.objects.consented().filter(task__campaign=campaign, population=population)
    described = (
        rows.annotate(
            clip=F("task__clip__sha256"),
            kind=F("task__clip__kind"),
            attributes=F("task__clip__attributes"),
            person=Min("task__clip__participants"),
        )
        .order_by("task")
        .values(
            "task", "clip", "kind", "attributes", "person", "state",
            "distribution", "effective_n", "information", "weights",
        )
    )  # fmt: skip
    return [dict(row) for row in described]


def _examples(
    campaign: Campaign,
    population: Population,
    rows: list[dict[str, Any]],
    firsts: Firsts,
    fit: Fit | None,
    sides: Sides,
) -> list[Example]:
    rows = [row for row in rows if row["state"] != TaskState.UNRATEABLE]
    apart = {row["task"] for row in rows if sides.shows_held_out(row["task"], row["person"])}
    traits_of = traits.of(campaign, population, rows)
    weights = _weights(campaign, [r for r in rows if r["task"] not in apart], firsts, fit, sides)
    return [
        Example(
            task=row["task"],
            clip=row["clip"],
            kind=row["kind"],
            person=sides.group(row["person"]),
            distribution=_even_sum(row["distribution"]),
            weight=weights.get(row["task"], 0.0),
            effective_n=round(row["effective_n"], DIGITS),
            labels=row["weights"],
            uniform=firsts.reason(row["task"]) in UNIFORM,
            reason=firsts.reason(row["task"]),
            held_out=row["task"] in apart,
            test=_may_judge(row["task"], row["person"], firsts, sides),
            traits=traits_of[row["task"]],
        )
        for row in rows
    ]


def _weights(
    campaign: Campaign,
    rows: list[dict[str, Any]],
    firsts: Firsts,
    fit: Fit | None,
    sides: Sides,
) -> dict[int, float]:
    """Return how much each task that is learned from weighs."""
    lure = first_labels.lure(campaign, firsts)
    weights = training_weights(
        np.array([row["effective_n"] for row in rows], dtype=np.float64),
        [sides.group(row["person"]) for row in rows],
        np.array([lure.get(row["task"], 1.0) for row in rows], dtype=np.float64),
        _strength(fit),
    )
    tasks = [row["task"] for row in rows]
    return {task: round(float(weight), DIGITS) for task, weight in zip(tasks, weights, strict=True)}


def _may_judge(task: int, person: int, firsts: Firsts, sides: Sides) -> bool:
    """Return whether a task is of the test set: no choice of the learner's brought it in."""
    return firsts.reason(task) in JUDGING and sides.is_test(task, person)


def _even_sum(distribution: list[float]) -> list[float]:
    """Undo what rounding took from the sum."""
    total = math.fsum(distribution)
    return [share / total for share in distribution]


def _candidates(
    campaign: Campaign, rows: list[dict[str, Any]], firsts: Firsts, sides: Sides
) -> Iterator[Candidate]:
    known = {row["task"]: row for row in rows}
    wanting = campaign.tasks.wanting_labels().cleared()
    begun = wanting.filter(live__gt=0).order_by(F("target") - F("live"), "pk")
    first = set(begun.values_list("pk", flat=True)[: int(BEGUN_SHARE * batch_size(campaign))])
    # A look into the index for each: grouping a million rows takes three times as long.
    shown = Clip.participants.through.objects.filter(clip=OuterRef("clip"))
    one_of_them = Subquery(shown.order_by("participant").values("participant")[:1])
    tasks = wanting.annotate(person=one_of_them).order_by("pk")
    for task, clip, kind, person in tasks.values_list(
        "pk", "clip__sha256", "clip__kind", "person"
    ).iterator():
        row = known.get(task)
        if row is None or row["state"] != TaskState.UNRATEABLE:
            yield Candidate(
                task=task,
                clip=clip,
                kind=cast("Kind", sys.intern(kind)),
                person=sides.group(person),
                information=None if row is None else round(row["information"], DIGITS),
                begun=task in first,
                held_out=sides.shows_held_out(task, person),
                test=_may_judge(task, person, firsts, sides),
            )
