"""Looks at all labels of a campaign after a full fit, and raises an alarm where somebody should.

What `quality` does for probes, this does for the work itself: pace, runs of one answer, attention
that went, pairs that agree too well. None of these alarms stops anybody.
"""

from __future__ import annotations

import numpy as np
from django.db.models import Max

from accounts.models import User
from annotation import alarms, heard, scheme
from annotation.agreement.answers import Bools, Floats
from annotation.agreement.distances import Level
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.vigilance import Finding, Sign, Watched, findings
from annotation.agreement.without import alpha_without
from annotation.heard import Heard
from annotation.models import AlarmKind, Campaign, Fit, Label, Population

BATCH = 20_000


def watch(row: Fit) -> int:
    """Look at the labels of the crowd that a fit heard; return how many alarms stand after it."""
    campaign = row.campaign
    question = scheme.category_question(campaign.scheme.questions)
    if question is None or row.population != Population.CROWD:
        return 0
    said = heard.listen(campaign, Population.CROWD)
    if not said.labels:
        return 0
    watched = _watched(row, said)
    people = User.objects.in_bulk(said.annotators)
    raised = 0
    for sign in Sign:
        kept = since_decided(campaign, sign.value, said)
        for found in findings(sign, watched.subset(kept)):
            labels = np.array(said.labels)[kept]
            who = people[said.annotators[found.annotator]]
            evidence = _evidence(found, said, labels.tolist())
            raised += bool(alarms.sound(campaign, who, AlarmKind(sign.value), evidence))
    _write_alpha_without_the_flagged(row, said)
    return raised


def _write_alpha_without_the_flagged(row: Fit, said: Heard) -> None:
    """Keep with the fit what agreement would be without those whom somebody should look at."""
    flagged = set(row.campaign.alarms.waiting().values_list("annotator", flat=True))
    numbers = [i for i, who in enumerate(said.annotators) if who in flagged]
    level = Level(row.agreement.get("level", Level.NOMINAL.value))
    change = alpha_without(said.answers, np.array(numbers), level) if numbers else None
    told = {"alpha": change.left, "annotators": len(numbers)} if change else None
    row.agreement = {**row.agreement, "without_flagged": told}
    row.save(update_fields=["agreement"])


def _watched(row: Fit, said: Heard) -> Watched:
    """Trust people as the spam mixture does, whatever the campaign weighs labels by."""
    trust = SpamMixture().fit(said.answers).reliability.value
    return Watched(said.answers, trust, *_times(row.campaign, said.labels))


def _times(campaign: Campaign, labels: list[int]) -> tuple[Floats, Floats]:
    """Return seconds to the first touch and of the clip, (n_labels,) each."""
    times: dict[int, tuple[float | None, float | None]] = {}
    for start in range(0, len(labels), BATCH):
        part = labels[start : start + BATCH]
        # The labels are in order: a range walks the index, where a list of keys would not fit.
        rows = Label.objects.filter(campaign=campaign, pk__gte=part[0], pk__lte=part[-1])
        for key, shown, duration in rows.values_list("pk", "latency_ms", "task__clip__duration"):
            times[key] = (None if shown is None else shown / 1000, duration)
    table = np.array([times[key] for key in labels], dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def since_decided(campaign: Campaign, kind: str, said: Heard) -> Bools:
    """Return which labels came after somebody decided about such an alarm the last time."""
    decided = campaign.alarms.filter(kind=kind).order_by()
    last = dict(decided.values_list("annotator").annotate(n=Max("last_label")))
    limit = np.array([last.get(who, 0) for who in said.annotators])
    kept: Bools = np.array(said.labels) > limit[said.answers.annotator]
    return kept


def _evidence(found: Finding, said: Heard, labels: list[int]) -> dict[str, object]:
    figures = dict(found.figures)
    if "with" in figures:
        figures["with"] = [said.annotators[i] for i in figures["with"]]
    return {**figures, "labels": [labels[i] for i in found.labels.tolist()]}
