"""How every kind of question is drawn: what all their templates have in common."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest
from django.template.loader import render_to_string

from annotation import scheme
from annotation.instruments import INSTRUMENTS
from tests.annotation.instruments.samples import SAMPLES


def drawn(kind: str, **keys: Any) -> str:
    """Return the HTML of a question of that kind, as the labelling page has it."""
    asked = {"name": "q", "instrument": kind, "prompt": "What do you see?", "required": True}
    given = SAMPLES[kind].keys if kind in SAMPLES else {}
    (question,) = scheme.draw(scheme.define([{**asked, **given, **keys}]), {})
    return render_to_string(question["template"], {"question": question})


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_a_longer_explanation_is_shown(kind: str) -> None:
    assert "Look at the eyes, too." in drawn(kind, help="Look at the eyes, too.")


class Loose(HTMLParser):
    """Collects the Arabic that a page shows without a direction of its own."""

    VOID = ("input", "br", "img", "line", "circle", "path", "polyline", "polygon")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.found: list[str] = []
        self.seen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append((tag, tag == "bdi" or ("dir", "auto") in attrs))

    def handle_endtag(self, tag: str) -> None:
        while tag not in self.VOID and self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if ARABIC not in data:
            return
        self.seen += 1
        if not any(is_own for _, is_own in self.open):
            self.found.append(f"{self.open[-1][0]}: {data.strip()}")


ARABIC = "الفرح"
CATEGORICAL = [
    "single-choice",
    "graded-choices",
    "primary-secondary",
    "distribution",
    "emotion-wheel",
    "segments",
]
OPTIONS: dict[str, Any] = {"options": [{"value": "joy", "text": ARABIC}, "b", "c", "d"]}
IN_ARABIC: dict[str, dict[str, Any]] = {
    **dict.fromkeys(CATEGORICAL, OPTIONS),
    "dimensions": {"dimensions": [{"name": "d", "text": ARABIC, "low": ARABIC, "high": ARABIC}]},
    "ordinal": {"levels": [ARABIC, "b", "c"]},
    "trace": {"dimension": {"name": "d", "text": ARABIC, "low": ARABIC, "high": ARABIC}},
    "wish": {"addressees": [ARABIC, "b"], "reasons": [ARABIC, "b"]},
}


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_every_text_of_the_researcher_has_its_own_direction(kind: str) -> None:
    page = Loose()

    page.feed(drawn(kind, prompt=ARABIC, help=ARABIC, **IN_ARABIC.get(kind, {})))

    assert page.found == []
    assert page.seen >= (3 if kind in IN_ARABIC else 2)
