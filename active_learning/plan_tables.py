"""What the page of a plan shows of its answer: rows of figures in words, and the charts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.humanize.templatetags.humanize import intcomma
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from active_learning import plan_charts, plan_words
from active_learning.models import Plan
from annotation.models.campaign import Strategy

RANDOM = Strategy.RANDOM.value
Form = Callable[[float], str]
Result = dict[str, Any]


def described(plan: Plan) -> dict[str, Any]:
    """Return what the page shows of a plan that is done."""
    result: Result = plan.result or {}
    rows = [_row(plan, result, found) for found in result["scenarios"]]
    best = result["advice"]["scenario"]
    return {
        "advice": plan_words.advice(result),
        "beside": plan_words.beside(result),
        "aside": plan_words.aside(result),
        "assumptions": plan_words.assumptions(plan),
        "heads": [head for head, _name, _form in _columns()],
        "rows": rows,
        "best": rows[best],
        "accuracy_chart": plan_charts.bought(result, "accuracy"),
        "divergence_chart": plan_charts.bought(result, "divergence"),
        "suppositions": [_supposed(result, one) for one in result["suppositions"]],
        **(_learner(result, best) if result["learner"] else {}),
    }


def _columns() -> list[tuple[str, str, Form]]:
    return [
        (_("Labels"), "labels", _whole),
        (_("Cost"), "cost", _whole),
        (_("Days"), "days", _decimals(1)),
        (_("Alpha"), "alpha", _decimals(2)),
        (_("Commonest answer found"), "accuracy", _percent),
        (_("By bare majority"), "majority", _percent),
        (_("Divergence, nats"), "divergence", _decimals(3)),
        (_("Still open"), "open", _percent),
    ]


def _row(plan: Plan, result: Result, found: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": plan_words.way(found["least"], found["most"]),
        "cells": [_cell(found[name], form) for _head, name, form in _columns()],
        "use": _launch(plan, found),
    }


def _cell(figure: dict[str, float | None], form: Form) -> dict[str, Any]:
    value, low, high = figure["value"], figure["low"], figure["high"]
    if value is None or low is None or high is None:
        return {"value": None}
    between = _("%(low)s to %(high)s") % {"low": form(low), "high": form(high)}
    return {"value": value, "told": form(value), "from_to": between}


def _launch(plan: Plan, found: dict[str, Any]) -> str:
    """Return the launch form's address, filled in as planned."""
    settings = {
        "collection": plan.collection_id,
        "redundancy": found["least"],
        "most_labels": found["most"] or "",
        "strategy": next(iter(plan.question["strategies"]), None),
    }
    given = {name: value for name, value in settings.items() if value is not None}
    return f"{reverse('annotation:launch')}?{urlencode(given)}"


def _learner(result: Result, best: int) -> dict[str, Any]:
    labels = dict(Strategy.choices)
    curves = [
        {
            **curve,
            "way": plan_words.way(*_way(result, curve)),
            "name": labels[curve["strategy"]],
            "last": _cell(curve["accuracy"][-1], _percent),
            "share": _cell(curve["of_random"], _decimals(2)) if curve["of_random"] else {},
        }
        for curve in result["learner"]["curves"]
    ]
    drawn = [curve for curve in curves if curve["scenario"] == best]
    looks = zip(plan_charts.LOOKS, drawn, strict=False)
    return {
        "curves": curves,
        "looks": [{**look, "name": curve["name"]} for look, curve in looks],
        "learner_chart": plan_charts.learner(drawn, [curve["name"] for curve in drawn]),
    }


def _way(result: Result, curve: dict[str, Any]) -> tuple[int, int | None]:
    found = result["scenarios"][curve["scenario"]]
    return found["least"], found["most"]


def _supposed(result: Result, one: dict[str, Any]) -> dict[str, Any]:
    rows = [
        {
            "name": plan_words.way(found["least"], found["most"]),
            "labels": row["labels"],
            "accuracy": _percent(row["accuracy"]),
            "saved": "" if row["saved"] is None else _percent(row["saved"]),
        }
        for found, row in zip(result["scenarios"], one["scenarios"], strict=True)
    ]
    return {"name": plan_words.supposed(one["what"], one["value"]), "rows": rows}


def _whole(value: float) -> str:
    return str(intcomma(round(value)))


def _percent(value: float) -> str:
    return f"{number_format(100 * value, 1)} %"


def _decimals(n: int) -> Form:
    return lambda value: str(number_format(value, n))
