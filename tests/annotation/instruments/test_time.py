"""Segments and traces: what is stored of them, and what they amount to."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.instruments import segments, trace
from annotation.instruments.base import Said
from tests.annotation.instruments.samples import clean, question, refusal

times = st.floats(0, 4)


def one(start: float, end: float, category: str = "joy") -> dict[str, Any]:
    return {"start": start, "end": end, "category": category}


def test_segments_are_stored_in_order_and_to_the_millisecond() -> None:
    stored = clean("segments", [one(2.00049, 3), one(0.5, 1, "anger")])

    assert stored == [one(0.5, 1.0, "anger"), one(2.0, 3.0)]


def test_nothing_to_mark_is_an_answer() -> None:
    assert clean("segments", []) == []
    assert segments.read(question("segments"), {"q.nothing": ["on"]}) == []


def test_different_categories_may_overlap() -> None:
    assert len(clean("segments", [one(0, 2), one(1, 3, "anger")])) == 2


def test_one_category_may_overlap_where_the_researcher_says_so() -> None:
    assert len(clean("segments", [one(0, 2), one(1, 3)], overlap=True)) == 2


def test_a_browser_may_think_that_the_clip_is_a_little_longer() -> None:
    assert clean("segments", [one(3, 4.08)]) == [one(3.0, 4.0)]


@given(st.lists(st.tuples(times, times, st.sampled_from(["joy", "anger"])), max_size=5))
def test_what_is_kept_is_sorted_within_the_clip_and_apart(
    drawn: list[tuple[float, float, str]],
) -> None:
    answer = [one(*parts) for parts in drawn]
    if refusal("segments", answer):
        return

    stored = clean("segments", answer)

    assert stored == sorted(stored, key=lambda s: s["start"])
    assert all(0 <= s["start"] < s["end"] <= 4 for s in stored)
    assert clean("segments", stored) == stored


def test_the_share_of_annotators_runs_over_time() -> None:
    said = [Said(1, 1, [one(0, 2)], 0.5), Said(1, 2, [one(1, 3)], 1.0), Said(1, 3, [], 0.5)]

    found = segments.aggregate(question("segments"), said)[1]

    assert found["shares"]["joy"] == [[0.0, 1.0, 0.25], [1.0, 2.0, 0.75], [2.0, 3.0, 0.5]]
    assert found["shares"]["anger"] == []


def test_frames_that_both_marked_are_agreement() -> None:
    said = [Said(1, 1, [one(0, 2)]), Said(1, 2, [one(1, 3)])]

    assert segments.aggregate(question("segments"), said)[1]["agreement"] == 0.333333


def test_to_mark_nothing_is_to_agree() -> None:
    said = [Said(1, 1, []), Said(1, 2, [])]

    assert segments.aggregate(question("segments"), said)[1]["agreement"] == 1.0


def test_one_alone_agrees_with_nobody() -> None:
    found = segments.aggregate(question("segments"), [Said(1, 1, [one(0, 2)])])

    assert found[1]["agreement"] is None


def followed(course: Any, lag: float = 0.0, seconds: float = 60.0) -> dict[str, Any]:
    """Return a trace of `course`, a function of time, drawn `lag` seconds late."""
    at = np.arange(0, seconds, 0.1)
    values = np.clip(course(np.maximum(at - lag, 0)), -1, 1)
    events = [[float(t), float(1000 * t), float(v)] for t, v in zip(at, values, strict=True)]
    return {"events": events, "log": [["ended", 1000 * seconds, seconds]]}


def wave(at: Any) -> Any:
    return 0.8 * np.sin(at / 3) * np.cos(at / 7)


def test_traces_are_fused_without_their_lags() -> None:
    said = [Said(1, who, followed(wave, lag)) for who, lag in ((5, 1.0), (7, 2.0), (9, 3.0))]

    found = trace.aggregate(question("trace"), said)[1]

    assert found["fused"]
    assert found["annotators"] == [5, 7, 9]
    assert found["lags"] == pytest.approx([0.0, 1.0, 2.0], abs=0.2)
    assert min(found["ccc_after"]) > max(found["ccc_before"])
    assert len(found["value"]) == len(found["spread"]) == 601


def test_one_trace_alone_is_what_it_is() -> None:
    found = trace.aggregate(question("trace"), [Said(1, 5, followed(wave, seconds=2))])[1]

    assert not found["fused"]
    assert "lags" not in found
    assert found["value"][3] == pytest.approx(wave(0.3), abs=1e-4)


def test_a_relative_trace_has_a_unit_of_its_own() -> None:
    asked = question("trace", range="relative")
    large = followed(lambda at: np.sin(at / 3))
    large["events"] = [[t, c, 100 * v] for t, c, v in large["events"]]

    found = trace.aggregate(asked, [Said(1, 1, large), Said(1, 2, followed(np.sin))])[1]

    assert np.nanmax(np.array(found["value"], dtype=float)) < 3
    assert clean("trace", {"events": [[0, 0, 0], [1, 1, 70.0]]}, range="relative")["log"] == []


events = st.lists(
    st.tuples(st.floats(0, 4), st.floats(0, 1e4), st.floats(-1, 1)), min_size=2, max_size=12
).map(lambda rows: [list(row) for row in zip(*map(sorted, zip(*rows)))])  # noqa: B905


@settings(deadline=None)
@given(st.lists(events, min_size=1, max_size=4))
def test_any_traces_that_are_kept_can_be_summed_up(drawn: list[list[list[float]]]) -> None:
    stored = [clean("trace", {"events": one_of, "log": []}) for one_of in drawn]

    found = trace.aggregate(question("trace"), [Said(1, w, s) for w, s in enumerate(stored)])[1]

    assert found["n"] == len(stored)
    assert all(v is None or -1 <= v <= 1 for v in found["value"])
    assert clean("trace", stored[0]) == stored[0]
