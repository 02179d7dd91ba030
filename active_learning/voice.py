"""The learner as one more voice beside the people, in a report and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from active_learning import foretold
from annotation import heard, reports, scheme
from annotation.agreement.ambiguity import jensen_shannon
from annotation.agreement.model_voice import hear_model
from annotation.agreement.spam_mixture import SpamMixture
from annotation.models import Campaign, Task

DIGITS = 6


@dataclass(frozen=True)
class Heard:
    """What people and the learner say together of the clips that both spoke of.

    divergence: how far people and learner are apart on these clips, mean Jensen-Shannon in nats.
    temperature, weight: how the learner was cooled, and how many labels it counts as.
    rows: of each clip its external id, what people say, what both say, and the number of labels.
    """

    n_clips: int
    divergence: float
    temperature: float
    weight: float
    rows: list[tuple[str, list[float], list[float], int]]


def hear(campaign: Campaign, weight: float) -> Heard | None:
    """Add the learner, calibrated, as `weight` of a label; None where it foretold nothing.

    It is heard of clips that had no label when it foretold them. Nothing is stored: no consensus
    and no training set can come to hold its voice.
    """
    population = reports.main_population(campaign)
    question = scheme.category_question(campaign.scheme.questions)
    said = heard.listen(campaign, population) if question else None
    if said is None or not said.labels:
        return None
    known = {task: row for _, rows in foretold.by_round(campaign) for task, row in rows.items()}
    predicted = np.full((len(said.tasks), said.answers.n_classes), np.nan)
    for i, task in enumerate(said.tasks):
        if task in known:
            predicted[i] = known[task]
    both = np.flatnonzero(np.isfinite(predicted).all(axis=1))
    if not both.size:
        return None
    fitted = SpamMixture().fit(said.answers)
    told = hear_model(fitted, predicted, weight=weight)
    apart = jensen_shannon(fitted.distribution[both], predicted[both])
    keys = [said.tasks[i] for i in both]
    names = dict(Task.objects.filter(pk__in=keys).values_list("pk", "clip__external_id"))
    rows = [
        (
            names[said.tasks[i]],
            fitted.distribution[i].round(DIGITS).tolist(),
            told.combined[i].round(DIGITS).tolist(),
            int(said.answers.labels_per_task[i]),
        )
        for i in both
    ]
    return Heard(len(rows), float(apart.mean()), told.temperature, weight, rows)
