from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.ccc import ccc
from annotation.agreement.ewe import standardised
from annotation.agreement.traces import warping
from annotation.agreement.traces.warping import STEPS, align, warp
from tests.annotation.agreement.traces.simulation import course


def cheapest(trace: list[float], reference: list[float], width: int) -> float:
    """The least cost of any path, by trying them all."""
    x, y = standardised(np.array([trace, reference]))

    def from_start(i: int, j: int) -> float:
        if i < 0 or j < 0 or abs(i - j) > width:
            return np.inf
        cost = float((x[i] - y[j]) ** 2)
        if i == j == 0:
            return cost
        return min(from_start(i - a, j - b) + (a + b) * cost for a, b in STEPS)

    return from_start(len(x) - 1, len(y) - 1)


def test_a_wandering_delay_is_undone() -> None:
    still = course(60)
    moments = np.arange(600)
    wandering = np.interp(moments - 8 + 6 * np.sin(moments / 80), moments, still)

    warped = warp(wandering[None], still[None], width=20)[0]

    assert ccc(wandering, still) < 0.9
    assert ccc(warped, still) > 0.98


def test_no_moment_moves_further_than_the_band() -> None:
    peak = np.exp(-((np.arange(100) - 50.0) ** 2) / 8)

    warped = warp(np.roll(peak, 30)[None], peak[None], width=10)[0]

    assert abs(int(np.argmax(warped)) - 80) <= 10


def test_traces_that_agree_already_stay_as_they_are() -> None:
    same = np.tile(course(20), (3, 1))

    assert align(same) == pytest.approx(same)


def test_what_is_unknown_stays_unknown() -> None:
    trace = course(20)
    stopped = trace.copy()
    stopped[120:] = np.nan

    warped = warp(stopped[None], trace[None], width=10)[0]

    assert np.isnan(warped[140:]).all()
    assert warped[:100] == pytest.approx(trace[:100])


@pytest.mark.parametrize("seed", range(8))
def test_the_path_is_as_cheap_as_any(seed: int) -> None:
    x, y = np.random.default_rng(seed).normal(size=(2, 6))
    costs = warping._costs(standardised(x[None]), standardised(y[None]), 2)
    taken = warping._cheapest_steps(costs, 2)[0]

    i = j = 5
    total = 0.0
    while i or j:
        a, b = STEPS[taken[j, i - j + 2]]
        total += (a + b) * costs[0, j, i - j + 2]
        i, j = i - a, j - b
    assert total + costs[0, 0, 2] == pytest.approx(cheapest(x.tolist(), y.tolist(), 2))
