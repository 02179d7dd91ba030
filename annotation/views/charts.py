"""What the campaign page draws: specifications of charts, and bars in cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from annotation.models import Score
from web.charts import draw

BAR_STEP = 34
RANK_STEP = 24
NAMES = {"title": None, "domain": False, "ticks": False, "labelFontSize": 13}
TICK = {"type": "tick", "opacity": 1, "thickness": 3, "size": 24}


@dataclass(frozen=True)
class Share:
    """How often an option was chosen: on clips picked by chance, and on all."""

    option: str
    n: int
    of_all: float
    n_chance: int
    by_chance: float | None


@dataclass(frozen=True)
class Span:
    """A value between 0 and 1 with its interval, as places on a line for the template."""

    value: float
    low: float | None
    high: float | None

    @property
    def point(self) -> str:
        return _place(self.value)

    @property
    def start(self) -> str:
        return _place(self.value if self.low is None else self.low)

    @property
    def end(self) -> str:
        return _place(self.value if self.high is None else self.high)


def _place(value: float) -> str:
    return f"{min(max(value, 0.0), 1.0) * 100:.1f}%"


def distribution(shares: Sequence[Share]) -> SafeString:
    """Draw how often each option was chosen."""
    rows = [
        {"option": share.option, "chance": share.by_chance, "all": share.of_all} for share in shares
    ]
    y: dict[str, Any] = {
        "field": "option",
        "type": "nominal",
        "sort": None,
        "axis": NAMES,
    }
    x = {"type": "quantitative", "axis": {"title": _("share of labels"), "format": "%"}}
    x |= {"scale": {"domainMin": 0}}
    spec = {
        "width": 330,
        "height": BAR_STEP * len(rows),
        "data": {"values": rows},
        "encoding": {"y": y},
        "layer": [
            {
                "mark": {"type": "bar", "color": "var(--chart)", "height": 16, "cornerRadius": 2},
                "encoding": {"x": {**x, "field": "chance"}},
            },
            {
                "mark": {**TICK, "color": "var(--ink)"},
                "encoding": {"x": {**x, "field": "all"}},
            },
        ],
    }
    told = ", ".join(f"{share.option} {share.of_all:.0%}" for share in shares)
    return draw(spec, _("Share of labels by option: %(told)s.") % {"told": told})


class Placed(Protocol):
    """A clip with its rank and its score."""

    @property
    def rank(self) -> int: ...

    @property
    def row(self) -> Score: ...


def ranking(ranked: Sequence[Placed]) -> SafeString:
    """Draw the score of each clip with its interval, the highest on top."""
    rows = [
        {
            "clip": f"{one.rank}. {one.row.clip.external_id}",
            "value": one.row.value,
            "low": one.row.value if one.row.low is None else one.row.low,
            "high": one.row.value if one.row.high is None else one.row.high,
        }
        for one in ranked
    ]
    x: dict[str, Any] = {"type": "quantitative", "title": _("score"), "scale": {"padding": 10}}
    spec = {
        "width": 330,
        "height": RANK_STEP * len(rows),
        # The page's letters are wider than those that the names were measured with.
        "padding": {"left": 28, "right": 5, "top": 5, "bottom": 5},
        "data": {"values": rows},
        "encoding": {"y": {"field": "clip", "type": "nominal", "sort": None, "axis": NAMES}},
        "layer": [
            {
                "mark": {"type": "rule", "color": "var(--chart)", "strokeWidth": 3},
                "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "circle", "color": "var(--ink)", "size": 70, "opacity": 1},
                "encoding": {"x": {**x, "field": "value"}},
            },
        ],
    }
    told = ", ".join(f"{row['clip']} {row['value']:.2f}" for row in rows)
    return draw(spec, _("Scores of the clips: %(told)s.") % {"told": told})
