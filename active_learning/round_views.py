"""One round: what it learned from, how good its learner is, and its model card."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from active_learning import cards, charts, telling
from active_learning.models import Round
from active_learning.slice_limits import LEAST_CLIPS, LEAST_PERSONS
from annotation.models import Campaign
from annotation.views.access import managed_campaign
from consent.models import Purpose


@login_required
@never_cache
def round_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show one round."""
    campaign = managed_campaign(request, pk)
    row = get_object_or_404(campaign.rounds.all(), number=number)
    context = {"campaign": campaign, "round": row, **_neighbours(campaign, number), **_told(row)}
    return render(request, "active_learning/round.html", context)


@login_required
@never_cache
def card_page(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show the model card of a round."""
    campaign = managed_campaign(request, pk)
    row = get_object_or_404(campaign.rounds.done(), number=number)
    context = {"campaign": campaign, "round": row, "sections": cards.sections(row)}
    return render(request, "active_learning/card.html", context)


@login_required
@never_cache
def card_file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Hand out the model card of a round as Markdown."""
    campaign = managed_campaign(request, pk)
    row = get_object_or_404(campaign.rounds.done(), number=number)
    answer = HttpResponse(cards.markdown(row), content_type="text/markdown; charset=utf-8")
    name = f"model-card-{campaign.pk}-{number}.md"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _neighbours(campaign: Campaign, number: int) -> dict[str, Any]:
    rounds = campaign.rounds.order_by("number")
    return {
        "before": rounds.filter(number__lt=number).last(),
        "after": rounds.filter(number__gt=number).first(),
    }


def _told(row: Round) -> dict[str, Any]:
    sources, table = telling.table(row)
    bins = [one for one in row.metrics.get("calibration", []) if one["n"]]
    return {
        "judged": telling.is_judged(row),
        "best": telling.best(row),
        "sources": sources,
        "table": table,
        "bins": bins,
        "diagram": charts.reliability(bins) if bins else "",
        "groups": telling.parts(row),
        "slope": telling.slope(row),
        "steps": telling.steps(row),
        "picking": telling.picking(row),
        "purpose": dict(Purpose.choices).get(row.manifest.get("purpose", ""), ""),
        "least_clips": LEAST_CLIPS,
        "least_persons": LEAST_PERSONS,
    }
