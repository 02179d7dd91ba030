"""Lines on the pages about agreement: a value that moves, with its interval where it has one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from web.charts import draw

WIDTH, HEIGHT = 360, 170
# The interval of a handful of labels reaches far below; drawn to its end it hides all the rest.
LOWEST = -0.2
ROOM = {"left": 12, "right": 12, "top": 8, "bottom": 5}


def alpha(rows: Sequence[dict[str, Any]]) -> SafeString:
    """Draw alpha with its interval over the labels that each fit had."""
    values = [
        {
            "n": row["n_labels"],
            "value": max(row["alpha"], LOWEST),
            "low": max(row["alpha_low"], LOWEST),
            "high": max(row["alpha_high"], LOWEST),
        }
        for row in rows
    ]
    x = _axis("n", _("labels"))
    band = {
        "mark": {"type": "area", "color": "var(--chart)", "opacity": 0.35},
        "encoding": {"x": x, "y": _axis("low", _("alpha")), "y2": {"field": "high"}},
    }
    last = rows[-1]
    told = _("Alpha over the labels: %(value)s at %(n)s labels.") % {
        "value": f"{last['alpha']:.3f}",
        "n": last["n_labels"],
    }
    return draw(_spec(values, [band, *_line(x, _axis("value", _("alpha")))]), told)


def runs(found: Sequence[tuple[int, int, float]], title: str) -> SafeString:
    """Draw means of runs of labels, in the order in which the labels were given."""
    values = [{"n": last, "value": value} for _first, last, value in found]
    y = _axis("value", title)
    y["scale"] = {"domainMin": 0}
    told = ", ".join(f"{row['value']:.2f}" for row in values)
    return draw(
        _spec(values, _line(_axis("n", _("labels, in their order")), y)),
        _("%(title)s, in order: %(told)s.") % {"title": title, "told": told},
    )


def _axis(field: str, title: str) -> dict[str, Any]:
    return {"field": field, "type": "quantitative", "title": title, "scale": {"zero": False}}


def _line(x: dict[str, Any], y: dict[str, Any]) -> list[dict[str, Any]]:
    encoding = {"x": x, "y": y}
    return [
        {"mark": {"type": "line", "color": "var(--ink)", "strokeWidth": 2}, "encoding": encoding},
        {
            "mark": {"type": "circle", "color": "var(--ink)", "size": 30, "opacity": 1},
            "encoding": encoding,
        },
    ]


def _spec(values: list[dict[str, Any]], layer: list[dict[str, Any]]) -> dict[str, Any]:
    size = {"width": WIDTH, "height": HEIGHT, "padding": ROOM}
    return {**size, "data": {"values": values}, "layer": layer}
