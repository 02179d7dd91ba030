"""What annotators say of themselves, by their own will, and what it tells of the weights."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from annotation.agreement.aggregation import Fit as Fitted
from annotation.agreement.answers import Ints
from annotation.agreement.dissent import ENOUGH_RATERS, Publish, by_group
from annotation.agreement.selection import CANDIDATES, FOR_ORDERED, OTHERS
from annotation.heard import Heard
from annotation.instruments import InvalidQuestion, options
from annotation.models import Campaign, Fit, GroupConsensus, Member
from audit.log import record
from jobs.queue import enqueue

FEWEST, MOST = 2, 12
# The answer that is always there, and stores nothing.
NOT_SAID = "rather-not-say"
# Of a group, a clip's distribution is kept where so many of it, and so many others, labelled it.
FEWEST_ON_A_CLIP = 3
# Coarse enough that the sums cannot be traced to the persons who add up to them.
LABELS_TO, DIGITS, SHARE_DIGITS = 10, 2, 2
BATCH = 1000
AGGREGATORS = {one.name: one for one in (*CANDIDATES, *FOR_ORDERED, *OTHERS)}


def checked(given: Any) -> list[dict[str, str]]:
    """Return the answers that may be chosen, as {value, text}; none where nothing is asked."""
    if given == []:
        return []
    found = options.listed("group_options", given, FEWEST, MOST)
    if any(option["value"] == NOT_SAID for option in found):
        raise InvalidQuestion(
            "{key}: {given} is always offered; leave it out.", key="group_options", given=NOT_SAID
        )
    return [{"value": option["value"], "text": option["text"]} for option in found]


def incomplete(prompt: str, offered: list[dict[str, str]]) -> dict[str, str]:
    """Say what a question about the annotator lacks, by field."""
    if prompt and not offered:
        return {"group_options": _("Give the answers to group_prompt, or leave both out.")}
    if offered and not prompt:
        return {"group_prompt": _("Give the question to group_options, or leave both out.")}
    return {}


def asked_of(user: User) -> QuerySet[Member]:
    """Return the annotator's seats in campaigns that ask about themselves."""
    found = Member.objects.filter(user=user).exclude(campaign__group_prompt="")
    return found.select_related("campaign").order_by("pk")


@transaction.atomic
def answer(campaign: Campaign, user: User, said: str) -> None:
    """Keep what a member says of themselves; "" leaves it, NOT_SAID takes it back.

    The log keeps that it was said, changed or taken back, and not what: it cannot be erased.
    """
    if not campaign.group_prompt:
        return
    # A fit that runs meanwhile holds the campaign: it has read all answers or reads this one.
    Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
    member = Member.objects.select_for_update(no_key=True).get(campaign=campaign, user=user)
    now = {"": member.group, NOT_SAID: ""}.get(said, said)
    before, member.group, member.group_asked = member.group, now, True
    member.save(update_fields=["group", "group_asked"])
    if now != before:
        record(user, f"member.group-{_deed(before, now)}", member)
    if before and now != before:
        forget(campaign)


def forget(campaign: Campaign) -> None:
    """Delete all that was computed by group, and ask for a full fit that says it anew."""
    GroupConsensus.objects.filter(fit__campaign=campaign).delete()
    campaign.fits.exclude(groups=[]).update(groups=[])
    enqueue("consensus", key=f"consensus:{campaign.pk}:True", campaign=campaign.pk, settle=True)


def write(row: Fit, said: Heard, chosen: Fitted) -> None:
    """Store a fit's weights by group, and the distributions of groups that stand apart."""
    stale = GroupConsensus.objects.filter(fit__campaign=row.campaign_id)
    stale.filter(fit__population=row.population).exclude(fit=row).delete()
    group = _large_groups(row.campaign, said)
    if not (group >= 0).any():
        return
    values = [option["value"] for option in row.campaign.group_options]
    found = by_group(said.answers, chosen.weights, group, len(values))
    shown = np.flatnonzero(found.raters >= ENOUGH_RATERS)
    apart = [verdict is Publish.BY_GROUP for verdict in found.verdicts()]
    row.groups = [
        {
            "group": values[i],
            "n_raters": int(found.raters[i]),
            "n_labels": int(found.labels[i]) // LABELS_TO * LABELS_TO,
            "mean_weight": _number(found.weight[i]),
            "low": _number(max(found.low[i], 0.0)),
            "high": _number(min(found.high[i], 1.0)),
            "ratio": _number(found.ratio[i]),
            "published_apart": apart[i],
        }
        for i in shown
    ]
    row.save(update_fields=["groups"])
    for i in shown:
        if apart[i]:
            mine = group[said.answers.annotator] == i
            rows = _consensuses(row, said, mine, values[i])
            GroupConsensus.objects.bulk_create(rows, batch_size=BATCH)


def _large_groups(campaign: Campaign, said: Heard) -> Ints:
    """Return each annotator's group by number, (n_annotators,).

    It is -1 where none was said, and for groups of so few that a figure would speak of persons.
    """
    number = {option["value"]: i for i, option in enumerate(campaign.group_options)}
    members = campaign.members.exclude(group="").values_list("user", "group")
    group_of = {user: number.get(group, -1) for user, group in members}
    groups = np.array([group_of.get(one, -1) for one in said.annotators], dtype=np.int64)
    heard = said.answers.labels_per_annotator > 0
    raters = np.bincount(groups[heard & (groups >= 0)], minlength=len(number))
    small = np.flatnonzero(raters < ENOUGH_RATERS)
    return np.where(np.isin(groups, small), -1, groups)


def _consensuses(
    row: Fit, said: Heard, mine: np.ndarray[Any, Any], group: str
) -> Iterator[GroupConsensus]:
    alone = said.answers.subset(mine)
    distribution = AGGREGATORS[row.aggregator].fit(alone).distribution
    n = alone.labels_per_task
    others = said.answers.labels_per_task - n
    for i in np.flatnonzero((n >= FEWEST_ON_A_CLIP) & (others >= FEWEST_ON_A_CLIP)):
        yield GroupConsensus(
            fit=row,
            task_id=said.tasks[i],
            group=group,
            distribution=[round(float(p), SHARE_DIGITS) for p in distribution[i]],
            n_labels=int(n[i]),
        )


def _deed(before: str, now: str) -> str:
    if not before:
        return "given"
    return "changed" if now else "withdrawn"


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, DIGITS)
