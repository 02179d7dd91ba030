"""The page of clips of known reading: which there are, and how people answer them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from annotation import gold as flow
from annotation import heard, media_links, scheme
from annotation.gold import InvalidGoldError, Known
from annotation.models import Campaign, Gold, Probe
from annotation.views.access import managed_campaign, person

PER_PAGE = 50
# From so many answers on it is the reading that should be looked at, not those who answered.
ENOUGH_ANSWERS = 10
USES = [
    ("test", gettext_lazy("To test, unseen among other clips")),
    ("teach", gettext_lazy("To teach, with feedback, before the work")),
]


class SettledForm(forms.Form):
    """So many of the clips that labels have settled."""

    settled = forms.IntegerField(
        label=gettext_lazy("How many"), min_value=1, max_value=1000, initial=20
    )
    use = forms.ChoiceField(label=gettext_lazy("What for"), choices=USES, initial="test")


class KnownForm(forms.Form):
    """One clip by name, with a share for each answer."""

    clip = forms.CharField(
        label=gettext_lazy("Clip"), max_length=200, help_text=gettext_lazy("Its external id.")
    )
    use = forms.ChoiceField(label=gettext_lazy("What for"), choices=USES, initial="test")
    explanation = forms.CharField(
        label=gettext_lazy("What there is to see"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=gettext_lazy("Told after the answer, in the training."),
    )

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n, option in enumerate(scheme.options(campaign.scheme.questions)):
            self.fields[f"share_{n}"] = forms.FloatField(
                label=option["text"], min_value=0, max_value=100, required=False
            )
        self.values = scheme.categories(campaign.scheme.questions)

    @property
    def shares(self) -> list[Any]:
        """The fields of the answers."""
        return [self[f"share_{n}"] for n in range(len(self.values))]

    def known(self) -> Known:
        given = self.cleaned_data
        percents = [given[f"share_{n}"] or 0.0 for n in range(len(self.values))]
        reading = {value: p / 100 for value, p in zip(self.values, percents, strict=True) if p}
        teaches = given["use"] == "teach"
        return Known(given["clip"].strip(), reading, teaches, given["explanation"])


@login_required
@never_cache
def gold(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the campaign's known readings; take new ones."""
    campaign = managed_campaign(request, pk)
    has_categories = scheme.category_question(campaign.scheme.questions) is not None
    sent = request.POST if request.method == "POST" else None
    settled = SettledForm(sent if sent and "settled" in sent else None)
    named = KnownForm(sent if sent and "clip" in sent else None, campaign=campaign)
    if has_categories and sent is not None and _mark(request, campaign, settled, named):
        return redirect("annotation:gold", campaign.pk)
    shown = campaign.gold.filter(task__in=campaign.tasks.cleared()).select_related("task__clip")
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": campaign,
        "has_categories": has_categories,
        "settled": settled,
        "named": named,
        "rows": _rows(campaign, list(page), person(request).pk),
        "page": page,
    }
    return render(request, "annotation/gold.html", context)


@login_required
@require_POST
def unmark(request: HttpRequest, pk: int, task_pk: int) -> HttpResponse:
    """Put a clip back among those that are to be labelled."""
    campaign = managed_campaign(request, pk)
    row = get_object_or_404(campaign.gold.select_related("campaign"), task=task_pk)
    flow.unmark(row, person(request))
    messages.success(request, _("The clip is among the others again."))
    return redirect("annotation:gold", campaign.pk)


def _mark(request: HttpRequest, campaign: Campaign, settled: SettledForm, named: KnownForm) -> bool:
    form = settled if settled.is_bound else named
    if not form.is_bound or not form.is_valid():
        return False
    actor = person(request)
    try:
        if form is named:
            rows = flow.mark(campaign, [named.known()], actor)
        else:
            n, teaches = form.cleaned_data["settled"], form.cleaned_data["use"] == "teach"
            rows = flow.take_settled(campaign, n, actor, teaches=teaches)
    except InvalidGoldError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return False
    told = ngettext("%(n)d clip is known now.", "%(n)d clips are known now.", len(rows))
    messages.success(request, told % {"n": len(rows)})
    return True


def _rows(campaign: Campaign, page: list[Gold], reader: int) -> list[dict[str, Any]]:
    said = _said(campaign, [row.task_id for row in page])
    options = scheme.options(campaign.scheme.questions)
    texts = [option["text"] for option in options]
    text_of = {option["value"]: option["text"] for option in options}
    return [
        {
            "row": row,
            "clip": row.task.clip,
            "picture": _picture(row, reader),
            "reading": _shares(texts, row.distribution),
            "n": said[row.task_id].total(),
            "first": _first(said[row.task_id], text_of),
            "differs": _differs(said[row.task_id], options[row.stratum]["value"]),
        }
        for row in page
    ]


def _said(campaign: Campaign, tasks: list[int]) -> dict[int, Counter[str]]:
    """Count what people answered to each of the clips when they met it as a probe."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    question = scheme.category_question(campaign.scheme.questions)
    if question is None or not tasks:
        return counts
    probes = campaign.labels.probes(Probe.GOLD, Probe.TRAINING).filter(task__in=tasks)
    rows = heard.answered(probes, question).values_list("task", heard.category_at(question))
    for task, value in rows:
        counts[task][str(value)] += 1
    return counts


def _first(said: Counter[str], texts: dict[str, str]) -> str:
    return texts.get(said.most_common(1)[0][0], "") if said else ""


def _differs(said: Counter[str], expected: str) -> bool:
    return said.total() >= ENOUGH_ANSWERS and said.most_common(1)[0][0] != expected


def _shares(texts: list[str], distribution: list[float]) -> str:
    pairs = sorted(zip(texts, distribution, strict=True), key=lambda pair: -pair[1])
    return ", ".join(f"{text} {share:.0%}" for text, share in pairs[:3] if share > 0)


def _picture(row: Gold, reader: int) -> str:
    return media_links.poster_url(row.task_id, reader) if row.task.clip.poster else ""
