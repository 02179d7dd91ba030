"""What people decide about a proposal, and how one stands."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from active_learning.models import Proposal, ProposalState
from active_learning.sureness import LEAST_RIGHT, at_least, at_most
from annotation import closing, lowering, scheme
from annotation.launching import NotPossibleError
from annotation.models import CampaignState, Consensus
from audit.log import record

BATCH = 500


@transaction.atomic
def accept(proposal: Proposal, actor: User) -> int:
    """Ask one person about the proposed clips that are not kept; return how many those are.

    Raises:
        NotPossibleError: it does not wait any more, or the campaign is over.
    """
    held = _held(proposal, ProposalState.WAITING)
    tasks = held.tasks.filter(kept=False)
    lowered = lowering.lower(held.campaign, dict(tasks.values_list("task", "foretold")))
    for start in range(0, len(lowered), BATCH):
        tasks.filter(task__in=lowered[start : start + BATCH]).update(lowered=True)
    _decide(held, ProposalState.ACCEPTED, actor, lowered=len(lowered))
    return len(lowered)


@transaction.atomic
def decline(proposal: Proposal, actor: User) -> None:
    """Leave all labels as they are.

    Raises:
        NotPossibleError: it does not wait any more, or the campaign is over.
    """
    _decide(_held(proposal, ProposalState.WAITING), ProposalState.DECLINED, actor)


@transaction.atomic
def take_back(proposal: Proposal, actor: User) -> int:
    """Ask for all labels of what it lowered; return of how many clips.

    Raises:
        NotPossibleError: it was not accepted, or the campaign is over.
    """
    held = _held(proposal, ProposalState.ACCEPTED)
    tasks = list(held.tasks.filter(lowered=True).values_list("task", flat=True))
    restored = sum(
        lowering.restore(held.campaign, tasks[start : start + BATCH])
        for start in range(0, len(tasks), BATCH)
    )
    _decide(held, ProposalState.TAKEN_BACK, actor, restored=restored)
    return restored


DECISIONS = {"accept": accept, "decline": decline, "take-back": take_back}


def _held(proposal: Proposal, state: ProposalState) -> Proposal:
    held = Proposal.objects.select_for_update(of=("self",)).select_related("campaign")
    found = held.get(pk=proposal.pk)
    if found.state != state:
        raise NotPossibleError(
            _("This proposal is “%(state)s” by now. Look at it again.")
            % {"state": found.get_state_display()}
        )
    if found.campaign.state == CampaignState.FINISHED:
        raise NotPossibleError(_("The campaign is over; nobody is asked any more."))
    return found


def _decide(held: Proposal, state: ProposalState, actor: User, **counts: int) -> None:
    held.state, held.decided_by, held.decided_at = state, actor, timezone.now()
    held.save(update_fields=["state", "decided_by", "decided_at"])
    record(actor, f"proposal.{state}", held, campaign=held.campaign_id, **counts)


@dataclass(frozen=True)
class Standing:
    """Counts of clips; `right` of the `checked` ones, surely from `low` to `high`.

    `answered` and `contradicted` are of the lowered clips, `checked` of those kept that have all
    their labels. `doubtful`: the learner is surely right less often than was asked of it.
    """

    clips: int
    kept: int
    lowered: int
    saves: int
    answered: int
    contradicted: int
    checked: int
    right: int
    low: float | None
    high: float | None
    doubtful: bool


def standing(proposal: Proposal) -> Standing:
    """Return how a proposal stands."""
    counted = proposal.tasks.alias(heard=Exists(_said(proposal, 1))).aggregate(
        n_clips=Count("pk"),
        n_kept=Count("pk", filter=Q(kept=True)),
        n_lowered=Count("pk", filter=Q(lowered=True)),
        answered=Count("pk", filter=Q(lowered=True, heard=True)),
        contradicted=Count("pk", filter=Q(lowered=True, heard=True, task__foretold="")),
    )
    waits = proposal.state == ProposalState.WAITING
    clips, kept = counted.pop("n_clips"), counted.pop("n_kept")
    lowered = counted.pop("n_lowered")
    asked_of_one = clips - kept if waits else lowered
    checked, right = _checked(proposal)
    high = at_most(right, checked) if checked else None
    return Standing(
        clips=clips,
        kept=kept,
        lowered=lowered,
        **counted,
        saves=asked_of_one * (proposal.campaign.redundancy - 1),
        checked=checked,
        right=right,
        low=at_least(right, checked) if checked else None,
        high=high,
        doubtful=high is not None and high < LEAST_RIGHT,
    )


def _said(proposal: Proposal, labels: int) -> QuerySet[Consensus]:
    """Return what so many labels or more say of a task of the proposal."""
    population = closing.decisive(proposal.campaign)
    return Consensus.objects.filter(
        task=OuterRef("task"), population=population, n_labels__gte=labels
    )


def _checked(proposal: Proposal) -> tuple[int, int]:
    """Return how many kept clips have all their labels, and of how many the learner was right."""
    campaign = proposal.campaign
    full = _said(proposal, campaign.redundancy).values("distribution")[:1]
    rows = proposal.tasks.filter(kept=True).annotate(said=Subquery(full)).exclude(said=None)
    options = scheme.categories(campaign.scheme.questions)
    told = [
        foretold == options[shares.index(max(shares))]
        for foretold, shares in rows.values_list("foretold", "said")
    ]
    return len(told), sum(told)
