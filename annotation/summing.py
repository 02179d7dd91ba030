"""What the answers to each question add up to, task by task, beside the categories' consensus."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime

from annotation import heard, scheme
from annotation.instruments.base import Said
from annotation.models import Campaign, Consensus, Fit, Population, Summary

BATCH = 1000


def write(row: Fit, now: datetime) -> str:
    """Store the summaries of a full fit in place of the last ones; return their fingerprint.

    Called in the fit's transaction. Labels count with the weights that the fit gave them.
    """
    campaign, population = row.campaign, Population(row.population)
    summaries = [
        Summary(fit=row, task_id=task, population=population, updated_at=now, **found)
        for found, task in _found(campaign, population)
    ]
    Summary.objects.filter(task__campaign=campaign, population=population).delete()
    Summary.objects.bulk_create(summaries, batch_size=BATCH)
    said = [[one.task_id, one.question, one.value] for one in summaries]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _found(campaign: Campaign, population: Population) -> Iterator[tuple[dict[str, object], int]]:
    weights = _weights(campaign, population)
    labels = list(
        heard.labels(campaign, population, None).values_list("pk", "task", "annotator", "value")
    )
    for question in campaign.scheme.questions:
        name = question["name"]
        said = [
            Said(task, annotator, value[name], weights.get(str(key), 1.0))
            for key, task, annotator, value in labels
            if value.get(name) is not None
        ]
        for task, value in scheme.instrument_of(question).aggregate(question, said).items():
            yield {"question": name, "value": value}, task


def _weights(campaign: Campaign, population: Population) -> dict[str, float]:
    rows = Consensus.objects.filter(task__campaign=campaign, population=population)
    return {
        label: weight
        for weights in rows.values_list("weights", flat=True)
        for label, weight in weights.items()
    }
