"""Experts decide what the crowd could not settle, each after an answer of their own.

The crowd's labels are shown to nobody who has not said first what they see, so that an expert's
answer is as blind as any other. A decision names its reasons and keeps what it was based on; it
changes no label and no distribution, and stands beside them in every export.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from accounts.models import User
from annotation import scheme
from annotation.models import (
    Adjudication,
    Campaign,
    Consensus,
    Label,
    Need,
    Population,
    Stage,
    Task,
)
from annotation.models.label import LabelQuerySet
from annotation.models.task import TaskQuerySet
from audit.log import record

SHORTEST = 10


class NotPossibleError(Exception):
    """The case cannot be decided like that; the message says why and what to do."""


@dataclass(frozen=True)
class Voice:
    """One label as the case shows it: whose it is, by a number, and how much it weighs."""

    who: int
    population: str
    category: str
    text: str
    weight: float | None


@dataclass(frozen=True)
class Case:
    """A task with all that was said of it, and what was decided so far, the newest first."""

    task: Task
    voices: list[Voice]
    consensuses: list[Consensus]
    decisions: list[Adjudication]

    @property
    def decision(self) -> Adjudication | None:
        return self.decisions[0] if self.decisions else None


def cases(campaign: Campaign) -> TaskQuerySet:
    """Return the tasks that went to experts, those without a decision first."""
    decided = Adjudication.objects.filter(task=OuterRef("pk"))
    found = campaign.tasks.cleared().filter(need=Need.EXPERT).alias(is_decided=Exists(decided))
    return found.order_by("is_decided", "pk")


def has_answered(task: Task, expert: User) -> bool:
    return _labels(task).filter(annotator=expert, population=Population.EXPERT).exists()


def case(task: Task, reader: User) -> Case:
    """Return all that is known of the task.

    Raises:
        NotPossibleError: the reader is an expert who has not answered yet.
    """
    if reader.is_expert and not has_answered(task, reader):
        raise NotPossibleError(_("Answer the question about this clip yourself first."))
    labels = list(_labels(task).order_by("pk"))
    consensuses = list(task.consensuses.select_related("fit").order_by("population"))
    weights = {key: w for row in consensuses for key, w in row.weights.items()}
    questions = task.campaign.scheme.questions
    texts = {o["value"]: o["text"] for o in scheme.options(questions)}
    numbers = {who: n for n, who in enumerate(dict.fromkeys(x.annotator_id for x in labels), 1)}
    voices = [
        Voice(
            numbers[label.annotator_id],
            str(Population(label.population).label),
            category := str(scheme.category_of(questions, label.value)),
            texts.get(category, category),
            weights.get(str(label.pk)),
        )
        for label in labels
    ]
    return Case(task, voices, consensuses, list(task.adjudications.select_related("expert")))


@transaction.atomic
def decide(task: Task, expert: User, category: str, rationale: str) -> Adjudication:
    """Store a decision; an earlier one stays, superseded.

    Raises:
        NotPossibleError: the case is not this person's to decide, or the reasons are missing.
    """
    locked = Task.objects.select_for_update(no_key=True).get(pk=task.pk)
    rationale = rationale.strip()
    _check(locked, expert, category, rationale)
    decision = Adjudication.objects.create(
        task=locked,
        expert=expert,
        category=category,
        rationale=rationale,
        seen=_seen(locked),
        supersedes=locked.adjudications.standing().first(),
    )
    record(expert, "task.adjudicated", decision, task=locked.pk, category=category)
    return decision


def _check(task: Task, expert: User, category: str, rationale: str) -> None:
    if not expert.is_expert or not has_answered(task, expert):
        raise NotPossibleError(_("Answer the question about this clip yourself first."))
    if task.need != Need.EXPERT or not Task.objects.cleared().filter(pk=task.pk).exists():
        raise NotPossibleError(_("This clip does not wait for a decision any more."))
    if category and category not in scheme.categories(task.campaign.scheme.questions):
        raise NotPossibleError(_("Choose one of the answers, or that none is right alone."))
    if len(rationale) < SHORTEST:
        raise NotPossibleError(_("Say why, in a sentence that others can follow."))


def _labels(task: Task) -> LabelQuerySet:
    return Label.objects.standing().filter(task=task, stage=Stage.BLIND)


def _seen(task: Task) -> dict[str, Any]:
    crowd = task.consensuses.filter(population=Population.CROWD).select_related("fit").first()
    return {
        "labels": list(_labels(task).order_by("pk").values_list("pk", flat=True)),
        "distribution": crowd.distribution if crowd else None,
        "fit": crowd.fit.sha256 if crowd else None,
    }
