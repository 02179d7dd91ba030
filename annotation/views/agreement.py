"""The page about how far people agree, on what, and what more labels would buy."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from annotation import comparing, reports, reports_agreement, scheme, slicing
from annotation.agreement.alpha import labels_needed
from annotation.agreement.anchors import Anchor, matched
from annotation.agreement.more_labels import Gain
from annotation.models import Campaign, Fit, Kind
from annotation.reports_agreement import Agreement, Part
from annotation.views import heat, line_charts
from annotation.views.access import managed_campaign
from annotation.views.charts import Span

RELIABILITIES = (0.8, 0.9)
GROUPS = {
    slicing.KIND: _("Kind of clip"),
    slicing.LENGTH: _("Length of the clip"),
    slicing.FLAGGED: _("Flags"),
    slicing.PICKED: _("Why the clip was asked about"),
    slicing.PERSON: _("Person in the clip"),
    "population": _("Who answers"),
}
NAMES = {
    "short": _("under 3 seconds"),
    "medium": _("3 to 10 seconds"),
    "long": _("10 seconds and longer"),
    "yes": _("flagged"),
    "no": _("not flagged"),
    "chance": _("picked by chance"),
    "learner": _("picked by the learner"),
    **dict(Kind.choices),
}
SHOWN = {
    "voice": _("voice"),
    "silent face": _("face, silent"),
    "face and voice": _("face and voice"),
    "photographs": _("photographs of faces"),
}
ASKED = {
    "acted emotion": _("which emotion an actor shows"),
    "emotion in faces": _("which emotion a face from the web shows"),
}


@login_required
@never_cache
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    """Show alpha over time, by answer and by part, beside anchors, and what labels would buy."""
    campaign = managed_campaign(request, pk)
    fit = reports.latest_fit(campaign)
    context: dict[str, Any] = {
        "campaign": campaign,
        "fit": fit,
        "compares": comparing.compares(campaign),
        "has_categories": bool(scheme.options(campaign.scheme.questions)),
        "split_half": fit.parameters.get("split_half") if fit else None,
    }
    found = reports_agreement.agreement_of(campaign, fit)
    if fit and found:
        context |= _history(campaign) | _told(campaign, fit, found)
    return render(request, "annotation/agreement.html", context)


def _history(campaign: Campaign) -> dict[str, Any]:
    rows = reports_agreement.history(campaign)
    chart = line_charts.alpha(rows) if len(rows) > 1 else ""
    return {"history": rows[::-1], "history_chart": chart}


def _told(campaign: Campaign, fit: Fit, found: Agreement) -> dict[str, Any]:
    texts = [option["text"] for option in scheme.options(campaign.scheme.questions)]
    return {
        "found": found,
        "needed": _needed(fit),
        "anchors": [_anchor(anchor) for anchor in matched(found.kinds, len(texts))],
        "answers": sorted(map(_part, found.answers), key=lambda row: -(row["part"].alpha or -1)),
        "groups": _groups([*found.parts, *_populations(campaign)]),
        "texts": texts,
        "heat": heat.of_ratios(found.confusion, texts),
        "legend": heat.legend(heat.RATIOS),
        "most_confused": heat.most_confused(found.confusion, texts),
        "open_told": _open_told(found.still_open),
        "done_told": _done_told(found.done),
        "fewest": reports_agreement.FEWEST_CLIPS,
    }


def _needed(fit: Fit) -> list[dict[str, Any]]:
    """Return the labels a clip needs to be told apart so reliably, with their interval."""
    return [
        {
            "reliability": reliability,
            "labels": _labels(fit.alpha, reliability),
            "least": _labels(fit.alpha_high, reliability),
            "most": _labels(fit.alpha_low, reliability),
        }
        for reliability in RELIABILITIES
    ]


def _labels(alpha: float | None, reliability: float) -> float | None:
    """Return the labels needed at this alpha; None where no number of them would do."""
    return labels_needed(alpha, reliability) if alpha is not None and 0 < alpha < 1 else None


def _anchor(anchor: Anchor) -> dict[str, Any]:
    told = {"shown": SHOWN[anchor.shown], "asked": ASKED[anchor.asked]}
    return {"anchor": anchor, "span": Span(anchor.alpha, None, None), **told}


def _populations(campaign: Campaign) -> list[Part]:
    fits = reports_agreement.populations(campaign)
    if len(fits) < 2:
        return []
    return [
        Part(
            "population", str(fit.get_population_display()),
            fit.n_labels, fit.n_tasks, fit.alpha, fit.alpha_low, fit.alpha_high,
        )
        for fit in fits
    ]  # fmt: skip


def _groups(parts: list[Part]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for part in parts:
        groups.setdefault(part.group, []).append(_part(part))
    return [
        {
            "name": GROUPS.get(group) or group.removeprefix("="),
            "rows": rows,
            "tells": any(row["span"] for row in rows),
        }
        for group, rows in groups.items()
    ]


def _part(part: Part) -> dict[str, Any]:
    # Names of attributes and answers are the researcher's own words.
    own = part.group.startswith("=") or part.group in {"answer", slicing.PERSON}
    name = part.name if own else NAMES.get(part.name, part.name)
    span = None if part.alpha is None else Span(part.alpha, part.low, part.high)
    return {"part": part, "name": name, "span": span}


def _open_told(gains: list[Gain]) -> str:
    """Say in a sentence what one more label on each open clip would buy."""
    if not gains:
        return ""
    now, one = gains[0], gains[1]
    return ngettext(
        "One more label on the one open clip: what is not known of its distribution would fall "
        "from %(before)s to %(after)s nats, and %(settled)s clips would settle.",
        "One more label on each of the %(n)s open clips costs %(n)s labels: about %(settled)s of "
        "them would settle, and what is not known of a clip’s distribution would fall from "
        "%(before)s to %(after)s nats.",
        one.cost,
    ) % {
        "n": one.cost,
        "settled": number_format(max(one.settled - now.settled, 0.0), 1),
        "before": number_format(now.information, 3),
        "after": number_format(one.information, 3),
    }


def _done_told(gains: list[Gain]) -> str:
    """Say in a sentence what one more label on each clip that is done would buy."""
    if not gains:
        return ""
    return ngettext(
        "On the one clip that is done it would fall from %(before)s to %(after)s.",
        "On the %(n)s clips that are done it would fall from %(before)s to %(after)s.",
        gains[1].cost,
    ) % {
        "n": gains[1].cost,
        "before": number_format(gains[0].information, 3),
        "after": number_format(gains[1].information, 3),
    }
