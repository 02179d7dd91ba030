"""When to stop: only where the whole interval of the slope is below what counts, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.stopping import Point, recommend, slope

Curve = Callable[[int], float]


def figure(value: float, error: float = 0.001) -> dict[str, Any]:
    return {"value": value, "low": value - 2 * error, "high": value + 2 * error, "n": 500}


def curve(of: Curve, *, rounds: int = 8, step: int = 2000, **slices: Curve) -> list[Point]:
    return [
        Point(n + 1, n * step, figure(of(n)), {name: figure(at(n)) for name, at in slices.items()})
        for n in range(rounds)
    ]


def flat(_n: int) -> float:
    return 0.8


@given(st.floats(0.005, 0.05), st.integers(1, 12), st.integers(100, 2000))
def test_a_rising_curve_never_says_stop(rise: float, rounds: int, step: int) -> None:
    points = curve(lambda n: 0.3 + rise * n, rounds=rounds, step=step)

    assert not recommend(points)["stop"]


@given(st.integers(5, 12), st.integers(2000, 5000))
def test_a_long_flat_curve_says_stop(rounds: int, step: int) -> None:
    told = recommend(curve(flat, rounds=rounds, step=step))

    assert told["stop"]
    assert told["slope"]["high"] < 0.002
    assert told["rounds"] == [rounds - 2, rounds - 1, rounds]


def test_a_curve_that_rose_early_and_is_flat_since_says_stop() -> None:
    assert recommend(curve(lambda n: min(0.8, 0.4 + 0.2 * n), rounds=9))["stop"]


@given(st.floats(0.006, 0.05))
def test_one_bad_slice_that_still_gets_better_holds_it_up(rise: float) -> None:
    told = recommend(curve(flat, old=lambda n: 0.3 + rise * n, young=flat))

    assert not told["stop"]
    assert told["worst_slice"]["name"] == "old"
    assert "old" in told["why"]


def test_a_slice_that_is_not_the_worst_does_not_hold_it_up() -> None:
    assert recommend(curve(flat, old=lambda _n: 0.5, young=lambda n: 0.6 + 0.02 * n))["stop"]


@pytest.mark.parametrize("rounds", range(5))
def test_few_rounds_are_said_to_be_few(rounds: int) -> None:
    told = recommend(curve(flat, rounds=rounds))

    assert not told["stop"]
    assert told["why"] == f"Not enough rounds yet: {rounds} of 5."


def test_rounds_without_an_interval_have_no_say() -> None:
    unknown = {"value": 0.5, "low": None, "high": None, "n": 3}
    points = [Point(0, 0, unknown), *curve(flat, rounds=4)]

    assert "4 of 5" in recommend(points)["why"]


def test_a_flat_curve_with_wide_intervals_does_not_say_stop() -> None:
    points = [Point(n, 500 * n, figure(0.8, error=0.03)) for n in range(9)]

    assert not recommend(points)["stop"]


def test_scatter_beyond_the_errors_widens_the_interval() -> None:
    calm = slope([(1000 * n, figure(0.8)) for n in range(5)])
    wild = slope([(1000 * n, figure(0.8 + 0.05 * (n % 2))) for n in range(5)])

    assert wild["high"] - wild["low"] > 5 * (calm["high"] - calm["low"])


def test_it_is_the_least_squares_line_where_all_weigh_the_same() -> None:
    told = slope([(0, figure(0.5)), (1000, figure(0.52)), (3000, figure(0.53))])

    # x 0, 1, 3 and y .50, .52, .53: Sxy = .0433, Sxx = 4.667.
    assert told["value"] == pytest.approx(0.0092857, abs=1e-6)


def test_slices_of_too_few_clips_are_left_out() -> None:
    part = {"by": "sex", "name": "f", "accuracy": figure(0.4)}

    point = Point.of(1, 10, {"accuracy": figure(0.5), "slices": [part | {"too_few": True}]})

    assert not point.slices
