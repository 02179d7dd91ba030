"""The published vocabularies, and that the documentation tells of every one of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from annotation.instruments import options
from annotation.instruments.presets import DIMENSIONS, PRESETS
from annotation.instruments.presets.wheels import PLUTCHIK_INTENSITIES

DOCUMENT = Path(__file__).parents[3] / "docs" / "vocabularies.md"
VOCABULARIES = {**PRESETS, **DIMENSIONS}
SIZES = {
    "ekman": 7,
    "ekman-contempt": 8,
    "geneva": 20,
    "plutchik": 8,
    "goemotions": 28,
    "big6": 6,
    "everyday-categories": 17,
    "occ-categories": 22,
    "fsre-categories": 24,
    "frijda-categories": 12,
    "pad-dimensions": 3,
    "fsre-dimensions": 4,
    "intensity-dimension": 1,
}


def test_vocabularies_have_as_many_options_as_were_published() -> None:
    assert {name: len(preset.options) for name, preset in VOCABULARIES.items()} == SIZES


@pytest.mark.parametrize("name", VOCABULARIES)
def test_a_vocabulary_is_complete(name: str) -> None:
    preset = VOCABULARIES[name]

    assert preset.title
    assert re.search(r"\b(19|20)\d\d\b", preset.source)
    assert len(set(preset.values)) == len(preset.values)
    assert all(option["text"] for option in preset.options)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_stands_for_its_options(name: str) -> None:
    asked = options.define({"preset": name}, 2, 40)

    assert options.values(asked) == PRESETS[name].values


EMOTIONML = [name for name in VOCABULARIES if "emotion-voc" in str(VOCABULARIES[name].options)]


@pytest.mark.parametrize("name", EMOTIONML)
def test_emotionml_options_name_the_vocabulary_of_the_note(name: str) -> None:
    addresses = {option["uri"] for option in VOCABULARIES[name].options}

    assert addresses == {f"http://www.w3.org/TR/emotion-voc/xml#{name}"}


def test_all_emotionml_categories_and_dimensions_are_there() -> None:
    assert len(EMOTIONML) == 8


def test_opposite_families_of_the_geneva_wheel_have_opposite_coordinates() -> None:
    families = PRESETS["geneva"].options

    for one, other in zip(families[:10], families[10:], strict=True):
        assert one["valence"] == -other["valence"]
        assert one["control"] == -other["control"]


def test_an_emotion_of_plutchiks_is_between_its_milder_and_its_stronger_form() -> None:
    assert all(forms[1] == name for name, forms in PLUTCHIK_INTENSITIES.items())


@pytest.mark.parametrize("name", VOCABULARIES)
def test_the_documentation_tells_of_every_vocabulary(name: str) -> None:
    row = next(line for line in DOCUMENT.read_text().splitlines() if f"| `{name}` |" in line)

    if name in PRESETS:
        assert f"| {SIZES[name]} |" in row
    else:
        assert all(value in row for value in DIMENSIONS[name].values)
