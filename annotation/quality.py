"""Looks at how annotators answer probes, and raises an alarm where somebody should look.

The tests are pure statistics in `annotation.agreement`; here their figures are gathered. After a
decision about an alarm, only what was answered since counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Max

from accounts.models import User
from annotation import alarms, heard, scheme
from annotation.agreement import gold as test
from annotation.agreement.answers import Floats
from annotation.agreement.repeats import surprise
from annotation.models import AlarmKind, Campaign, Consensus, Gold, Label, Probe, Stage
from annotation.storing import LOOKED_AT, population

# Two instructions not followed are no oversight any more.
MOST_FAILED = 2
# How far below what their clips explain somebody's agreement with themselves is a reason to look.
FEWEST_REPEATS, TOO_SURPRISING = 5, -3.0


@dataclass(frozen=True)
class Answered:
    """One answer to a probe."""

    label: int
    task: int
    probe: str
    said: str
    asked_for: str


def review(campaign: Campaign, annotator: User) -> int:
    """Look at the answers of somebody to probes; return how many alarms stand after it."""
    since = dict(
        campaign.alarms.filter(annotator=annotator)
        .order_by()
        .values_list("kind")
        .annotate(n=Max("last_label"))
    )
    answered: dict[str, list[Answered]] = defaultdict(list)
    for one in _answers(campaign, annotator):
        answered[one.probe].append(one)
    raised = 0
    for probe, kind, look in LOOKS:
        fresh = [one for one in answered[probe] if one.label > since.get(kind, 0)]
        evidence = look(campaign, annotator, fresh) if fresh else None
        if evidence:
            pauses = kind in PAUSING
            raised += bool(alarms.sound(campaign, annotator, kind, evidence, pauses=pauses))
    return raised


def _answers(campaign: Campaign, annotator: User) -> Iterator[Answered]:
    question = scheme.category_question(campaign.scheme.questions)
    if question is None:
        return
    mine = campaign.labels.probes(*LOOKED_AT).consented()
    found = heard.answered(mine.filter(annotator=annotator, stage=Stage.BLIND), question)
    columns = ("pk", "task", "probe", heard.category_at(question), "assignment__asked_for")
    for label, task, probe, said, asked_for in found.order_by("pk").values_list(*columns):
        yield Answered(label, task, probe, str(said), asked_for)


def _gold(
    campaign: Campaign, annotator: User, answered: Sequence[Answered]
) -> dict[str, Any] | None:
    standing = gold_standing(campaign, answered)
    if standing is None or standing.verdict != test.Verdict.INATTENTIVE:
        return None
    return {
        "answers": len(answered),
        "tested": standing.n,
        "score": round(standing.score, 3),
        "labels": [one.label for one in answered],
    }


def gold_standing(campaign: Campaign, answered: Sequence[Answered]) -> test.Standing | None:
    """Return where the test on clips of known reading stands; None where none was answered."""
    known = dict(
        Gold.objects.filter(task__in=[one.task for one in answered]).values_list(
            "task", "distribution"
        )
    )
    number = {name: i for i, name in enumerate(scheme.categories(campaign.scheme.questions))}
    told = [one for one in answered if one.task in known]
    if not told:
        return None
    shares = np.array([known[one.task] for one in told])
    said = np.array([number[one.said] for one in told])
    return test.watched(test.steps(shares, said, _overall(campaign, shares.shape[1])))


def _overall(campaign: Campaign, k: int) -> Floats:
    """Return how common each answer is in the campaign, as of the last fit."""
    rows = campaign.fits.values_list("agreement", flat=True)
    shares = next((row["shares"] for row in rows[:1] if "shares" in row), None)
    return np.full(k, 1 / k) if shares is None else np.asarray(shares)


def _attention(
    campaign: Campaign, annotator: User, answered: Sequence[Answered]
) -> dict[str, Any] | None:
    failed = [one for one in answered if one.said != one.asked_for]
    if len(failed) < MOST_FAILED:
        return None
    return {
        "answers": len(answered),
        "failed": len(failed),
        "labels": [one.label for one in failed],
    }


def _repeats(
    campaign: Campaign, annotator: User, answered: Sequence[Answered]
) -> dict[str, Any] | None:
    again = _met_again(campaign, annotator, answered)
    shares = dict(
        Consensus.objects.filter(
            task__in=[one.task for one, _ in again], population=population(annotator)
        ).values_list("task", "distribution")
    )
    met = [(one, is_same) for one, is_same in again if one.task in shares]
    if len(met) < FEWEST_REPEATS:
        return None
    same = np.array([is_same for _, is_same in met])
    z = surprise(same, np.array([shares[one.task] for one, _ in met]))
    if z > TOO_SURPRISING:
        return None
    return {
        "answers": len(met),
        "same": int(same.sum()),
        "z": round(z, 3),
        "labels": [one.label for one, _ in met],
    }


def _met_again(
    campaign: Campaign, annotator: User, answered: Sequence[Answered]
) -> list[tuple[Answered, bool]]:
    """Return the repeats with whether they got the answer that their clip got first."""
    question = scheme.category_question(campaign.scheme.questions)
    if question is None or not answered:
        return []
    firsts = Label.objects.standing().filter(
        annotator=annotator, task__in=[one.task for one in answered], step=0
    )
    said = heard.answered(firsts, question)
    before = dict(said.values_list("task", heard.category_at(question)))
    return [(one, str(before[one.task]) == one.said) for one in answered if one.task in before]


@dataclass(frozen=True)
class Probed:
    """How somebody answered the probes of a campaign so far; `verdict` is "" without gold."""

    gold: int
    verdict: str
    repeats: int
    same: int
    instructions: int
    followed: int

    def __bool__(self) -> bool:
        return bool(self.gold or self.repeats or self.instructions)


def probed(campaign: Campaign, annotator: User) -> Probed:
    """Return how somebody answered the probes of a campaign so far."""
    answered = list(_answers(campaign, annotator))
    by = {probe: [one for one in answered if one.probe == probe] for probe in LOOKED_AT}
    standing = gold_standing(campaign, by[Probe.GOLD])
    again = _met_again(campaign, annotator, by[Probe.REPEAT])
    asked = by[Probe.ATTENTION]
    return Probed(
        gold=len(by[Probe.GOLD]),
        verdict=str(standing.verdict) if standing else "",
        repeats=len(again),
        same=sum(is_same for _, is_same in again),
        instructions=len(asked),
        followed=sum(one.said == one.asked_for for one in asked),
    )


LOOKS = (
    (Probe.GOLD, AlarmKind.GOLD, _gold),
    (Probe.ATTENTION, AlarmKind.ATTENTION, _attention),
    (Probe.REPEAT, AlarmKind.REPEATS, _repeats),
)
PAUSING = (AlarmKind.GOLD, AlarmKind.ATTENTION)
