"""Charts as SVG, drawn on the server from Vega-Lite specifications.

They stand inline in the page, so that colours named `var(--…)` follow light and dark, and hold no
script and no style: the content security policy allows neither. See docs/decisions/0003-charts.md.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from xml.etree import ElementTree as ET

from django.core.cache import cache
from django.utils.safestring import SafeString, mark_safe

Spec = dict[str, Any]

CACHED_SECONDS = 24 * 60 * 60
SVG = "http://www.w3.org/2000/svg"
DRAWN = {"svg", "g", "path", "line", "rect", "circle", "text", "tspan", "defs", "clipPath"}
KEPT = {
    "viewBox", "d", "x", "y", "x1", "x2", "y1", "y2", "cx", "cy", "r", "dx", "dy", "width",
    "height", "transform", "fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "opacity",
    "text-anchor", "font-size", "font-weight", "id", "clip-path",
}  # fmt: skip

AXIS = {
    "labelColor": "var(--muted)",
    "titleColor": "var(--muted)",
    "gridColor": "var(--line)",
    "domainColor": "var(--edge)",
    "tickColor": "var(--edge)",
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": 500,
    "labelLimit": 160,
    "tickCount": 5,
}
CONFIG = {"background": None, "view": {"stroke": None}, "axis": AXIS, "legend": {"disable": True}}

ET.register_namespace("", SVG)


def draw(spec: Spec, description: str) -> SafeString:
    """Return the chart as an SVG element, named `description` for those who do not see it."""
    complete = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", **spec}
    complete["config"] = CONFIG
    text = json.dumps(complete, sort_keys=True)
    key = "chart:" + hashlib.sha256(f"{text}{description}".encode()).hexdigest()
    svg: str | None = cache.get(key)
    if svg is None:
        svg = _clean(_render(text), description)
        cache.set(key, svg, CACHED_SECONDS)
    return mark_safe(svg)  # noqa: S308 - rebuilt above from allowed elements and attributes


def _render(text: str) -> str:
    # Some 80 MB and a third of a second, so only in a process that draws.
    import vl_convert  # noqa: PLC0415

    svg: str = vl_convert.vegalite_to_svg(text, allowed_base_urls=[])
    return svg


def _clean(svg: str, description: str) -> str:
    """Keep what draws: the renderer's text is escaped already, this makes sure of it."""
    root = ET.fromstring(svg)  # noqa: S314 - from our own renderer, never from outside
    _prune(root)
    root.attrib = {"viewBox": root.get("viewBox", ""), "role": "img", "aria-label": description}
    return ET.tostring(root, encoding="unicode")


def _prune(element: ET.Element) -> None:
    element.attrib = {name: value for name, value in element.attrib.items() if name in KEPT}
    for child in list(element):
        if child.tag.removeprefix(f"{{{SVG}}}") in DRAWN:
            _prune(child)
        else:
            element.remove(child)
