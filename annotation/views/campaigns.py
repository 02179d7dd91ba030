"""Pages of a researcher's campaigns: the list, launching, one campaign and its figures."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from annotation import alarms, comparing, exposure, launching, scheme, support
from annotation.export import FORMATS
from annotation.models import Campaign, CampaignState, Collection
from annotation.views import figures
from annotation.views.access import managed_campaign, researcher
from annotation.views.forms import GuestsForm, LaunchForm
from consent.models import Purpose

PAGE_SIZE = 30
NO_CONTENT = 204
CHANGES = {"start": launching.start, "pause": launching.pause, "finish": launching.finish}
# What an address may fill in beforehand, as a plan does.
PREFILLED = ("collection", "redundancy", "most_labels", "strategy")
SHOWN_ONCE = "invitation-link"


@login_required
def campaigns(request: HttpRequest) -> HttpResponse:
    """List the campaigns that the person manages."""
    mine = Campaign.objects.managed_by(researcher(request)).select_related("collection", "owner")
    counted = mine.annotate(n_labels=Sum("members__labelled")).order_by("-pk")
    page = Paginator(counted, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "annotation/campaigns.html", {"page": page})


@login_required
def launch(request: HttpRequest) -> HttpResponse:
    """Make a draft of a campaign from the form."""
    user = researcher(request)
    given = {name: request.GET[name] for name in PREFILLED if name in request.GET}
    initial = {"purpose": Purpose.AFFECTIVE_SCIENCE, **given}
    form = LaunchForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        campaign = launching.create_campaign(
            form.settings(), form.cleaned_data["questions"], user, form.cleaned_data["perspective"]
        )
        return redirect("annotation:campaign", campaign.pk)
    context = {"form": form, "preview": _preview(form)}
    return render(request, "annotation/launch.html", context)


@login_required
@require_POST
def launch_preview(request: HttpRequest) -> HttpResponse:
    """Show what annotators would see, and how many clips may be used."""
    researcher(request)
    context = {"preview": _preview(LaunchForm(request.POST))}
    return render(request, "annotation/_launch_preview.html", context)


def _preview(form: LaunchForm) -> dict[str, Any]:
    """Return what can be told of a campaign from a form that may be half filled in."""
    if not form.is_bound:
        return {}
    form.is_valid()
    given = form.cleaned_data
    preview: dict[str, Any] = {"prompt": given.get("question", "")}
    if questions := given.get("questions"):
        preview["questions"] = scheme.draw(questions, {})
    collection, purpose = given.get("collection"), given.get("purpose")
    if isinstance(collection, Collection) and purpose:
        preview["clips"] = launching.preview(collection, purpose)
        n_tasks = comparing.expected(preview["clips"].cleared, given.get("questions") or [{}])
        preview["labels"] = n_tasks * (given.get("redundancy") or 0)
    return preview


@login_required
@never_cache
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one campaign: its state, its figures, its exports."""
    found = managed_campaign(request, pk)
    return render(
        request,
        "annotation/campaign.html",
        {
            **_figures(request, found),
            "guests": GuestsForm(),
            "link": request.session.pop(SHOWN_ONCE, ""),
            "formats": FORMATS,
            "exports": found.exports.all()[:10],
            "questions": scheme.draw(found.scheme.questions, {}),
            "exposed": exposure.totals(found),
            "stopped": exposure.stopped_clips(found),
            "support": support.of(found),
            "has_categories": scheme.category_question(found.scheme.questions) is not None,
            "alarms_waiting": alarms.waiting(found),
        },
    )


@login_required
@never_cache
def campaign_figures(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the figures again, if any of them may have changed."""
    found = managed_campaign(request, pk)
    if request.GET.get("seen") == figures.stamp(found):
        return HttpResponse(status=NO_CONTENT)
    return render(request, "annotation/_figures.html", _figures(request, found))


def _figures(request: HttpRequest, found: Campaign) -> dict[str, Any]:
    user = researcher(request)
    return {
        "campaign": found,
        "stamp": figures.stamp(found),
        "is_over": found.state == CampaignState.FINISHED,
        **figures.all_of(found, user),
    }


@login_required
@require_POST
def campaign_state(request: HttpRequest, pk: int) -> HttpResponse:
    """Start, pause or finish a campaign."""
    found = managed_campaign(request, pk)
    change = CHANGES.get(request.POST.get("change", ""))
    if change is not None:
        try:
            change(found, researcher(request))
        except launching.NotPossibleError as error:
            messages.error(request, str(error))
    return redirect("annotation:campaign", found.pk)
