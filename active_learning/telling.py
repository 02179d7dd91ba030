"""The figures of one round in the order and the words in which people read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from active_learning.models import Round, Step
from annotation.models import Kind
from annotation.views.charts import Span

METRICS = {
    "accuracy": (
        gettext_lazy("Accuracy"),
        gettext_lazy("the likeliest answer is the one that most people gave"),
    ),
    "soft_accuracy": (
        gettext_lazy("Agreement with single people"),
        gettext_lazy("the share of people who gave the likeliest answer"),
    ),
    "log_loss": (
        gettext_lazy("Log-loss"),
        gettext_lazy("distance from the whole distribution of answers, in nats; less is better"),
    ),
    "brier": (
        gettext_lazy("Brier score"),
        gettext_lazy("the squared distance, 0 to 2; less is better"),
    ),
    "calibration_error": (
        gettext_lazy("Calibration error"),
        gettext_lazy("how far it is surer, or less sure, than it is right; few clips raise it"),
    ),
    "debiased_calibration_error": (
        gettext_lazy("The same, less what chance adds"),
        gettext_lazy("root mean square over the ten bins"),
    ),
    "base_rate_accuracy": (
        gettext_lazy("Always the commonest answer"),
        gettext_lazy("what accuracy has to beat"),
    ),
}
SOURCES = ("test", "crossed", "foretold", "lure")
BY = {
    "kind": gettext_lazy("Kind of clip"),
    "ambiguity": gettext_lazy("How far people agree on the clip"),
    "intensity": gettext_lazy("How strong the feeling is"),
}
NAMES = {
    "clear": gettext_lazy("clear"),
    "ambiguous": gettext_lazy("ambiguous"),
    "weak": gettext_lazy("weaker half"),
    "strong": gettext_lazy("stronger half"),
    **dict(Kind.choices),
}


@dataclass(frozen=True)
class Row:
    """A metric, and its figure from each kind of clips."""

    name: str
    what: str
    figures: list[dict[str, Any] | None]


@dataclass(frozen=True)
class Part:
    """A slice of the clips."""

    name: str
    figures: dict[str, Any]
    span: Span | None


def best(row: Round) -> dict[str, Any]:
    """Return the metrics to be told first: of people kept apart, or else cross-fitted."""
    metrics: dict[str, Any] = row.metrics
    return metrics.get("test") or metrics


def is_judged(row: Round) -> bool:
    return (best(row).get("accuracy") or {}).get("value") is not None


def table(row: Round) -> tuple[list[str], list[Row]]:
    """Return the sources that know anything, and every metric from each of them."""
    known = {**row.metrics, "crossed": row.metrics}
    sources = [s for s in SOURCES if any(_figure(known.get(s) or {}, name) for name in METRICS)]
    rows = [
        Row(str(name), str(what), [_figure(known[source], key) for source in sources])
        for key, (name, what) in METRICS.items()
    ]
    return sources, [told for told in rows if any(told.figures)]


def _figure(metrics: dict[str, Any], name: str) -> dict[str, Any] | None:
    figure: dict[str, Any] | None = metrics.get(name)
    return figure if figure and figure.get("value") is not None else None


def parts(row: Round) -> list[dict[str, Any]]:
    """Return the slices by what they are grouped by."""
    groups: dict[str, list[Part]] = {}
    for found in row.metrics.get("slices", []):
        groups.setdefault(found["by"], []).append(_part(found))
    return [
        {
            "name": BY.get(by, by),
            "rows": rows,
            "tells": any(part.span for part in rows),
        }
        for by, rows in groups.items()
    ]


def _part(found: dict[str, Any]) -> Part:
    # Values of the researcher's own attributes are their words.
    name = str(NAMES.get(found["name"], found["name"])) if found["by"] in BY else found["name"]
    accuracy = found["accuracy"]
    if accuracy["value"] is None:
        return Part(name, found, None)
    return Part(name, found, Span(accuracy["value"], accuracy["low"], accuracy["high"]))


def picking(row: Round) -> str:
    """Say what choosing clips bought against chance, with the interval; "" where unknown."""
    control = row.metrics.get("control") or {}
    difference = (control.get("difference") or {}).get("value")
    if difference is None:
        return ""
    if control["difference"]["low"] == control["difference"]["high"] == 0:
        return _(
            "A learner from %(clips)s clips that the strategy chose and one from as many clips "
            "picked by chance are right about the very same clips so far."
        ) % {"clips": number_format(control["n_clips"], force_grouping=True)}
    told = _told_difference(control["difference"])
    return told % {
        "points": points(abs(difference)),
        "clips": number_format(control["n_clips"], force_grouping=True),
        "low": points(control["difference"]["low"]),
        "high": points(control["difference"]["high"]),
    }


def _told_difference(figure: dict[str, Any]) -> str:
    low, high = figure["low"], figure["high"]
    if low is not None and low > 0:
        return _(
            "A learner from %(clips)s clips that the strategy chose is right %(points)s points "
            "more often than one from as many clips picked by chance (%(low)s to %(high)s)."
        )
    if high is not None and high < 0:
        return _(
            "A learner from %(clips)s clips that the strategy chose is right %(points)s points "
            "less often than one from as many clips picked by chance (%(low)s to %(high)s): "
            "picking by chance would do better here."
        )
    return _(
        "A learner from %(clips)s clips that the strategy chose and one from as many clips picked "
        "by chance cannot be told apart yet: the difference lies between %(low)s and %(high)s "
        "points."
    )


def points(share: float | None) -> str:
    """Return a share in points of a hundred, with one digit."""
    return "–" if share is None else rounded(100 * share, 1)


def rounded(value: float, digits: int = 3) -> str:
    """Return a number with so many digits; Django's own function would cut off the rest."""
    return number_format(round(value, digits), digits)


def steps(row: Round) -> list[tuple[str, float]]:
    """Return the steps that are over, each with the seconds that it took."""
    names = dict(Step.choices)
    over = [one for one in row.manifest.get("steps", []) if one["seconds"] is not None]
    return [(names.get(one["step"], one["step"]), one["seconds"]) for one in over]


def slope(row: Round) -> dict[str, str | int]:
    """Say in points what a thousand labels changed of late; {} where that is not known."""
    found = row.metrics.get("recommendation", {}).get("slope", {})
    if found.get("value") is None:
        return {}
    told = {end: rounded(100 * found[end], 2) for end in ("value", "low", "high")}
    return {**told, "n": found["n"]}
