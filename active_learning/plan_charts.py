"""What the page of a plan draws: what labels buy, and how good a learner gets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from active_learning import plan_words
from web.charts import draw

SIZE = {"width": 330, "height": 230}
# Told apart by shape and dashes, not by colour alone.
LOOKS = (
    {"color": "var(--ink)", "shape": "square", "filled": False, "dash": [6, 4]},
    {"color": "var(--accent)", "shape": "circle", "filled": True, "dash": [1, 0]},
    {"color": "var(--good)", "shape": "triangle-up", "filled": True, "dash": [2, 3]},
)


def bought(result: dict[str, Any], name: str) -> SafeString:
    """Draw a figure by labels a clip: as many of every clip a line, adaptive ways points."""
    title, spoken, form = {
        "accuracy": (_("commonest answer found"), _("Found"), ".0%"),
        "divergence": (_("divergence, in nats"), _("Divergence"), ".3f"),
    }[name]
    x = _quantity(_("labels a clip"))
    y = _quantity(title, form)
    line = [_point(one["k"], one[name]) for one in result["fixed"]]
    adaptive = [
        {**_point(one["per_clip"]["value"], one[name]), "left": one["per_clip"]["low"],
         "right": one["per_clip"]["high"]}
        for one in result["scenarios"]
        if one["most"] is not None
    ]  # fmt: skip
    ink, accent = {"color": "var(--ink)"}, {"color": "var(--accent)"}
    layers = [
        _layer(line, {"type": "area", "color": "var(--chart)", "opacity": 0.3}, x, y, "low"),
        _layer(line, {"type": "line", "strokeWidth": 2, **ink}, x, y),
        _layer(line, {"type": "circle", "size": 30, "opacity": 1, **ink}, x, y),
        _layer(adaptive, {"type": "rule", "strokeWidth": 2, **accent}, x, y, "low"),
        _across(adaptive, {"type": "rule", "strokeWidth": 2, **accent}, x, y),
        _layer(adaptive, {"type": "point", "shape": "diamond", "filled": True, "size": 120,
                          "opacity": 1, **accent}, x, y),
    ]  # fmt: skip
    told = ", ".join(
        f"{plan_words.way(one['least'], one['most'])}: {one[name]['value']:{form}}"
        for one in result["scenarios"]
    )
    return draw({**SIZE, "layer": layers}, f"{spoken}. {told}.")


def learner(curves: Sequence[dict[str, Any]], names: Sequence[str]) -> SafeString:
    """Draw a learner's accuracy by labels, one line for each way to pick clips."""
    x, y = _quantity(_("labels")), _quantity(_("learner right"), ".0%")
    layers: list[dict[str, Any]] = []
    for curve, look in zip(curves, LOOKS, strict=False):
        rows = [
            _point(n, found) for n, found in zip(curve["labels"], curve["accuracy"], strict=True)
        ]
        color = look["color"]
        layers += [
            _layer(rows, {"type": "rule", "color": color, "opacity": 0.45}, x, y, "low"),
            _layer(rows, {"type": "line", "color": color, "strokeDash": look["dash"]}, x, y),
            _layer(rows, {"type": "point", "color": color, "shape": look["shape"], "size": 60,
                          "filled": look["filled"], "opacity": 1}, x, y),
        ]  # fmt: skip
    told = ", ".join(
        f"{name}: {curve['accuracy'][-1]['value']:.0%}"
        for name, curve in zip(names, curves, strict=False)
    )
    return draw({**SIZE, "layer": layers}, _("Right at the end. %(told)s.") % {"told": told})


def _point(x: float, figure: dict[str, Any]) -> dict[str, Any]:
    return {"x": x, **figure}


def _quantity(title: str, form: str = "") -> dict[str, Any]:
    axis = {"title": title, "grid": bool(form), **({"format": form} if form else {})}
    return {"type": "quantitative", "axis": axis, "scale": {"zero": False, "padding": 10}}


def _layer(
    rows: list[dict[str, Any]],
    mark: dict[str, Any],
    x: dict[str, Any],
    y: dict[str, Any],
    low: str = "",
) -> dict[str, Any]:
    """Draw the values, or from `low` to high."""
    encoding = {"x": {**x, "field": "x"}, "y": {**y, "field": "high" if low else "value"}}
    if low:
        encoding["y2"] = {"field": low}
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}


def _across(
    rows: list[dict[str, Any]], mark: dict[str, Any], x: dict[str, Any], y: dict[str, Any]
) -> dict[str, Any]:
    encoding = {
        "x": {**x, "field": "left"},
        "x2": {"field": "right"},
        "y": {**y, "field": "value"},
    }
    return {"data": {"values": rows}, "mark": mark, "encoding": encoding}
