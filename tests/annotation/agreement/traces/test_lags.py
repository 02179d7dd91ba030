from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.traces.lags import advance, estimate_lags, lag_behind
from tests.annotation.agreement.traces.simulation import course, late_traces


@pytest.mark.parametrize("injected", [1, 2, 3, 4, 5, 6])
def test_the_lag_of_one_late_annotator_is_found(injected: float) -> None:
    _, traces = late_traces([0, 0, 0, 0, injected])

    assert estimate_lags(traces).seconds == pytest.approx([0, 0, 0, 0, injected], abs=0.2)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(10, 60), min_size=5, max_size=8), st.integers(0, 50))
def test_lags_all_different_are_found_once_the_crowds_is_known(
    tenths: list[int], seed: int
) -> None:
    lags = np.array(tenths) / 10
    _, traces = late_traces(lags.tolist(), seed=seed)

    found = estimate_lags(traces, crowd=float(np.median(lags)))

    assert found.seconds == pytest.approx(lags, abs=0.3)


def test_without_a_known_course_the_fastest_annotator_has_no_lag() -> None:
    _, traces = late_traces([2, 3, 5])

    assert estimate_lags(traces).seconds == pytest.approx([0, 1, 3], abs=0.2)


def test_who_only_makes_noise_is_given_the_crowds_lag() -> None:
    _, traces = late_traces([1, 1, 1, 1, 1])
    traces[4] = np.random.default_rng(5).normal(size=traces.shape[1])

    found = estimate_lags(traces, crowd=1.0, spread=0.2)

    assert found.seconds == pytest.approx([1, 1, 1, 1, 1], abs=0.3)


def test_a_trace_that_stops_early_keeps_its_lag() -> None:
    _, traces = late_traces([0, 0, 0, 4])
    traces[3, 900:] = np.nan

    assert estimate_lags(traces).seconds[3] == pytest.approx(4, abs=0.2)


def test_the_lag_behind_a_known_course_is_found() -> None:
    truth, traces = late_traces([3.4])

    assert lag_behind(truth, traces[0]) == pytest.approx(3.4, abs=0.1)


def test_taking_back_a_lag_restores_the_course() -> None:
    truth, traces = late_traces([2.5, 0.3], noise=0)

    restored = advance(traces, np.array([2.5, 0.3]))

    known = np.isfinite(restored)
    assert restored[known] == pytest.approx(np.broadcast_to(truth, restored.shape)[known])
    assert (~known).sum(axis=1).tolist() == [25, 3]


def test_one_annotator_alone_has_no_lag() -> None:
    with pytest.raises(ValueError, match="two annotators"):
        estimate_lags(course(30)[None])


def test_a_course_that_never_moves_shows_no_lag() -> None:
    with pytest.raises(ValueError, match="never move"):
        lag_behind(np.ones(200), np.ones(200))
