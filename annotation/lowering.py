"""Fewer labels where a researcher followed the learner: one person is asked, and decides.

A task that is lowered has one place, and what the learner foretold of it. Somebody who says
otherwise, or cannot tell, brings back all places that the campaign asks for. What was foretold
counts as nobody's label.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from annotation import heard, scheme
from annotation.models import Campaign, Population, Task

BATCH = 500
ONE = 1


@transaction.atomic
def lower(campaign: Campaign, foretold: Mapping[int, str]) -> list[int]:
    """Ask one person about these tasks, of whom this is foretold; return those that were lowered.

    Left alone is what more than one person has or had in hand, what is closed, known or lowered
    already, and what was picked by chance to check the learner.
    """
    lowered: list[int] = []
    keys = sorted(foretold)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        fit = campaign.tasks.to_be_lowered().filter(pk__in=some).order_by("pk")
        found = list(fit.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        tasks = [Task(pk=key, target=ONE, foretold=foretold[key]) for key in found]
        Task.objects.bulk_update(tasks, ["target", "foretold"])
        lowered += found
    return lowered


@transaction.atomic
def restore(campaign: Campaign, keys: Collection[int] | None = None) -> int:
    """Ask for all labels of these lowered tasks, or of all, again; return how many those were."""
    tasks = campaign.tasks.lowered()
    if keys is not None:
        tasks = tasks.filter(pk__in=keys)
    found = list(tasks.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    target = Greatest(F("live"), Value(campaign.redundancy))
    for start in range(0, len(found), BATCH):
        some = Task.objects.filter(pk__in=found[start : start + BATCH])
        some.update(target=target, foretold="")
    return len(found)


def restore_contradicted(campaign: Campaign, population: Population, keys: Collection[int]) -> int:
    """Restore the lowered tasks among these of which somebody said something else."""
    question = scheme.category_question(campaign.scheme.questions)
    lowered = campaign.tasks.lowered().filter(pk__in=keys)
    foretold = dict(lowered.values_list("pk", "foretold"))
    if question is None or not foretold:
        return 0
    said = heard.labels(campaign, population, foretold)
    rows = said.values_list("task_id", heard.category_at(question))
    otherwise = {task for task, category in rows if str(category) != foretold[task]}
    return restore(campaign, otherwise) if otherwise else 0
