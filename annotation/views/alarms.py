"""Pages of what somebody should look at: the list of alarms, and each with its decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from annotation import alarms as flow
from annotation import reports
from annotation.models import Alarm, Campaign, Outcome, Reliability
from annotation.models.alarm import WAITING
from annotation.views import evidence
from annotation.views.access import managed_campaign, person

PER_PAGE = 50


class RulingForm(forms.Form):
    """What follows, and why."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Your decision"), choices=Outcome.choices, widget=forms.RadioSelect
    )
    reasons = forms.CharField(
        label=gettext_lazy("Why"),
        min_length=flow.SHORTEST,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("The annotator reads this, and may object once."),
    )


@login_required
@never_cache
def alarms(request: HttpRequest, pk: int) -> HttpResponse:
    """List the campaign's alarms, those that wait first."""
    campaign = managed_campaign(request, pk)
    waits = Case(When(state__in=WAITING, then=0), default=1, output_field=IntegerField())
    found = campaign.alarms.select_related("annotator").prefetch_related("rulings")
    page = Paginator(found.order_by(waits, "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"alarm": alarm, "sentence": evidence.sentence(alarm)} for alarm in page]
    fit = reports.latest_fit(campaign)
    without = fit.agreement.get("without_flagged") if fit else None
    context = {"campaign": campaign, "rows": rows, "page": page, "fit": fit, "without": without}
    return render(request, "annotation/alarms.html", context)


@login_required
@never_cache
def alarm(request: HttpRequest, pk: int, alarm_pk: int) -> HttpResponse:
    """Show what an alarm stands on, and take a decision about it."""
    campaign = managed_campaign(request, pk)
    found = get_object_or_404(campaign.alarms.select_related("annotator"), pk=alarm_pk)
    found.campaign = campaign
    form = RulingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _rule(request, found, form)
    context = {
        "campaign": campaign,
        "alarm": found,
        "sentence": evidence.sentence(found),
        "answers": evidence.answers(found, person(request).pk),
        "rulings": found.rulings.select_related("made_by"),
        "facts": _facts(campaign, found),
        "form": form if found.is_waiting else None,
    }
    return render(request, "annotation/alarm.html", context)


def _rule(request: HttpRequest, found: Alarm, form: RulingForm) -> HttpResponse:
    try:
        flow.rule(found, person(request), **form.cleaned_data)
    except flow.NotPossibleError as error:
        messages.error(request, str(error))
        return redirect("annotation:alarm", found.campaign_id, found.pk)
    messages.success(request, _("Decided. The annotator can read it."))
    return redirect("annotation:alarms", found.campaign_id)


def _facts(campaign: Campaign, found: Alarm) -> dict[str, Any]:
    """Return what else there is to know of the annotator in this campaign."""
    return {
        "member": campaign.members.get(user=found.annotator_id),
        "reliability": Reliability.objects.filter(
            campaign=campaign, annotator=found.annotator_id
        ).first(),
        "others": campaign.alarms.filter(annotator=found.annotator_id).exclude(pk=found.pk),
    }
