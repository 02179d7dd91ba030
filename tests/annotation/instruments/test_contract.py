"""What holds of every instrument."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from annotation import scheme
from annotation.instruments.base import Said
from tests.annotation.instruments.samples import SAMPLES, clean, question, refusal

CHANCE = random.Random(1)  # noqa: S311
every = pytest.mark.parametrize("kind", SAMPLES)


@every
def test_a_complete_question_is_the_same_when_it_is_given_back(kind: str) -> None:
    asked = question(kind)

    assert scheme.define([asked]) == [asked]


@every
def test_a_stored_answer_is_the_same_when_it_is_given_back(kind: str) -> None:
    stored = clean(kind, SAMPLES[kind].answer)

    assert stored == SAMPLES[kind].answer
    assert clean(kind, json.loads(json.dumps(stored))) == stored


@every
def test_a_plain_form_sends_the_same_answer(kind: str) -> None:
    value = scheme.read([question(kind)], SAMPLES[kind].fields)

    assert clean(kind, value["q"]) == SAMPLES[kind].answer


@every
def test_a_form_left_alone_sends_nothing(kind: str) -> None:
    assert scheme.read([question(kind)], {}) == {"q": None}


@every
def test_a_needed_answer_has_to_be_there(kind: str) -> None:
    assert refusal(kind, None) == "An answer is needed."


@every
def test_an_answer_that_may_be_left_out_is_null(kind: str) -> None:
    optional = question(kind) | {"required": False}
    needed = question("confidence") | {"name": "sure"}

    assert scheme.clean([optional, needed], {"sure": 3})["q"] is None


@every
def test_a_question_is_drawn_with_all_it_has(kind: str) -> None:
    asked = question(kind)

    (drawn,) = scheme.draw([asked], scheme.orders([asked], CHANCE))

    assert {key: drawn[key] for key in asked if key != "dimensions"} == {
        key: asked[key] for key in asked if key != "dimensions"
    }
    assert drawn["template"].endswith(f"/{kind.replace('-', '_')}.html")
    json.dumps(drawn)


@every
def test_no_answer_has_the_same_columns_as_an_answer(kind: str) -> None:
    asked = question(kind)
    cells = scheme.instrument_of(asked).cells

    assert list(cells(asked, None)) == list(cells(asked, SAMPLES[kind].answer))
    assert set(cells(asked, None).values()) == {None}


def summed_up(kind: str, answers: list[Any], weights: list[float]) -> dict[int, Any]:
    asked = question(kind)
    said = [
        Said(7, annotator, answer, weight)
        for annotator, (answer, weight) in enumerate(zip(answers, weights, strict=True))
    ]
    return scheme.instrument_of(asked).aggregate(asked, said)


@every
@pytest.mark.parametrize("weights", [[1.0], [0.3, 0.9, 1.0], [0.0, 0.0]])
def test_answers_add_up_to_plain_values(kind: str, weights: list[float]) -> None:
    answers = [SAMPLES[kind].answer] * len(weights)

    found = summed_up(kind, answers, weights)

    assert found[7]["n"] == len(weights)
    assert json.loads(json.dumps(found[7], allow_nan=False)) == found[7]
    assert found == summed_up(kind, answers, weights)


@every
def test_no_answers_add_up_to_nothing(kind: str) -> None:
    assert summed_up(kind, [], []) == {}


@every
def test_the_category_of_an_answer_is_one_of_the_categories(kind: str) -> None:
    asked = question(kind)
    if scheme.instrument_of(asked).CATEGORY_AT is None:
        assert scheme.categories([asked]) == []
        return

    category = scheme.category_of([asked], {"q": SAMPLES[kind].answer})

    assert str(category) in scheme.categories([asked])
