"""Raises an alarm about annotators who say what the learner says, more than their clips explain."""

from __future__ import annotations

import numpy as np

from accounts.models import User
from active_learning import foretold
from annotation import alarms, heard, scheme, watching
from annotation.agreement.answers import Ints
from annotation.agreement.copying import NONE, with_learner
from annotation.agreement.reading import by_looking
from annotation.agreement.spam_mixture import SpamMixture
from annotation.heard import Heard
from annotation.models import AlarmKind, Campaign, Label, Population

MOST_LABELS = 30


def look(campaign: Campaign) -> int:
    """Compare the crowd's labels with what was foretold before them; return how many alarms."""
    if scheme.category_question(campaign.scheme.questions) is None:
        return 0
    said = heard.listen(campaign, Population.CROWD)
    predicted = _predicted(campaign, said)
    if not (predicted != NONE).any():
        return 0
    predicted[~watching.since_decided(campaign, AlarmKind.COPYING, said)] = NONE
    trust = SpamMixture().fit(said.answers).reliability.value
    shares = by_looking(said.answers, trust)
    found = with_learner(said.answers, predicted, shares, trust=trust)
    raised = 0
    for number in found.alarming().tolist():
        same = (said.answers.annotator == number) & (predicted == said.answers.label)
        evidence = {
            "answers": int(found.shared[number]),
            "agreed": round(float(found.agreed[number]), 3),
            "expected": round(float(found.expected[number]), 3),
            "labels": [said.labels[i] for i in np.flatnonzero(same)[-MOST_LABELS:]],
        }
        annotator = User.objects.get(pk=said.annotators[number])
        raised += bool(alarms.sound(campaign, annotator, AlarmKind.COPYING, evidence))
    return raised


def _predicted(campaign: Campaign, said: Heard) -> Ints:
    """Return the learner's first answer to each label's clip before anybody had labelled it."""
    given = dict(
        Label.objects.filter(campaign=campaign, pk__gte=min(said.labels, default=0)).values_list(
            "pk", "created_at"
        )
    )
    rounds = list(foretold.by_round(campaign))
    found = np.full(len(said.labels), NONE, dtype=np.int64)
    for i, (label, number) in enumerate(zip(said.labels, said.answers.task, strict=True)):
        task = said.tasks[number]
        for finished_at, predictions in reversed(rounds):
            if given[label] > finished_at and task in predictions:
                found[i] = int(np.argmax(predictions[task]))
                break
    return found
