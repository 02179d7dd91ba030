"""Adaptive redundancy: closes tasks that have settled, and asks again where a label would tell.

What the labels say of a task stands in its consensus; here it becomes places in the queue. A task
that is open gets one place more as long as a label would tell something, up to the campaign's
`most_labels`. What the crowd cannot settle goes to experts; what the clip alone does not show is
asked about in its context, where the campaign has that stage. A campaign without `most_labels`
asks for the same number of labels of every clip and closes nothing. What is lowered (see
`annotation.lowering`) has one label, until somebody contradicts the learner.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Greatest

from annotation import lowering
from annotation.agreement.states import RULES
from annotation.models import (
    Assignment,
    Audience,
    Campaign,
    Consensus,
    Need,
    Population,
    Stage,
    Task,
    TaskState,
)
from annotation.models.task import TaskQuerySet
from audit.log import record

BATCH = 500
EXPERT_LABELS = 1
DONE = [TaskState.CONSENSUS, TaskState.MIXED, TaskState.AMBIGUOUS, TaskState.UNRATEABLE]
UNDECIDED = [TaskState.OPEN, TaskState.NEEDS_EXPERT]
TELLS = Q(information__gte=RULES.ambiguous_information) | Q(effective_n__lt=RULES.least_labels)


def settle(campaign: Campaign, tasks: Collection[int] | None = None) -> dict[str, int]:
    """Close and open these tasks, or all, as their consensus says; return how many did what."""
    changed: Counter[str] = Counter()
    if campaign.most_labels is None and not campaign.tasks.lowered().exists():
        return {}
    keys = sorted({*(_changeable(campaign) if tasks is None else tasks), *_unsaid(campaign)})
    for start in range(0, len(keys), BATCH):
        changed.update(_settle(campaign, keys[start : start + BATCH]))
    return dict(changed)


@transaction.atomic
def _settle(campaign: Campaign, keys: list[int]) -> dict[str, int]:
    known = campaign.gold.filter(task__in=keys)
    tasks = campaign.tasks.filter(pk__in=keys)
    # Everybody who changes several tasks locks them in this order.
    list(tasks.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    # Asked once they are locked: who marks gold locks them, too.
    keys = sorted(set(keys) - set(known.values_list("task", flat=True)))
    restored = lowering.restore_contradicted(campaign, decisive(campaign), keys)
    changed = {"restored": restored, **_as_they_stand(campaign, keys)}
    if any(changed.values()):
        record(None, "campaign.tasks-settled", campaign, **changed)
    return changed


def _as_they_stand(campaign: Campaign, keys: list[int]) -> dict[str, int]:
    if campaign.most_labels is None:
        return {}
    tasks = campaign.tasks.filter(pk__in=keys, foretold="")
    said = Consensus.objects.filter(task=OuterRef("pk"), population=decisive(campaign))
    in_hand = Assignment.objects.leased().filter(task=OuterRef("pk"))
    undecided = tasks.filter(Exists(said.filter(state__in=UNDECIDED)))
    worth = undecided.filter(Exists(said.filter(TELLS)), live__lt=campaign.most_labels)
    full = ~Exists(in_hand) & Q(live__gte=F("target"))
    unsettled = undecided.exclude(pk__in=_keys(worth)).filter(full)
    return {
        "closed": _close(tasks.filter(Exists(said.filter(state__in=DONE)))),
        "to_context": _to_context(
            campaign, tasks.filter(Exists(said.filter(state=TaskState.NEEDS_CONTEXT)))
        ),
        "to_experts": _to_experts(campaign, unsettled, keys),
        "reopened": _reopen(campaign, worth),
        "asked_again": worth.filter(full).update(target=F("live") + 1),
    }


def decisive(campaign: Campaign) -> Population:
    """Return the population whose labels close the campaign's tasks."""
    return Population.EXPERT if campaign.audience == Audience.EXPERT else Population.CROWD


def _close(done: TaskQuerySet) -> int:
    return done.exclude(retired=True, need="").update(retired=True, need="")


def _to_context(campaign: Campaign, unclear: TaskQuerySet) -> int:
    """Ask the rest in context, where there is one to show; else close what nobody can tell."""
    new = unclear.exclude(need=Need.CONTEXT)
    if Stage.CONTEXT not in campaign.stages:
        return new.update(need=Need.CONTEXT, retired=True)
    cap = Greatest(F("live"), Value(campaign.most_labels))
    return new.update(need=Need.CONTEXT, retired=False, target=cap)


def _to_experts(campaign: Campaign, unsettled: TaskQuerySet, keys: list[int]) -> int:
    """Close for the crowd what it did not settle, and offer it to experts."""
    if decisive(campaign) == Population.EXPERT:
        return unsettled.filter(retired=False).update(retired=True)
    sent = unsettled.exclude(need=Need.EXPERT).update(
        need=Need.EXPERT, retired=True, target=F("live") + EXPERT_LABELS
    )
    waiting = campaign.tasks.filter(pk__in=keys, need=Need.EXPERT)
    crowd = Consensus.objects.filter(population=Population.CROWD, task__in=_keys(waiting))
    crowd.filter(state=TaskState.OPEN).update(state=TaskState.NEEDS_EXPERT)
    return sent


def _reopen(campaign: Campaign, worth: TaskQuerySet) -> int:
    keys = _keys(worth)
    again = Consensus.objects.filter(population=decisive(campaign), task__in=keys)
    again.filter(state=TaskState.NEEDS_EXPERT).update(state=TaskState.OPEN)
    closed = Task.objects.filter(pk__in=keys, retired=True)
    return closed.update(retired=False, need="")


def _changeable(campaign: Campaign) -> list[int]:
    """Return the tasks that labels say anything of, but for those closed for good reason."""
    said = Consensus.objects.filter(task__campaign=campaign, population=decisive(campaign))
    settled = Q(task__retired=True, task__need="", state__in=DONE)
    return list(said.exclude(settled).values_list("task", flat=True))


def _unsaid(campaign: Campaign) -> list[int]:
    """Return the lowered tasks whose one label says nothing of the question."""
    said = Consensus.objects.filter(task=OuterRef("pk"), population=decisive(campaign))
    full = campaign.tasks.lowered().filter(live__gte=F("target"))
    return _keys(full.filter(~Exists(said)))


def _keys(tasks: TaskQuerySet) -> list[int]:
    return list(tasks.values_list("pk", flat=True))
