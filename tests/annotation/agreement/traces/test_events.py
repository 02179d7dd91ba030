from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from annotation.agreement.traces.events import PointerEvents, last_pass, resample


def test_a_value_holds_until_the_next_event() -> None:
    events = PointerEvents.of([0.0, 0.31], [0.0, 0.31], [1, 2])

    assert resample(events, 0.5).tolist() == [1, 1, 1, 1, 2, 2]


def test_an_event_on_the_grid_counts_at_its_own_moment() -> None:
    times = np.arange(600) / 10

    assert resample(PointerEvents.of(times, times, times), 59.9).tolist() == times.tolist()


def test_nothing_is_known_before_the_first_event_or_after_playing_ended() -> None:
    events = PointerEvents.of([0.15], [0.0], [3])

    values = resample(events, 0.5, until=0.3)

    assert np.isnan(values).tolist() == [True, True, False, False, True, True]


@pytest.mark.parametrize(
    ("field", "arrays"),
    [
        ("clock", ([0, 1], [1, 0], [0, 0])),
        ("value", ([0, 1], [0, 1], [0, np.nan])),
        ("value", ([0, 1], [0, 1], [0])),
        ("media_time", ([-1, 1], [0, 1], [0, 0])),
        ("media_time", ([], [], [])),
        ("media_time", (np.zeros(100_000), np.zeros(100_000), np.zeros(100_000))),
    ],
)
def test_the_message_names_the_field_that_is_wrong(
    field: str, arrays: tuple[ArrayLike, ArrayLike, ArrayLike]
) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        PointerEvents.of(*arrays)


def test_media_time_running_backwards_is_not_resampled() -> None:
    events = PointerEvents.of([0, 4, 2], [0, 4, 5], [0, 0, 0])

    with pytest.raises(ValueError, match=r"^media_time: event 2 .* \(2 s after 4 s\)"):
        resample(events, 5)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40))
def test_what_is_left_of_a_rewound_trace_can_be_resampled(media: list[float]) -> None:
    events = PointerEvents.of(media, np.arange(len(media)), np.arange(len(media)))

    values = resample(last_pass(events), 100)

    assert values[-1] == len(media) - 1


def test_a_duration_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="duration"):
        resample(PointerEvents.of([0], [0], [0]), 0)
