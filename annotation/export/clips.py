"""What every format writes: the consented labels of each task with their weights."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from annotation import scheme
from annotation.models import Campaign, Consensus, Label, Summary, Task

CHUNK = 500


def exported_tasks(campaign: Campaign) -> QuerySet[Task]:
    """Return the tasks that may leave, with their labels and consensuses."""
    labels = Label.objects.select_related("scheme").order_by("pk")
    return (
        campaign.tasks.cleared()
        .filter(labels__isnull=False)
        .distinct()
        .select_related("clip")
        .prefetch_related(
            Prefetch("labels", labels.select_related("superseded_by")),
            Prefetch("consensuses", Consensus.objects.select_related("fit")),
            Prefetch("summaries", Summary.objects.order_by("pk")),
        )
        .order_by("pk")
    )


def records(campaign: Campaign, clips: list[int]) -> Iterator[dict[str, Any]]:
    """Yield, a task at a time, all that is exported of it, and add its clip to `clips`."""
    questions = campaign.scheme.questions
    options = scheme.categories(questions)
    for task in exported_tasks(campaign).iterator(chunk_size=CHUNK):
        clips.append(task.clip_id)
        consensuses = {row.population: row for row in task.consensuses.all()}
        yield {
            "task": task.clip.external_id,
            "clip_sha256": task.clip.sha256,
            "kind": task.clip.kind,
            "purpose": campaign.purpose,
            "labels": [
                _label(label, consensuses.get(label.population), questions)
                for label in task.labels.all()
            ],
            "consensus": {
                population: _consensus(row, options) for population, row in consensuses.items()
            },
            "summaries": _summaries(task.summaries.all()),
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
        "stands": not label.late and not hasattr(label, "superseded_by"),
        "late": label.late,
        "supersedes": label.supersedes_id,
        "created_at": label.created_at.isoformat(),
        "perspective": label.perspective,
        "stage": label.stage,
        "population": label.population,
        "scheme": f"{label.scheme.name} {label.scheme.version}",
        "position": label.position,
        "latency_ms": label.latency_ms,
        "reason": label.reason,
        "probability": label.probability,
    }


def _summaries(rows: Iterable[Summary]) -> dict[str, dict[str, Any]]:
    """Return what the answers add up to, by population and question."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        found.setdefault(row.population, {})[row.question] = row.value
    return found


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
