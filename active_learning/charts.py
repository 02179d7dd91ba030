"""The learning curve as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from active_learning.models import Round
from web.charts import draw


def learning_curve(rounds: Sequence[Round]) -> SafeString:
    """Draw the learner's accuracy by labels, with its interval, beside the base rate."""
    rows = [_row(row) for row in rounds]
    x = {
        "field": "labels",
        "type": "quantitative",
        "axis": {"title": _("labels"), "grid": False},
        "scale": {"zero": False, "padding": 12},
    }
    y = {"type": "quantitative", "scale": {"zero": False, "padding": 8}}
    y["axis"] = {"title": _("accuracy on clips picked by chance"), "format": "%"}
    spec = {
        "width": 330,
        "height": 210,
        "data": {"values": rows},
        "encoding": {"x": x},
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
