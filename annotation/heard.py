"""The labels of a campaign as the statistics see them, and what their numbers stand for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Min
from django.db.models.fields.json import KT, KeyTextTransform

from annotation import scheme
from annotation.agreement.answers import Answers, Ints
from annotation.agreement.known import Known
from annotation.models import Campaign, Label, Population, Probe, Stage, Task
from annotation.models.label import LabelQuerySet

BATCH = 500


@dataclass(frozen=True, eq=False)
class Heard:
    """Labels of one population: the n-th entry of `answers` is the label with the n-th key."""

    answers: Answers
    labels: list[int]
    tasks: list[int]
    annotators: list[int]


def listen(
    campaign: Campaign,
    population: Population,
    *,
    tasks: Iterable[int] | None = None,
    annotators: Sequence[int] = (),
) -> Heard:
    """Return the standing, consented, blind labels; `annotators` are numbered first, in order.

    Only answers to the categorical question are heard; there must be one.
    """
    question = scheme.category_question(campaign.scheme.questions)
    if question is None:
        raise ValueError("The scheme has no question with categories.")
    found = answered(labels(campaign, population, tasks), question)
    rows = list(found.values_list("pk", "task_id", "annotator_id", category_at(question)))
    classes = {name: i for i, name in enumerate(scheme.categories(campaign.scheme.questions))}
    task_of = {key: i for i, key in enumerate(sorted({row[1] for row in rows}))}
    people = list(dict.fromkeys([*annotators, *sorted({row[2] for row in rows})]))
    person_of = {key: i for i, key in enumerate(people)}
    table = np.array(
        [(task_of[task], person_of[who], classes[str(said)]) for _, task, who, said in rows],
        dtype=np.int64,
    ).reshape(-1, 3)
    answers = Answers(
        table[:, 0], table[:, 1], table[:, 2], len(task_of), len(person_of), len(classes)
    )
    return Heard(answers, [row[0] for row in rows], list(task_of), people)


def known(campaign: Campaign, said: Heard) -> Known | None:
    """Return what those who are heard answered to clips of known reading; None where nothing."""
    question = scheme.category_question(campaign.scheme.questions)
    gold = dict(
        campaign.gold.filter(task__in=campaign.tasks.cleared(), teaches=False)
        .order_by("task")
        .values_list("task", "distribution")
    )
    if question is None or not gold:
        return None
    probes = campaign.labels.probes(Probe.GOLD).filter(task__in=gold, stage=Stage.BLIND)
    answers = answered(probes, question).order_by("pk")
    rows = answers.values_list("task_id", "annotator_id", category_at(question))
    task_of = {key: i for i, key in enumerate(gold)}
    person_of = {key: i for i, key in enumerate(said.annotators)}
    classes = {name: i for i, name in enumerate(scheme.categories(campaign.scheme.questions))}
    heard = [(task_of[t], person_of[w], classes[str(v)]) for t, w, v in rows if w in person_of]
    if not heard:
        return None
    table = np.array(heard, dtype=np.int64)
    size = len(task_of), len(person_of), len(classes)
    return Known(
        Answers(table[:, 0], table[:, 1], table[:, 2], *size), np.array(list(gold.values()))
    )


def before_and_after(campaign: Campaign, population: Population) -> tuple[Answers, Answers]:
    """Return the answers of those who saw the clip alone, and of those who saw the context first.

    They are different people: who answers twice leans on the first answer.
    """
    question = scheme.category_question(campaign.scheme.questions)
    if question is None:
        raise ValueError("The scheme has no question with categories.")
    first = labels(campaign, population, None, Stage.BLIND, Stage.CONTEXT).filter(step=0)
    found = answered(first.order_by("pk"), question)
    rows = list(found.values_list("stage", "task_id", "annotator_id", category_at(question)))
    tasks = {key: i for i, key in enumerate(sorted({row[1] for row in rows}))}
    people = {key: i for i, key in enumerate(sorted({row[2] for row in rows}))}
    classes = {name: i for i, name in enumerate(scheme.categories(campaign.scheme.questions))}
    blind, context = (
        np.array(
            [(tasks[t], people[w], classes[str(said)]) for s, t, w, said in rows if s == stage],
            dtype=np.int64,
        ).reshape(-1, 3)
        for stage in (Stage.BLIND, Stage.CONTEXT)
    )
    n = len(tasks), len(people), len(classes)
    return (
        Answers(blind[:, 0], blind[:, 1], blind[:, 2], *n),
        Answers(context[:, 0], context[:, 1], context[:, 2], *n),
    )


def crowd_and_experts(campaign: Campaign) -> tuple[Answers, Answers]:
    """Return the blind answers of the crowd and of experts, to the same tasks and categories."""
    both = [listen(campaign, population) for population in (Population.CROWD, Population.EXPERT)]
    tasks = {key: i for i, key in enumerate(sorted({*both[0].tasks, *both[1].tasks}))}
    crowd, experts = (
        Answers(
            np.array([tasks[key] for key in said.tasks], dtype=np.int64)[said.answers.task],
            said.answers.annotator,
            said.answers.label,
            len(tasks),
            said.answers.n_annotators,
            said.answers.n_classes,
        )
        for said in both
    )
    return crowd, experts


def answered(found: LabelQuerySet, question: dict[str, Any]) -> LabelQuerySet:
    """Return the labels in which the question was not left out."""
    # SQLite reads the null of JSON as the text "null", which is therefore no option.
    return found.exclude(**{f"value__{question['name']}": None})


def category_at(question: dict[str, Any]) -> KeyTextTransform:
    """Return the category that a label names; a step of a scale is a number on SQLite alone."""
    at: KeyTextTransform = KT(f"value__{scheme.category_path(question)}")
    return at


def persons(tasks: Sequence[int]) -> Ints:
    """Return the person in each task's clip, the first where there are several."""
    who: dict[int, int] = {}
    for start in range(0, len(tasks), BATCH):
        rows = Task.objects.filter(pk__in=tasks[start : start + BATCH])
        who.update(rows.values_list("pk", Min("clip__participants")))
    return np.array([who[task] for task in tasks], dtype=np.int64)


def labels(
    campaign: Campaign,
    population: Population,
    tasks: Iterable[int] | None,
    *stages: str,
) -> LabelQuerySet:
    """Return the labels that count: standing, consented, of one population, blind if not said."""
    found = (
        Label.objects.standing()
        .consented()
        .filter(campaign=campaign, population=population, stage__in=stages or [Stage.BLIND])
    )
    found = without_left_out(campaign, found).order_by("pk")
    return found if tasks is None else found.filter(task__in=list(tasks))


def without_left_out(campaign: Campaign, found: LabelQuerySet) -> LabelQuerySet:
    """Leave out the labels of those about whom somebody decided that theirs do not count."""
    return found.exclude(annotator__in=campaign.members.filter(heard=False).values("user"))
