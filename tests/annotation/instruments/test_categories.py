"""Primary and secondary, distribution, wheel, wish: what their answers amount to."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.instruments import distribution, emotion_wheel, primary_secondary, wish
from annotation.instruments.base import Said
from tests.annotation.instruments.samples import OPTIONS, clean, question, refusal


def pair(first: str, second: str | None = None) -> dict[str, str | None]:
    return {"primary": first, "secondary": second}


def test_who_names_one_emotion_alone_makes_no_pair() -> None:
    said = [Said(1, 1, pair("joy", "anger")), Said(1, 2, pair("joy")), Said(1, 3, pair("anger"))]

    found = primary_secondary.aggregate(question("primary-secondary"), said)[1]

    assert found["distribution"]["joy"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["pairs"] == [{"primary": "joy", "secondary": "anger", "share": 0.333333}]


def test_a_way_out_is_not_offered_as_the_second() -> None:
    drawn = primary_secondary.draw(question("primary-secondary"), [])

    assert [choice["value"] for choice in drawn["choices"]] == [*OPTIONS, "unclear"]
    assert [choice["value"] for choice in drawn["seconds"]] == OPTIONS


def test_an_emotion_without_a_second_is_complete() -> None:
    assert clean("primary-secondary", {"primary": "joy"}) == pair("joy")


@st.composite
def shared_out(draw: st.DrawFn) -> dict[str, int]:
    first = draw(st.integers(0, 100))
    second = draw(st.integers(0, 100 - first))
    return dict(zip(OPTIONS, (first, second, 100 - first - second), strict=True))


@given(st.lists(st.tuples(shared_out(), st.floats(0.01, 1)), min_size=1, max_size=5))
def test_the_mean_distribution_sums_to_one(said: list[tuple[dict[str, int], float]]) -> None:
    answers = [Said(1, who, answer, weight) for who, (answer, weight) in enumerate(said)]

    found = distribution.aggregate(question("distribution"), answers)[1]

    assert sum(found["distribution"].values()) == pytest.approx(1, abs=1e-5)
    assert -1e-9 <= found["entropy"] <= math.log(3) + 1e-6


def test_a_form_in_which_every_option_has_no_points_was_left_alone() -> None:
    fields = {f"q.{option}": ["0"] for option in OPTIONS}

    assert distribution.read(question("distribution"), fields) is None


@given(st.dictionaries(st.sampled_from(OPTIONS), st.integers(-20, 120)))
def test_only_points_that_sum_to_a_hundred_are_kept(points: dict[str, int]) -> None:
    fits = sum(points.values()) == 100 and all(0 <= p <= 100 for p in points.values())

    assert (refusal("distribution", points) == "") == fits


def test_a_wheel_may_be_left_for_none() -> None:
    assert clean("emotion-wheel", {"emotion": "none"}) == {"emotion": "none", "intensity": None}


def test_the_mean_intensity_is_that_of_those_who_named_the_family() -> None:
    said = [
        Said(1, 1, {"emotion": "pride", "intensity": 5}),
        Said(1, 2, {"emotion": "pride", "intensity": 2}),
        Said(1, 3, {"emotion": "none", "intensity": None}),
    ]

    found = emotion_wheel.aggregate(question("emotion-wheel"), said)[1]

    assert found["distribution"]["pride"] == pytest.approx(2 / 3, abs=1e-6)
    assert found["intensity"] == {"pride": 3.5}


def test_a_form_of_one_button_for_each_circle_can_be_read() -> None:
    read = emotion_wheel.read

    assert read({"name": "q"}, {"q": ["pride,4"]}) == {"emotion": "pride", "intensity": 4}
    assert read({"name": "q"}, {"q": ["none"]}) == {"emotion": "none", "intensity": None}


def test_a_way_out_of_the_wheel_is_no_family() -> None:
    drawn = emotion_wheel.draw(question("emotion-wheel", extras=["none", "other", "unclear"]), [])

    assert len(drawn["families"]) == 20
    assert [option["value"] for option in drawn["ways_out"]] == ["none", "other", "unclear"]


def wished(who: int, **answer: object) -> Said:
    given = {"level": 3, "wish": "open", "addressee": "friend", "reasons": [], **answer}
    return Said(1, who, given)


def test_the_wish_is_told_by_addressee() -> None:
    said = [
        wished(1, wish="alone", addressee="stranger", level=5, reasons=["tired"]),
        wished(2, addressee="stranger", level=None),
        wished(3, addressee="friend", level=1),
    ]

    found = wish.aggregate(question("wish"), said)[1]

    assert found["distribution"]["alone"] == pytest.approx(1 / 3, abs=1e-6)
    assert found["addressees"] == {
        "friend": {"n": 1, "alone": 0.0},
        "stranger": {"n": 2, "alone": 0.5},
    }
    assert found["level"] == {"n": 2, "mean": 3.0, "spread": 2.0}
    assert found["reasons"]["tired"] == pytest.approx(1 / 3, abs=1e-6)


def test_reasons_are_stored_in_the_questions_order() -> None:
    given_answer = {"wish": "open", "addressee": "friend", "reasons": ["lonely", "tired"]}

    assert clean("wish", given_answer) == {
        "level": None,
        "wish": "open",
        "addressee": "friend",
        "reasons": ["tired", "lonely"],
    }


def test_a_reason_is_named_once() -> None:
    twice = {"wish": "open", "addressee": "friend", "reasons": ["tired", "tired"]}

    assert refusal("wish", twice) == "reasons: each may be named only once."
