"""Pages of what the crowd could not settle: a list of cases, and each case with its decision."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from annotation import adjudicating, media_links, scheme
from annotation.models import Campaign, Consensus, Task
from annotation.views.access import managed_campaign, open_campaign, person
from annotation.views.charts import Span

PER_PAGE = 50
MIXTURE = "-"


class DecisionForm(forms.Form):
    """One of the campaign's answers, or none, and why."""

    category = forms.ChoiceField(
        label=gettext_lazy("Your decision"), widget=forms.RadioSelect, required=True
    )
    rationale = forms.CharField(
        label=gettext_lazy("Why"),
        min_length=adjudicating.SHORTEST,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=gettext_lazy("What you saw that others may have missed. It is exported."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = scheme.options(campaign.scheme.questions)
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            *((option["value"], option["text"]) for option in offered),
            (MIXTURE, _("No one answer: the mixture stands")),
        ]

    @property
    def decided(self) -> str:
        """The category, empty for a mixture."""
        chosen: str = self.cleaned_data["category"]
        return "" if chosen == MIXTURE else chosen


@login_required
@never_cache
def cases(request: HttpRequest, pk: int) -> HttpResponse:
    """List what went to experts, what waits for a decision first."""
    campaign, reader = _campaign(request, pk)
    found = adjudicating.cases(campaign).select_related("clip").prefetch_related("adjudications")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    texts = _texts(campaign)
    rows = [
        {
            "task": task,
            "decided": [texts.get(one.category, "") for one in task.adjudications.all()][:1],
            "may_open": not reader.is_expert or adjudicating.has_answered(task, reader),
        }
        for task in page
    ]
    context = {"campaign": campaign, "rows": rows, "page": page, "is_expert": reader.is_expert}
    return render(request, "annotation/cases.html", context)


@login_required
@never_cache
def case(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Show a case to an expert who has answered, or to a manager; take an expert's decision."""
    campaign, reader = _campaign(request, pk)
    task = get_object_or_404(adjudicating.cases(campaign).select_related("clip"), pk=task_pk)
    task.campaign = campaign
    try:
        found = adjudicating.case(task, reader)
    except adjudicating.NotPossibleError as error:
        messages.error(request, str(error))
        return redirect("annotation:cases", campaign.pk)
    form = DecisionForm(request.POST or None, campaign=campaign)
    if request.method == "POST":
        if not reader.is_expert:
            raise PermissionDenied
        if form.is_valid() and _decide(request, task, reader, form):
            return redirect("annotation:cases", campaign.pk)
    context = {
        "campaign": campaign,
        "case": found,
        "form": form if reader.is_expert else None,
        "clip": task.clip,
        "media": media_links.media_url(task.pk, reader.pk),
        "poster": media_links.poster_url(task.pk, reader.pk) if task.clip.poster else "",
        "populations": [_shares(row, campaign) for row in found.consensuses],
        "texts": _texts(campaign),
    }
    return render(request, "annotation/case.html", context)


def _decide(request: HttpRequest, task: Task, expert: User, form: DecisionForm) -> bool:
    try:
        adjudicating.decide(task, expert, form.decided, form.cleaned_data["rationale"])
    except adjudicating.NotPossibleError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("Decided. The decision stands beside the labels."))
    return True


def _campaign(request: HttpRequest, pk: int) -> tuple[Campaign, User]:
    """Return the campaign to an expert whom it asks, or to who manages it."""
    reader = person(request)
    if reader.is_expert:
        return open_campaign(request, pk), reader
    return managed_campaign(request, pk), reader


def _texts(campaign: Campaign) -> dict[str, str]:
    texts = {o["value"]: o["text"] for o in scheme.options(campaign.scheme.questions)}
    return {**texts, "": _("No one answer: the mixture stands")}


def _shares(row: Consensus, campaign: Campaign) -> dict[str, Any]:
    texts = [option["text"] for option in scheme.options(campaign.scheme.questions)]
    pairs = sorted(zip(texts, row.distribution, strict=True), key=lambda pair: -pair[1])
    shares = [(text, share, Span(share, None, None).point) for text, share in pairs]
    return {"row": row, "name": row.get_population_display(), "shares": shares}
