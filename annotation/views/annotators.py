"""Pages about annotators' labels: a table of all, and one with the reasons of their weight."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from annotation import comparing, quality, reports, reports_annotators, scheme
from annotation.agreement.others import FEWEST_LABELS, Beside
from annotation.models import Fit, Reliability
from annotation.views import heat, line_charts
from annotation.views.access import managed_campaign
from annotation.views.charts import Span

PAGE_SIZE = 50
COLUMNS = {
    "name": (gettext_lazy("Annotator"), ("annotator__name", "annotator__email"), ""),
    "reliability": (gettext_lazy("Reliability, 0 to 1, with its interval"), ("value",), "wide"),
    "weight": (gettext_lazy("Mean weight"), ("mean_weight",), "number"),
    "labels": (gettext_lazy("Labels"), ("n_labels",), "number"),
    "skips": (gettext_lazy("Skips"), ("n_skips",), "number"),
    "last": (gettext_lazy("Last label"), ("last_at",), ""),
}
FIRST = "-labels"
# These take every label as it is.
UNWEIGHING = ("majority", "smoothed_share")


@login_required
@never_cache
def annotators(request: HttpRequest, pk: int) -> HttpResponse:
    """List who labelled, in the order that is asked for, page by page."""
    campaign = managed_campaign(request, pk)
    order = request.GET.get("order", FIRST)
    if order.removeprefix("-") not in COLUMNS:
        order = FIRST
    down = "-" if order.startswith("-") else ""
    fields = [f"{down}{field}" for field in COLUMNS[order.removeprefix("-")][1]]
    found = reports_annotators.rows(campaign).order_by(*fields, "pk")
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    seconds = reports_annotators.median_seconds(campaign, [row.annotator_id for row in shown])
    rows = [
        {
            "row": row,
            "span": Span(row.value, row.low, row.high),
            "seconds": seconds.get(row.annotator_id),
        }
        for row in shown
    ]
    context = {
        "campaign": campaign,
        "compares": comparing.compares(campaign),
        "page": page,
        "rows": rows,
        "columns": [_column(name, order) for name in COLUMNS],
        "extra": f"&order={order}",
    }
    return render(request, "annotation/annotators.html", context)


def _column(name: str, order: str) -> dict[str, Any]:
    """Return a column's head: where its link leads, and how it is sorted now."""
    text, _fields, look = COLUMNS[name]
    here = order.removeprefix("-") == name
    sort = ("descending" if order.startswith("-") else "ascending") if here else ""
    # Names begin with A, numbers with the largest.
    first = name if name == "name" else f"-{name}"
    back = name if order.startswith("-") else f"-{name}"
    return {"text": text, "look": look, "sort": sort, "order": back if here else first}


@login_required
@never_cache
def annotator(request: HttpRequest, pk: int, user_pk: int) -> HttpResponse:
    """Show one annotator's labels, and why they weigh what they weigh."""
    campaign = managed_campaign(request, pk)
    labelled = User.objects.filter(labels__campaign=campaign).distinct()
    person = get_object_or_404(labelled, pk=user_pk)
    population = reports.main_population(campaign)
    row = Reliability.objects.filter(campaign=campaign, annotator=person, population=population)
    reliability = row.select_related("fit").first()
    record = reports_annotators.record_of(campaign, person)
    texts = [option["text"] for option in scheme.options(campaign.scheme.questions)]
    beside = record.beside
    context = {
        "campaign": campaign,
        "annotator": person,
        "reliability": reliability,
        "span": reliability and Span(reliability.value, reliability.low, reliability.high),
        "record": record,
        "why": _why(reliability.fit, beside, texts) if reliability and beside else [],
        "texts": texts,
        "heat": heat.of_shares(beside.confusion(), texts) if beside and beside.n else [],
        "legend": heat.legend(heat.SHARES, percent=True),
        "charts": _charts(record),
        "probed": quality.probed(campaign, person),
        "alarms": campaign.alarms.filter(annotator=person).prefetch_related("rulings"),
        "member": campaign.members.filter(user=person).first(),
    }
    return render(request, "annotation/annotator.html", context)


def _charts(record: reports_annotators.Record) -> list[dict[str, Any]]:
    """Return what is drawn in the order of the labels, each with the table behind it."""
    drawn = [
        (_("Weight of the labels"), _("mean weight"), record.weights),
        (_("Time on an answer"), _("median seconds"), record.paces),
    ]
    return [
        {"title": title, "of": of, "rows": found, "chart": line_charts.runs(found, of)}
        for title, of, found in drawn
        if len(found) > 1
    ]


def _why(fit: Fit, beside: Beside, texts: list[str]) -> list[str]:
    """Say why the labels weigh what they weigh, as far as the labels themselves show it."""
    if fit.aggregator in UNWEIGHING:
        return [_("The aggregator in use weighs all labels alike."), *_seen(beside, texts)]
    if beside.n < FEWEST_LABELS:
        return [
            _(
                "Too few labels on clips that others labelled, too: "
                "the weight starts at the average of all."
            )
        ]
    return _seen(beside, texts)


def _seen(beside: Beside, texts: list[str]) -> list[str]:
    told = []
    clear, same = beside.clear()
    if clear:
        told.append(
            _(
                "Where the others mostly say the same, the answers follow them "
                "%(same)s of %(n)s times."
            )
            % {"same": same, "n": clear}
        )
    used = beside.overused()
    if used is not None:
        told.append(
            _("“%(answer)s” is given %(times)s times as often as others give it on the same clips.")
            % {"answer": texts[used[0]], "times": number_format(used[1], 1)}
        )
    elif beside.n >= FEWEST_LABELS:
        told.append(_("No answer is given much more often than others give it on the same clips."))
    return told
