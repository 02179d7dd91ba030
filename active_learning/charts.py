"""What the pages about rounds draw: the learning curve, its arms, and the reliability diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from active_learning.models import Round
from web.charts import draw

SIZE = {"width": 330, "height": 210}
# Told apart by shape and dashes, not by colour alone.
ARMS = {
    "active": {"color": "var(--accent)", "shape": "circle", "filled": True, "dash": [1, 0]},
    "random": {"color": "var(--ink)", "shape": "square", "filled": False, "dash": [6, 4]},
}
ASIDE = 0.012


def arms(rounds: Sequence[Round]) -> SafeString:
    """Draw the accuracy of a learner from chosen clips, and of one from chance picks alone."""
    rows = [_arms_row(row.metrics["control"]) for row in rounds]
    y = _accuracy(_("accuracy on people kept apart"))
    layers = [layer for arm, look in ARMS.items() for layer in _arm(arm, look, y)]
    spec = {**SIZE, "data": {"values": rows}, "layer": layers}
    last = rounds[-1].metrics["control"]
    told = _("At %(n)s labels: %(active)s from chosen clips, %(random)s from chance picks.") % {
        "n": last["n_labels"],
        "active": f"{last['active']['value']:.0%}",
        "random": f"{last['random']['value']:.0%}",
    }
    return draw(spec, told)


def reliability(bins: Sequence[dict[str, Any]]) -> SafeString:
    """Draw how many people agree against how sure the learner is; the diagonal is right."""
    rows = [
        {
            "confidence": one["confidence"],
            "share": one["share"],
            "low": one["share"] if one["low"] is None else one["low"],
            "high": one["share"] if one["high"] is None else one["high"],
            "n": one["n"],
        }
        for one in bins
        if one["n"]
    ]
    scale = {"domain": [0, 1]}
    axis = {"format": "%", "tickCount": 5}
    x = {"type": "quantitative", "field": "confidence", "scale": scale}
    x["axis"] = {**axis, "title": _("how sure the learner is"), "grid": False}
    y = {"type": "quantitative", "scale": scale, "axis": {**axis, "title": _("people who agree")}}
    ideal: dict[str, Any] = {
        "data": {"values": [{"confidence": 0, "share": 0}, {"confidence": 1, "share": 1}]},
        **_layer({"type": "line", "color": "var(--edge)", "strokeDash": [5, 4]}, y, "share"),
    }
    point = {"type": "circle", "color": "var(--accent)", "opacity": 1}
    size = {"field": "n", "type": "quantitative", "scale": {"range": [40, 260]}}
    dots = _layer(point, y, "share")
    dots["encoding"]["size"] = size
    rule = {"type": "rule", "color": "var(--accent)", "strokeWidth": 2, "opacity": 0.5}
    spec = {
        "width": 300,
        "height": 260,
        "data": {"values": rows},
        "encoding": {"x": x},
        "layer": [ideal, _layer(rule, y, "low", "high"), dots],
    }
    sure = ", ".join(f"{row['confidence']:.0%}: {row['share']:.0%}" for row in rows)
    return draw(spec, _("How sure the learner is: how many agree. %(told)s.") % {"told": sure})


def _arm(arm: str, look: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    color = look["color"]
    marks = (
        ({"type": "rule", "color": color, "strokeWidth": 2, "opacity": 0.45}, "low", "high"),
        ({"type": "line", "color": color, "strokeWidth": 2, "strokeDash": look["dash"]}, "", ""),
        (
            {"type": "point", "shape": look["shape"], "filled": look["filled"], "color": color,
             "size": 60, "opacity": 1, "strokeWidth": 2},
            "", "",
        ),
    )  # fmt: skip
    x = {**_labels(_("labels of an arm")), "field": f"{arm}_labels"}
    layers = []
    for mark, low, high in marks:
        layer = _layer(mark, y, f"{arm}_{low}" if low else arm, f"{arm}_{high}" if high else "")
        layer["encoding"]["x"] = x
        layers.append(layer)
    return layers


def _arms_row(control: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    # A little aside of each other, so that neither interval hides the other.
    for arm, aside in (("active", 1 - ASIDE), ("random", 1 + ASIDE)):
        figure = control[arm]
        row |= {
            arm: figure["value"],
            f"{arm}_labels": control["n_labels"] * aside,
            f"{arm}_low": figure["value"] if figure["low"] is None else figure["low"],
            f"{arm}_high": figure["value"] if figure["high"] is None else figure["high"],
        }
    return row


def _labels(title: str) -> dict[str, Any]:
    return {
        "field": "labels",
        "type": "quantitative",
        "axis": {"title": title, "grid": False},
        "scale": {"zero": False, "padding": 12},
    }


def _accuracy(title: str) -> dict[str, Any]:
    return {
        "type": "quantitative",
        "scale": {"zero": False, "padding": 8},
        "axis": {"title": title, "format": "%"},
    }


def learning_curve(rounds: Sequence[Round]) -> SafeString:
    """Draw the learner's accuracy by labels, with its interval, beside the base rate."""
    rows = [_row(row) for row in rounds]
    y = _accuracy(_("accuracy on clips picked by chance"))
    spec = {
        **SIZE,
        "data": {"values": rows},
        "encoding": {"x": _labels(_("labels"))},
        "layer": [
            _layer({"type": "area", "color": "var(--accent)", "opacity": 0.16}, y, "low", "high"),
            _layer({"type": "line", "color": "var(--edge)", "strokeDash": [5, 4]}, y, "base"),
            _layer({"type": "line", "color": "var(--accent)", "strokeWidth": 2.5}, y, "accuracy"),
            _layer(
                {
                    "type": "point",
                    "opacity": 1,
                    "filled": True,
                    "color": "var(--accent)",
                    "size": 60,
                },
                y,
                "accuracy",
            ),
        ],
    }
    return draw(spec, _told(rows))


def _row(row: Round) -> dict[str, Any]:
    accuracy = row.metrics["accuracy"]
    return {
        "labels": row.n_labels,
        "accuracy": accuracy["value"],
        "low": accuracy["low"],
        "high": accuracy["high"],
        "base": row.metrics["base_rate_accuracy"]["value"],
    }


def _layer(mark: dict[str, Any], y: dict[str, Any], field: str, to: str = "") -> dict[str, Any]:
    encoding: dict[str, Any] = {"y": {**y, "field": field}}
    if to:
        encoding["y2"] = {"field": to}
    return {"mark": mark, "encoding": encoding}


def _told(rows: Sequence[dict[str, Any]]) -> str:
    first, last = rows[0], rows[-1]
    return _("Accuracy went from %(first)s at %(few)s labels to %(last)s at %(many)s.") % {
        "first": f"{first['accuracy']:.0%}",
        "few": first["labels"],
        "last": f"{last['accuracy']:.0%}",
        "many": last["labels"],
    }
