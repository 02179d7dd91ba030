"""The learning rounds of a campaign: how good the learner got, and running one now."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from active_learning import charts, proposal_views, telling, triggering
from active_learning.models import Round, RoundState
from annotation.launching import NotPossibleError
from annotation.models import Campaign, CampaignState
from annotation.views.access import managed_campaign, person
from jobs.models import Job

MOST_ROUNDS = 200
NO_CONTENT = 204


@login_required
@never_cache
def rounds(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rounds; the part that changes alone for htmx. A POST asks for a round."""
    campaign = managed_campaign(request, pk)
    if request.method == "POST":
        _ask(request, campaign)
        return redirect("annotation:campaign", campaign.pk)
    rows = list(campaign.rounds.order_by("number")[:MOST_ROUNDS])
    job = Job.objects.filter(dedupe_key=triggering.key(campaign)).order_by("-pk").first()
    stamp = f"{_stamp(rows, job)}.{proposal_views.stamp(campaign)}"
    if request.GET.get("seen") == stamp:
        return HttpResponse(status=NO_CONTENT)
    context = {"campaign": campaign, "stamp": stamp, **_described(campaign, rows, job)}
    partial = bool(request.headers.get("HX-Request"))
    name = "active_learning/_rounds.html" if partial else "active_learning/rounds.html"
    return render(request, name, context)


def _ask(request: HttpRequest, campaign: Campaign) -> None:
    try:
        triggering.request(campaign, person(request))
    except NotPossibleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("A round is on its way. Its result appears under Learning."))


def _described(campaign: Campaign, rows: list[Round], job: Job | None) -> dict[str, Any]:
    judged = [row for row in rows if (row.metrics.get("accuracy") or {}).get("value") is not None]
    compared = [row for row in rows if row.metrics.get("control")]
    latest = rows[-1] if rows else None
    return {
        "rounds": list(reversed(rows)),
        "last": judged[-1] if judged else None,
        "failed": latest if latest and latest.state == RoundState.FAILED else None,
        "cold_start": latest.metrics.get("cold_start", "") if latest else "",
        "curve": charts.learning_curve(judged) if len(judged) > 1 else "",
        "compared": compared,
        "arms": charts.arms(compared) if len(compared) > 1 else "",
        "picking": telling.picking(judged[-1]) if judged else "",
        "proposals": proposal_views.shown(campaign),
        "job": job if job and not job.is_over else None,
        "why_off": triggering.why_off(campaign),
        "can_run": campaign.state != CampaignState.DRAFT and not triggering.why_off(campaign),
    }


def _stamp(rows: list[Round], job: Job | None) -> str:
    """Return a word that changes whenever what is shown may have changed."""
    last = rows[-1] if rows else None
    return ".".join(
        [
            f"{len(rows)}-{last.state}-{last.step}" if last else "0",
            f"{job.state}-{job.progress:.2f}" if job else "",
        ]
    )
