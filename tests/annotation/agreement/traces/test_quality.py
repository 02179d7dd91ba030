from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.traces.events import PointerEvents
from annotation.agreement.traces.quality import Flag, flags

SCALE = (-100.0, 100.0)
TIMES = np.arange(0, 60, 0.5)
LIVELY = 80 * np.sin(TIMES / 5)


def flagged(media: np.ndarray, values: np.ndarray, clock: np.ndarray = TIMES) -> set[Flag]:
    return set(flags(PointerEvents.of(media, clock[: len(media)], values), 60, SCALE))


def test_a_trace_made_by_watching_has_no_flag() -> None:
    assert flagged(TIMES, LIVELY) == set()


def test_going_back_and_going_ahead_are_seeks() -> None:
    assert flagged(np.where(TIMES > 30, TIMES - 5, TIMES) * 60 / 55, LIVELY) == {Flag.SEEKS}
    assert flagged(TIMES[20:], LIVELY[20:], TIMES) == set()
    assert flagged(np.delete(TIMES, slice(20, 40)), LIVELY[:100], TIMES) == {Flag.SEEKS}


def test_a_pause_is_not_a_seek() -> None:
    assert flagged(TIMES, LIVELY, np.where(TIMES > 30, TIMES + 600, TIMES)) == set()


def test_a_pointer_that_hardly_moves_is_flat() -> None:
    assert flagged(TIMES, LIVELY / 100) == {Flag.FLAT}


def test_staying_at_one_end_is_riding_the_edge() -> None:
    values = np.where(TIMES == 0, 0.0, 100.0)

    assert flagged(TIMES, values) == {Flag.EDGE}


def test_events_that_end_halfway_are_stopping_early() -> None:
    assert flagged(TIMES[:60], LIVELY[:60]) == {Flag.STOPPED_EARLY}


def test_an_unbounded_trace_has_no_edge() -> None:
    events = PointerEvents.of(TIMES, TIMES, np.where(TIMES == 0, 0.0, 100.0))

    assert flags(events, 60) == set()


def test_a_scale_without_extent_is_refused() -> None:
    with pytest.raises(ValueError, match="scale: its lowest"):
        flags(PointerEvents.of([0], [0], [0]), 60, (1, 1))
