from __future__ import annotations

from typing import Any
from unittest.mock import patch

from django.core.cache import cache

from web import charts


def spec(option: str = "Joy", n: int = 3) -> dict[str, Any]:
    return {
        "data": {"values": [{"option": option, "n": n}]},
        "mark": {"type": "bar", "color": "var(--chart)"},
        "encoding": {
            "y": {"field": "option", "type": "nominal"},
            "x": {"field": "n", "type": "quantitative"},
        },
    }


def test_a_chart_is_an_image_with_a_description() -> None:
    svg = charts.draw(spec(), "Joy: 3 labels.")

    assert 'role="img"' in svg
    assert 'aria-label="Joy: 3 labels."' in svg
    assert ">Joy</" in svg


def test_its_colours_follow_the_page() -> None:
    assert 'fill="var(--chart)"' in charts.draw(spec(), "")


def test_what_people_wrote_stays_text() -> None:
    svg = charts.draw(spec("<script>alert(1)</script>"), '"><script>')

    assert "<script" not in svg
    assert "&lt;script" in svg


def test_nothing_in_it_is_blocked_by_the_content_security_policy() -> None:
    svg = charts.draw(spec(), "")

    assert "style" not in svg
    assert "href" not in svg


def test_the_same_chart_is_drawn_once() -> None:
    cache.clear()
    with patch.object(charts, "_render", wraps=charts._render) as render:
        charts.draw(spec(n=7), "")
        charts.draw(spec(n=7), "")

    assert render.call_count == 1
