"""Dimensions, grid, ordinal scale: what their answers amount to."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.ewe import NoAgreementError, fuse, weighted
from annotation.instruments import affect_grid, dimensions, ordinal, summaries
from annotation.instruments.base import Said, Shown
from tests.annotation.instruments.samples import clean, question


def test_an_untouched_dimension_is_null_and_counts_for_nothing() -> None:
    asked = question("dimensions") | {"required": False}
    answer = dimensions.clean(asked, {"valence": 9}, Shown())

    found = dimensions.aggregate(asked, [Said(1, 1, answer)])[1]

    assert answer == {"valence": 9, "arousal": None}
    assert set(found["dimensions"]) == {"valence"}


def test_nothing_touched_is_no_answer() -> None:
    asked = question("dimensions") | {"required": False}

    assert dimensions.clean(asked, {"valence": None}, None) is None  # type: ignore[arg-type]


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_sliders_are_kept_to_three_digits(valence: float, arousal: float) -> None:
    stored = clean("dimensions", {"valence": valence, "arousal": arousal}, scale="slider")

    assert stored["valence"] == round(valence, 3)
    assert abs(stored["arousal"]) <= 1
    assert not any(math.copysign(1, value) < 0 for value in stored.values() if value == 0)


def test_a_dimension_of_ones_own_needs_its_ends() -> None:
    warmth = {"name": "warmth", "low": "cold", "high": "warm"}

    asked = question("dimensions", dimensions=["valence", warmth], points=7)

    assert asked["dimensions"][1] == {"text": "Warmth", **warmth}
    assert clean("dimensions", {"warmth": 7}, dimensions=[warmth], points=7) == {"warmth": 7}


def test_emotionml_dimensions_have_their_address() -> None:
    found = dimensions.define({"preset": "fsre-dimensions"})["dimensions"]

    assert [one["name"] for one in found] == ["valence", "potency", "arousal", "unpredictability"]
    assert {one["uri"] for one in found} == {"http://www.w3.org/TR/emotion-voc/xml#fsre-dimensions"}


def test_points_say_where_they_are_between_the_ends() -> None:
    drawn = dimensions.draw(question("dimensions", points=5), [])

    at = [choice["at"] for choice in drawn["dimensions"][0]["choices"]]

    assert at == [-1.0, -0.5, 0.0, 0.5, 1.0]


def test_the_grid_has_high_arousal_at_the_top() -> None:
    rows = affect_grid.draw(question("affect-grid"), [])["rows"]

    assert rows[0][0] == {"valence": 1, "arousal": 9, "value": "1,9"}
    assert rows[-1][-1] == {"valence": 9, "arousal": 1, "value": "9,1"}


@given(st.lists(st.integers(1, 3), min_size=1, max_size=9))
def test_the_median_of_equal_weights_is_the_median(steps: list[int]) -> None:
    said = [Said(1, who, step) for who, step in enumerate(steps)]

    found = ordinal.aggregate(question("ordinal"), said)[1]

    assert found["median"] == statistics.median(steps)
    assert found["n"] == len(steps)


def test_a_heavy_answer_pulls_the_median() -> None:
    said = [Said(1, 1, 1, 0.2), Said(1, 2, 2, 0.2), Said(1, 3, 3, 0.9)]

    assert ordinal.aggregate(question("ordinal"), said)[1]["median"] == 3.0


tables = st.integers(2, 5).flatmap(
    lambda people: st.lists(
        st.lists(st.one_of(st.none(), st.integers(1, 9)), min_size=people, max_size=people),
        min_size=1,
        max_size=12,
    )
)


@given(tables)
def test_listed_answers_weigh_as_a_table_does(rows: list[list[int | None]]) -> None:
    said = [
        Said(task, who, answer)
        for task, row in enumerate(rows)
        for who, answer in enumerate(row)
        if answer is not None
    ]
    found = summaries.numbers(said)

    expected = of_the_table(rows)

    for task, one in found.items():
        assert one["mean"] == pytest.approx(expected[task][0], abs=2e-6)
        assert one["spread"] == pytest.approx(expected[task][1], abs=2e-6)


def of_the_table(rows: list[list[int | None]]) -> list[tuple[float, float]]:
    """Return mean and spread of each task by `ewe` itself, the plain ones where it has none."""
    table = np.array([[np.nan if a is None else a for a in row] for row in rows], dtype=float).T
    table = table[np.isfinite(table).any(axis=1)]
    equal = weighted(table, np.ones(len(table)))
    try:
        fused = fuse(table) if len(table) > 1 else equal
    except NoAgreementError:
        fused = equal
    value = np.where(np.isfinite(fused.value), fused.value, equal.value)
    spread = np.where(np.isfinite(fused.value), fused.spread, equal.spread)
    return list(zip(value.tolist(), spread.tolist(), strict=True))


def test_the_last_of_an_annotators_answers_counts() -> None:
    assert summaries.numbers([Said(1, 1, 2.0), Said(1, 1, 4.0)])[1] == {
        "n": 1,
        "mean": 4.0,
        "spread": 0.0,
    }
