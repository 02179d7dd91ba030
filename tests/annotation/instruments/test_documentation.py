"""docs/instruments.md has a section for every instrument, and its examples can be asked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from annotation import scheme
from annotation.instruments import INSTRUMENTS

DOCUMENT = (Path(__file__).parents[3] / "docs" / "instruments.md").read_text()
SECTIONS = dict(re.findall(r"^## ([a-z-]+)\n(.*?)(?=^## |\Z)", DOCUMENT, re.DOTALL | re.MULTILINE))
SURE = {"name": "sure_too", "instrument": "confidence", "prompt": "?", "required": True}
EXAMPLES = [
    (kind, yaml.safe_load(example))
    for kind, section in SECTIONS.items()
    for example in re.findall(r"```yaml\n(.*?)```", section, re.DOTALL)
]


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_every_instrument_has_a_section_with_an_example(kind: str) -> None:
    assert kind in SECTIONS
    assert [one for one, _ in EXAMPLES if one == kind]
    assert f"(#{kind})" in DOCUMENT


@pytest.mark.parametrize(("kind", "asked"), EXAMPLES)
def test_every_example_can_be_asked(kind: str, asked: dict[str, Any]) -> None:
    defined = scheme.define([asked, SURE])[0]

    assert defined["instrument"] == kind
    assert defined["prompt"] == asked["prompt"]


@pytest.mark.parametrize("kind", SECTIONS)
def test_every_section_shows_an_answer(kind: str) -> None:
    answer = re.search(r"^- Answer: `(.*?)`", SECTIONS[kind], re.MULTILINE)

    assert answer
    json.loads(answer[1])


def test_every_key_is_told_of() -> None:
    for kind, instrument in INSTRUMENTS.items():
        common = {"options", "preset", "extras", "shuffle"}
        for key in instrument.KEYS - common:
            assert key in SECTIONS[kind], f"{kind}: {key}"
