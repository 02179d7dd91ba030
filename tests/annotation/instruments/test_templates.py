"""How every kind of question is drawn: what all their templates have in common."""

from __future__ import annotations

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
