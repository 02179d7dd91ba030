"""What every format writes: the consented labels of each task with their weights."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from annotation import scheme
from annotation.models import (
    Adjudication,
    Campaign,
    Consensus,
    GroupConsensus,
    Label,
    Score,
    Summary,
    Task,
    TaskClip,
)

CHUNK = 500
JOINED = "|"


def exported_tasks(campaign: Campaign) -> QuerySet[Task]:
    """Return the tasks that may leave, with their labels and consensuses."""
    labels = Label.objects.select_related("scheme").order_by("pk")
    return (
        campaign.tasks.cleared()
        .filter(labels__isnull=False)
        .distinct()
        .select_related("clip")
        .prefetch_related(
            Prefetch("labels", labels.select_related("superseded_by", "assignment")),
            Prefetch("consensuses", Consensus.objects.select_related("fit")),
            Prefetch("group_consensuses", GroupConsensus.objects.order_by("group")),
            Prefetch("summaries", Summary.objects.order_by("pk")),
            Prefetch(
                "adjudications",
                Adjudication.objects.select_related("superseded_by").order_by("pk"),
            ),
            Prefetch("companions", TaskClip.objects.select_related("clip")),
        )
        .order_by("pk")
    )


def records(campaign: Campaign, clips: list[int]) -> Iterator[dict[str, Any]]:
    """Yield, a task at a time, all that is exported of it, and add its clips to `clips`."""
    questions = campaign.scheme.questions
    options = scheme.categories(questions)
    left_out = set(campaign.members.filter(heard=False).values_list("user", flat=True))
    for task in exported_tasks(campaign).iterator(chunk_size=CHUNK):
        clips.extend(clip.pk for clip in task.clips)
        consensuses = {row.population: row for row in task.consensuses.all()}
        yield {
            **_shown(task),
            "purpose": campaign.purpose,
            "labels": [
                _label(label, consensuses.get(label.population), questions)
                | _standing(label, left_out)
                for label in task.labels.all()
            ],
            "consensus": {
                population: _consensus(row, options) | _by_group(task, row, options)
                for population, row in consensuses.items()
            },
            "summaries": _summaries(task.summaries.all()),
            "adjudications": [_adjudication(row) for row in task.adjudications.all()],
        }


def _shown(task: Task) -> dict[str, Any]:
    """Return what a task is about: a clip, or of a comparison all clips in their places."""
    shown: dict[str, Any] = {
        "task": JOINED.join(clip.external_id for clip in task.clips),
        "clip_sha256": task.clip.sha256,
        "kind": task.clip.kind,
    }
    if task.n_clips > 1:
        shown["clips"] = [
            {"external_id": clip.external_id, "sha256": clip.sha256, "kind": clip.kind}
            for clip in task.clips
        ]
    return shown


def score_records(campaign: Campaign, clips: list[int]) -> Iterator[dict[str, Any]]:
    """Yield the score of every clip that was compared, by population, the highest first."""
    rows = Score.objects.consented().filter(campaign=campaign)
    for row in rows.select_related("clip", "fit").order_by("population", "-value", "pk"):
        clips.append(row.clip_id)
        yield {
            "clip": row.clip.external_id,
            "clip_sha256": row.clip.sha256,
            "purpose": campaign.purpose,
            "population": row.population,
            "score": {
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "balance": row.balance,
                "n_comparisons": row.n_comparisons,
                "n_labels": row.n_labels,
                "scorer": row.fit.aggregator,
                "statistic_version": row.fit.version,
                "fit_sha256": row.fit.sha256,
            },
        }


def pseudonym(campaign: int, annotator: int) -> str:
    """Return the name of an annotator in the exports of a campaign: not theirs, always the same."""
    key = f"{settings.SECRET_KEY}:annotation.export".encode()
    return "w" + hmac.new(key, f"{campaign}:{annotator}".encode(), hashlib.sha256).hexdigest()[:12]


def _label(
    label: Label, consensus: Consensus | None, questions: scheme.Questions
) -> dict[str, Any]:
    weights = consensus.weights if consensus else {}
    return {
        "id": label.pk,
        "worker": pseudonym(label.campaign_id, label.annotator_id),
        "label": scheme.category_of(questions, label.value),
        "value": label.value,
        "weight": weights.get(str(label.pk)),
        "late": label.late,
        "supersedes": label.supersedes_id,
        "created_at": label.created_at.isoformat(),
        "perspective": label.perspective,
        "stage": label.stage,
        "step": label.step,
        "layers": label.shown.get("layers", []),
        "kept": label.kept,
        "arm": label.assignment.arm,
        "population": label.population,
        "scheme": f"{label.scheme.name} {label.scheme.version}",
        "position": label.position,
        "latency_ms": label.latency_ms,
        "reason": label.reason,
        "probability": label.probability,
    }


def _standing(label: Label, left_out: set[int]) -> dict[str, Any]:
    """Return whether a label counts, and by what it does not where it does not."""
    is_left_out = label.annotator_id in left_out
    counts_not = label.late or label.probe or is_left_out or hasattr(label, "superseded_by")
    return {"stands": not counts_not, "probe": label.probe, "left_out": is_left_out}


def _adjudication(row: Adjudication) -> dict[str, Any]:
    return {
        "category": row.category or None,
        "rationale": row.rationale,
        "expert": pseudonym(row.task.campaign_id, row.expert_id),
        "seen": row.seen,
        "stands": not hasattr(row, "superseded_by"),
        "created_at": row.created_at.isoformat(),
    }


def _summaries(rows: Iterable[Summary]) -> dict[str, dict[str, Any]]:
    """Return what the answers add up to, by population and question."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.population, {})[row.question] = row.value
    return found


def _by_group(task: Task, row: Consensus, options: list[str]) -> dict[str, Any]:
    """Return the distributions of the groups whose readings are published apart, if any."""
    found = {
        one.group: dict(zip(options, one.distribution, strict=True))
        for one in task.group_consensuses.all()
        if one.fit_id == row.fit_id
    }
    return {"by_group": found} if found else {}


def _consensus(row: Consensus, options: list[str]) -> dict[str, Any]:
    return {
        "distribution": dict(zip(options, row.distribution, strict=True)),
        "state": row.state,
        "n_labels": row.n_labels,
        "effective_n": row.effective_n,
        "entropy": row.entropy,
        "divergence": row.divergence,
        "information": row.information,
        "aggregator": row.fit.aggregator,
        "statistic_version": row.fit.version,
        "fit_sha256": row.fit.sha256,
    }
