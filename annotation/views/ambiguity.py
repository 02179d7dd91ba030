"""The gallery of the clips on which people differ most."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from annotation import comparing, reports, scheme
from annotation.agreement.states import RULES
from annotation.models import Campaign, Consensus, TaskState
from annotation.models.consensus import ConsensusQuerySet
from annotation.views import figures
from annotation.views.access import managed_campaign, person
from annotation.views.charts import Span

PAGE_SIZE = 24
FEWEST_LABELS = 2
STATES = (TaskState.MIXED, TaskState.AMBIGUOUS, TaskState.OPEN)


class WhichForm(forms.Form):
    """A state, and two answers that both have a share of the clip."""

    state = forms.ChoiceField(label=_("State"), required=False)
    one = forms.ChoiceField(label=_("An answer"), required=False)
    other = forms.ChoiceField(label=_("And another"), required=False)

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answers = [(o["value"], o["text"]) for o in scheme.options(campaign.scheme.questions)]
        states = [(state.value, state.label) for state in STATES]
        for name, choices in (("state", states), ("one", answers), ("other", answers)):
            self.fields[name].choices = [("", _("any")), *choices]  # type: ignore[attr-defined]


@login_required
@never_cache
def ambiguity(request: HttpRequest, pk: int) -> HttpResponse:
    """Show clips by how far people differ, of one state or with two answers if asked for."""
    campaign = managed_campaign(request, pk)
    form = WhichForm(request.GET, campaign=campaign)
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    found = _clips(campaign, chosen).most_ambiguous_first().select_related("task__clip")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    texts = [option["text"] for option in scheme.options(campaign.scheme.questions)]
    context = {
        "campaign": campaign,
        "compares": comparing.compares(campaign),
        "has_categories": bool(texts),
        "form": form,
        "page": page,
        "clips": [_clip(row, texts, person(request).pk) for row in page],
        "extra": f"&{urlencode(chosen)}" if chosen else "",
    }
    return render(request, "annotation/ambiguity.html", context)


def _clips(campaign: Campaign, chosen: dict[str, str]) -> ConsensusQuerySet:
    rows = Consensus.objects.consented().filter(
        task__campaign=campaign,
        population=reports.main_population(campaign),
        n_labels__gte=FEWEST_LABELS,
    )
    if state := chosen.get("state"):
        rows = rows.filter(state=state)
    places = scheme.categories(campaign.scheme.questions)
    for name in ("one", "other"):
        if name in chosen:
            place = places.index(chosen[name])
            rows = rows.filter(**{f"distribution__{place}__gte": RULES.share})
    return rows


def _clip(row: Consensus, texts: list[str], user: int) -> dict[str, Any]:
    shares = sorted(zip(texts, row.distribution, strict=True), key=lambda pair: -pair[1])
    return {
        "row": row,
        "clip": row.task.clip,
        "picture": figures.picture(row, user),
        "shares": [
            (text, share, Span(share, None, None).point) for text, share in shares if share >= 0.05
        ],
    }
