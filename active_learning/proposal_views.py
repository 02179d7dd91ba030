"""Deciding about a proposal of fewer labels, and what the page of the rounds says of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from active_learning import proposals
from active_learning.models import Proposal, ProposalState
from annotation.launching import NotPossibleError
from annotation.models import Campaign
from annotation.views.access import managed_campaign, person

SHOWN = [ProposalState.WAITING, ProposalState.ACCEPTED]


@login_required
@require_POST
def decide(request: HttpRequest, pk: int, key: int) -> HttpResponse:
    """Accept, decline or take back a proposal."""
    campaign = managed_campaign(request, pk)
    found = get_object_or_404(campaign.proposals.all(), pk=key)
    decision = proposals.DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        messages.error(request, _("Accept it, decline it, or take it back."))
    else:
        try:
            decision(found, person(request))
        except NotPossibleError as error:
            messages.error(request, str(error))
    return redirect("active_learning:rounds", campaign.pk)


def shown(campaign: Campaign) -> list[dict[str, Any]]:
    """Return what waits for a decision, and what is in force, the newest first."""
    rows = campaign.proposals.filter(state__in=SHOWN).select_related("round", "decided_by")
    return [{"row": row, **told(row)} for row in rows[:10]]


def told(row: Proposal) -> dict[str, Any]:
    """Return a proposal's figures, in per cent where they are shares."""
    evidence, standing = row.evidence, proposals.standing(row)
    return {
        "standing": standing,
        "confidence": 100 * evidence["confidence"],
        "n": evidence["n"],
        "right": 100 * evidence["right"],
        "low": 100 * evidence["low"],
        "checked_low": 100 * (standing.low or 0),
        "checked_high": 100 * (standing.high or 0),
    }


def stamp(campaign: Campaign) -> str:
    """Return a word that changes when a proposal comes or is decided about."""
    latest = campaign.proposals.values_list("pk", "state").first()
    return "-".join(map(str, latest)) if latest else ""
