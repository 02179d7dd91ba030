"""Marks clips as gold: their reading is known, they teach or test, and they leave the queue."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from accounts.models import User
from annotation import closing, scheme
from annotation.agreement.answers import Ints
from annotation.agreement.gold import stratified
from annotation.models import Campaign, Consensus, Gold, GoldSource, Population, Task, TaskState
from audit.log import record

# What the shares of a distribution may miss of 1, having been rounded.
ROUNDING = 0.02
# From so many labels on the crowd's distribution is known well enough to test others by.
ENOUGH_LABELS = 5.0
SETTLED = [TaskState.CONSENSUS, TaskState.MIXED, TaskState.AMBIGUOUS]


class InvalidGoldError(ValueError):
    """Something cannot be gold; `field` names what, the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class Known:
    """What is known of a clip: a share for each answer, by its value, or one answer."""

    clip: str
    reading: Mapping[str, float] | str
    teaches: bool = False
    explanation: str = ""


@transaction.atomic
def mark(campaign: Campaign, known: Sequence[Known], actor: User) -> list[Gold]:
    """Make gold of clips, named by their external id; of one that is gold, anew.

    Raises:
        InvalidGoldError: one of them cannot be; then none is.
    """
    _hold(campaign)
    tasks = _tasks(campaign, [one.clip for one in known])
    rows = []
    for one in known:
        shares = _distribution(campaign, one.reading)
        gold = Gold(
            task=tasks[one.clip],
            distribution=shares,
            teaches=one.teaches,
            explanation=one.explanation.strip(),
            source=GoldSource.RESEARCHER,
        )
        rows.append(gold)
    return _store(campaign, rows, actor)


@transaction.atomic
def take_settled(campaign: Campaign, n: int, actor: User, *, teaches: bool = False) -> list[Gold]:
    """Make gold of up to `n` clips that labels have settled, spread over the categories.

    Where experts labelled, theirs count; else the crowd's.

    Raises:
        InvalidGoldError: no clip has settled so far.
    """
    _hold(campaign)
    _require_categories(campaign)
    for population in (Population.EXPERT, Population.CROWD):
        rows = list(_settled(campaign, population))
        if rows:
            chosen = [rows[i] for i in _spread(rows, n, campaign.seed)]
            return _store(campaign, [_of(row, teaches=teaches) for row in chosen], actor)
    raise InvalidGoldError(
        "n",
        _("No clip has settled on %(n)d labels or more yet. Name clips yourself, or wait.")
        % {"n": int(ENOUGH_LABELS)},
    )


@transaction.atomic
def unmark(gold: Gold, actor: User) -> None:
    """Put a clip back among those that are to be labelled."""
    campaign, task = gold.campaign, gold.task_id
    _hold(campaign)
    gold.delete()
    # Another number of labels may be asked for by now.
    target = Greatest(F("live"), Value(campaign.redundancy))
    campaign.tasks.filter(pk=task).update(target=target, retired=False, foretold="")
    _count(campaign)
    closing.settle(campaign, [task])
    record(actor, "gold.unmarked", campaign, task=task)


def _store(campaign: Campaign, rows: list[Gold], actor: User) -> list[Gold]:
    tasks = [row.task_id for row in rows]
    for row in rows:
        row.campaign, row.made_by = campaign, actor
        row.stratum = int(np.argmax(row.distribution))
    # Everybody who changes several tasks locks them in this order.
    locked = campaign.tasks.filter(pk__in=tasks).order_by("pk").select_for_update(no_key=True)
    list(locked.values_list("pk", flat=True))
    Gold.objects.filter(task__in=tasks).delete()
    Gold.objects.bulk_create(rows)
    campaign.tasks.filter(pk__in=tasks).update(retired=True, need="")
    _count(campaign)
    record(actor, "gold.marked", campaign, tasks=sorted(tasks))
    return rows


def _hold(campaign: Campaign) -> None:
    """Let one at a time change a campaign's gold: what two mark at once could be the same."""
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)


def _count(campaign: Campaign) -> None:
    campaign.n_gold = campaign.gold.filter(teaches=False).count()
    campaign.n_teaching = campaign.gold.filter(teaches=True).count()
    campaign.save(update_fields=["n_gold", "n_teaching"])


def _require_categories(campaign: Campaign) -> None:
    if scheme.category_question(campaign.scheme.questions) is None:
        raise InvalidGoldError(
            "campaign", _("No question of this campaign has categories, which gold is about.")
        )


def _tasks(campaign: Campaign, clips: Sequence[str]) -> dict[str, Task]:
    _require_categories(campaign)
    doubled = {clip for clip in clips if clips.count(clip) > 1}
    if doubled:
        raise InvalidGoldError("clip", _("%(clip)s is named twice.") % {"clip": min(doubled)})
    found = campaign.tasks.filter(clip__external_id__in=clips).select_related("clip")
    tasks = {task.clip.external_id: task for task in found}
    unknown = [clip for clip in clips if clip not in tasks]
    if unknown:
        raise InvalidGoldError(
            "clip", _("This campaign has no clip %(clip)s.") % {"clip": unknown[0]}
        )
    return tasks


def _distribution(campaign: Campaign, reading: Mapping[str, float] | str) -> list[float]:
    """Return the shares in the scheme's order; one answer alone is all of it."""
    categories = scheme.categories(campaign.scheme.questions)
    shares = {reading: 1.0} if isinstance(reading, str) else dict(reading)
    strange = [name for name in shares if name not in categories]
    if strange:
        raise InvalidGoldError(
            "reading",
            _("There is no answer %(given)s. Take one of: %(known)s.")
            % {"given": strange[0], "known": ", ".join(categories)},
        )
    # Not a number is not in between, and a whole number may be too long for a float.
    if any(not 0 <= share <= 1 + ROUNDING for share in shares.values()):
        raise InvalidGoldError("reading", _("Give shares from 0 to 1."))
    total = sum(shares.values())
    if abs(total - 1) > ROUNDING:
        raise InvalidGoldError(
            "reading", _("The shares sum to %(total)s, not to 1.") % {"total": round(total, 4)}
        )
    return [shares.get(name, 0.0) / total for name in categories]


def _settled(campaign: Campaign, population: Population) -> Sequence[Consensus]:
    least = 1.0 if population == Population.EXPERT else ENOUGH_LABELS
    rows = Consensus.objects.consented().filter(
        task__campaign=campaign,
        task__gold=None,
        population=population,
        effective_n__gte=least,
        state__in=SETTLED,
    )
    return list(rows.order_by("task"))


def _spread(rows: Sequence[Consensus], n: int, seed: int) -> Ints:
    return stratified(np.array([row.distribution for row in rows]), n, seed=seed)


def _of(row: Consensus, *, teaches: bool) -> Gold:
    source = GoldSource.EXPERTS if row.population == Population.EXPERT else GoldSource.CROWD
    total = math.fsum(row.distribution)
    shares = [share / total for share in row.distribution]
    return Gold(task_id=row.task_id, distribution=shares, teaches=teaches, source=source)
