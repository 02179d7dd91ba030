"""Questions that cannot be asked are refused by the name of the key, with the remedy."""

from __future__ import annotations

from typing import Any

import pytest

from annotation import scheme
from annotation.instruments import INSTRUMENTS, InvalidQuestion
from tests.annotation.instruments.samples import SAMPLES, question

BAD: list[tuple[str, dict[str, Any], str]] = [
    ("single-choice", {"options": None, "preset": "goemotions"}, "options: give a list"),
    ("single-choice", {"options": ["null", "joy"]}, "options: null stands for no answer"),
    ("graded-choices", {"points": 8}, "points: give 2 to 7, not 8"),
    ("graded-choices", {"points": 7}, "levels: give a list of 7 texts"),
    ("graded-choices", {"points": 3, "levels": ["a", "b"]}, "levels: give a list of 3 texts"),
    ("graded-choices", {"levels": ["", "b"]}, "levels: a text has 1 to 60"),
    ("graded-choices", {"options": [str(n) for n in range(41)]}, "options: .* 2 to 40 .*not 41"),
    ("primary-secondary", {"extras": ["maybe"]}, "extras: 'maybe' is not one of"),
    ("distribution", {"points": 5}, "points: there is no such key"),
    ("emotion-wheel", {"points": 2}, "points: give 3 to 7, not 2"),
    ("emotion-wheel", {"shuffle": True}, "shuffle: a wheel has an order of its own"),
    ("emotion-wheel", {"preset": "roulette"}, "preset: 'roulette' is not one of"),
    ("dimensions", {"points": 6}, "points: give 5, 7 or 9, not 6"),
    ("dimensions", {"points": 5, "scale": "slider"}, "points: a slider has none"),
    ("dimensions", {"scale": "dial"}, "scale: give points or slider"),
    ("dimensions", {"dimensions": []}, "dimensions: give a list of 1 to 8"),
    ("dimensions", {"dimensions": ["valence", "valence"]}, "dimensions: each .* only once"),
    ("dimensions", {"dimensions": ["warmth"]}, "dimensions: warmth needs low"),
    ("dimensions", {"dimensions": ["Valence!"]}, "dimensions: 'Valence!' is not a dimension"),
    ("affect-grid", {"size": 5}, "size: there is no such key"),
    ("ordinal", {"levels": ["one", "two"]}, "levels: give a list of 3 to 11"),
    ("ordinal", {"levels": ["a", "A", "b"]}, "levels: each text must differ"),
    ("ordinal", {"levels": None, "points": 5, "low": "x"}, "high: say what this end"),
    ("ordinal", {"low": "never"}, "levels: give these texts, or points"),
    ("segments", {"overlap": "yes"}, "overlap: give true or false"),
    ("trace", {"range": "endless"}, "range: give bounded or relative"),
    ("trace", {"dimension": {"name": "warmth", "low": "cold"}}, "dimension: warmth needs high"),
    ("trace", {"dimension": ["valence"]}, "dimension: .* is not a dimension"),
    ("wish", {"addressees": []}, "addressees: give a list of 1 to 12"),
    ("wish", {"reasons": ["a", "A"]}, "reasons: 'a' is there twice"),
    ("wish", {"reasons": [True]}, "reasons: True is not a word"),
    ("free-text", {"longest": 0}, "longest: give 1 to 5000"),
    ("confidence", {"points": True}, "points: give 3 to 9, not True"),
]


@pytest.mark.parametrize(("kind", "keys", "sentence"), BAD)
def test_the_key_is_named(kind: str, keys: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidQuestion, match=f"^{sentence}"):
        question(kind, **keys)


HOSTILE = [True, float("nan"), 10**5000, [[]], {"a": {}}, "x" * 10_000, [None], {1: 2}]
KEYS = [
    (kind, key)
    for kind in SAMPLES
    for key in sorted(INSTRUMENTS[kind].KEYS)
    if key not in ("shuffle", "overlap")
]


@pytest.mark.parametrize(("kind", "key"), KEYS)
@pytest.mark.parametrize("value", HOSTILE, ids=lambda value: type(value).__name__)
def test_no_value_of_a_key_is_a_crash(kind: str, key: str, value: Any) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        question(kind, **{key: value})

    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 600


def test_a_vocabulary_too_long_for_the_question_is_refused_with_a_remedy() -> None:
    asked = {"name": "q", "instrument": "single-choice", "prompt": "?", "preset": "goemotions"}

    with pytest.raises(InvalidQuestion, match=r"preset: goemotions has 28 options.*Take another"):
        scheme.define([asked])
