"""Takes a round's snapshot: which labels count how much, and which tasks want more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple, cast

import numpy as np
from django.db.models import F, Min

from active_learning import own_vectors
from active_learning.features import EXTRACTORS, Kind
from active_learning.features.texts import TEXT_KEY
from active_learning.snapshots import Candidate, Example, Snapshot
from active_learning.strategies import lure_weights
from active_learning.weighting import training_weights
from annotation import consensus, scheme
from annotation.models import Campaign, Consensus, Fit, Label, Population, Reason, Stage, TaskState
from annotation.reports import latest_fit, main_population

DIGITS = 9
# A batch has to last until the next round is through: half as much again as the labels between
# two rounds fill. Rounds that are asked for by hand come when they come.
SLACK, LABELS_BY_HAND = 1.5, 200
SMALLEST_BATCH, LARGEST_BATCH = 20, 5000
# What is begun is finished first, but for a quarter of a batch at most: were it all, a higher
# redundancy would leave no place to choose.
BEGUN_SHARE = 0.25
DRAWN = {
    Reason.AUDIT, Reason.INFORMATIVE, Reason.DIVERSE, Reason.SHORTFALL, Reason.COLD_START,
}  # fmt: skip
# Picks in which every clip that had no label yet had the same chance.
UNIFORM = {Reason.RANDOM, Reason.AUDIT}


class First(NamedTuple):
    """How a task's first label came about: it is what put the task among the labelled ones."""

    reason: str
    leased_at: datetime


def take(campaign: Campaign, seed: int) -> tuple[Snapshot, dict[str, Any]]:
    """Return the snapshot of all that may be learned now, and its summary for people."""
    if consensus.needs_refresh(campaign):
        consensus.refresh(campaign)
    population = main_population(campaign)
    fit = latest_fit(campaign, population)
    rows = _consensus_rows(campaign, population)
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
        training=_examples(campaign, population, rows, fit),
        pool=list(_candidates(campaign, rows)),
    )
    return snapshot, _summary(campaign, population, snapshot, fit)


def _extractors(campaign: Campaign) -> dict[str, str]:
    """Where vectors come from: the extractor of each kind, or the researcher's own."""
    if campaign.vectors:
        return {"vectors": own_vectors.key_of(campaign)}
    extractors: dict[str, str] = {kind: one.key for kind, one in EXTRACTORS.items()}
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
    return {
        "purpose": campaign.purpose,
        "population": population,
        "classes": snapshot.classes,
        "consensus": fit and {"sha256": fit.sha256, "aggregator": fit.aggregator, "fit": fit.pk},
        "extractors": _used(snapshot),
        "n_training": len(snapshot.training),
        "n_labels": sum(len(example.labels) for example in snapshot.training),
        "n_pool": len(snapshot.pool),
    }


def _consensus_rows(campaign: Campaign, population: Population) -> list[dict[str, Any]]:
    rows = Consensus.objects.consented().filter(task__campaign=campaign, population=population)
    described = (
        rows.annotate(
            clip=F("task__clip__sha256"),
            kind=F("task__clip__kind"),
            person=Min("task__clip__participants"),
        )
        .order_by("task")
        .values(
            "task", "clip", "kind", "person", "state",
            "distribution", "effective_n", "information", "weights",
        )
    )  # fmt: skip
    return [dict(row) for row in described]


def _examples(
    campaign: Campaign, population: Population, rows: list[dict[str, Any]], fit: Fit | None
) -> list[Example]:
    rows = [row for row in rows if row["state"] != TaskState.UNRATEABLE]
    firsts = _firsts(campaign, population)
    lure = _lure(campaign, firsts)
    weights = training_weights(
        np.array([row["effective_n"] for row in rows], dtype=np.float64),
        [row["person"] for row in rows],
        np.array([lure.get(row["task"], 1.0) for row in rows], dtype=np.float64),
        _strength(fit),
    )
    return [
        Example(
            task=row["task"],
            clip=row["clip"],
            kind=row["kind"],
            person=row["person"],
            distribution=_even_sum(row["distribution"]),
            weight=round(float(weight), DIGITS),
            effective_n=round(row["effective_n"], DIGITS),
            labels=row["weights"],
            uniform=row["task"] in firsts and firsts[row["task"]].reason in UNIFORM,
        )
        for row, weight in zip(rows, weights, strict=True)
    ]


def _even_sum(distribution: list[float]) -> list[float]:
    """Undo what rounding took from the sum."""
    total = math.fsum(distribution)
    return [share / total for share in distribution]


def _firsts(campaign: Campaign, population: Population) -> dict[int, First]:
    labels = Label.objects.standing().filter(
        campaign=campaign, population=population, stage=Stage.BLIND
    )
    firsts: dict[int, First] = {}
    for task, reason, leased_at in labels.order_by("pk").values_list(
        "task", "reason", "assignment__leased_at"
    ):
        firsts.setdefault(task, First(reason, leased_at))
    return firsts


def _lure(campaign: Campaign, firsts: dict[int, First]) -> dict[int, float]:
    """Return the LURE weight of each task that a round's batch brought in.

    The latest round before a task's first lease drew it. Each batch is one sequence from one
    pool, so its weights are exact once all of it is labelled and near enough before; over
    several rounds, whose pools shrink, they are an approximation.
    """
    weights: dict[int, float] = {}
    drawn = {task: first.leased_at for task, first in firsts.items() if first.reason in DRAWN}
    for manifest, finished_at in _finished_rounds(campaign):
        batch = manifest["batch"]
        each = lure_weights(np.array(batch["probabilities"]), batch["drawn_from"])
        for task, weight in zip(batch["tasks"], each, strict=True):
            if task in drawn and drawn[task] >= finished_at:
                weights[task] = float(weight)
    return weights


def _finished_rounds(campaign: Campaign) -> list[tuple[dict[str, Any], datetime]]:
    rows = campaign.rounds.done().order_by("number")
    return [(row.manifest, row.finished_at) for row in rows if row.finished_at]


def _candidates(campaign: Campaign, rows: list[dict[str, Any]]) -> Iterator[Candidate]:
    known = {row["task"]: row for row in rows}
    wanting = campaign.tasks.wanting_labels().cleared().annotate(person=Min("clip__participants"))
    tasks = list(
        wanting.order_by("pk").values_list(
            "pk", "clip__sha256", "clip__kind", "person", "live", "target"
        )
    )
    begun = sorted((target - live, task) for task, _, _, _, live, target in tasks if live)
    first = {task for _, task in begun[: int(BEGUN_SHARE * batch_size(campaign))]}
    for task, clip, kind, person, _live, _target in tasks:
        row = known.get(task)
        if row is None or row["state"] != TaskState.UNRATEABLE:
            information = None if row is None else round(row["information"], DIGITS)
            yield Candidate(task, clip, cast("Kind", kind), person, information, task in first)
