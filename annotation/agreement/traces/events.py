"""Raw pointer events of one trace, and the even grid that they are resampled to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.answers import Bools, Floats

RATE = 10.0
MOST_EVENTS = 50_000


@dataclass(frozen=True, eq=False)
class PointerEvents:
    """What the pointer did, in the order in which it happened; all arrays (n_events,).

    Raises ValueError, whose message begins with the field's name, when there are no events or
    more than 50,000, lengths differ, something is not a finite number, a media time is negative,
    or the clock runs backwards. Media time may step back: the annotator rewound.

    >>> PointerEvents.of([0.0, 1.0], [5.0, 4.0], [0, 1])
    Traceback (most recent call last):
    ...
    ValueError: clock: event 1 is earlier than the one before it (4 s after 5 s).
    """

    media_time: Floats
    """Seconds into the clip."""

    clock: Floats
    """Seconds of the annotator's own steady clock, from any start."""

    value: Floats
    """Where the pointer stood from this event until the next."""

    @classmethod
    def of(cls, media_time: ArrayLike, clock: ArrayLike, value: ArrayLike) -> PointerEvents:
        """Return the events from anything like arrays.

        >>> len(PointerEvents.of([0, 0.4], [7, 7.4], [0, 1]))
        2
        """
        fields = (np.asarray(field, dtype=float) for field in (media_time, clock, value))
        return cls(*fields)

    def __post_init__(self) -> None:
        for name in ("media_time", "clock", "value"):
            _check_field(name, getattr(self, name), len(self.media_time))
        if (self.media_time < 0).any():
            raise ValueError("media_time: a time before the clip's start.")
        _check_order("clock", self.clock)

    def __len__(self) -> int:
        return len(self.media_time)

    def subset(self, chosen: Bools) -> PointerEvents:
        """Return the events where `chosen` (n_events,) is true.

        >>> len(PointerEvents.of([0, 1], [0, 1], [3, 4]).subset(np.array([True, False])))
        1
        """
        return PointerEvents(self.media_time[chosen], self.clock[chosen], self.value[chosen])


def last_pass(events: PointerEvents) -> PointerEvents:
    """Return the events without those that a rewind went over again.

    What was said last of a moment counts, as with any other change of mind.

    >>> rewound = PointerEvents.of([0, 2, 4, 1, 3], [0, 2, 4, 5, 7], [0, 1, 2, 8, 9])
    >>> last_pass(rewound).value
    array([0., 8., 9.])
    """
    earliest_from_here = np.minimum.accumulate(events.media_time[::-1])[::-1]
    return events.subset(events.media_time <= earliest_from_here)


def resample(
    events: PointerEvents, duration: float, *, rate: float = RATE, until: float | None = None
) -> Floats:
    """Return the value at 0, 1/rate, 2/rate ... `duration` seconds, shape (n,).

    A value holds from its event to the next: the pointer did stand there. Before the first event
    nothing is known, nor after `until`, the media time in seconds at which playing ended: NaN.
    Without `until` the last value holds to the end. Raises ValueError naming `media_time` when it
    runs backwards (see `last_pass`), and for a duration or a rate that is not above 0.

    >>> events = PointerEvents.of([0.1, 0.25, 0.45], [9.0, 9.2, 9.4], [5, 7, 6])
    >>> resample(events, 0.6)
    array([nan,  5.,  5.,  7.,  7.,  6.,  6.])
    """
    if not duration > 0 or not rate > 0:
        raise ValueError("duration, rate: both must be above 0.")
    _check_order("media_time", events.media_time)
    # A moment computed as k / rate may fall a rounding error short of an event at that time.
    grid = np.arange(int(duration * rate + 1e-6) + 1) / rate
    latest = np.searchsorted(events.media_time, grid + 1e-9, side="right") - 1
    known = (latest >= 0) & (grid <= (np.inf if until is None else until) + 1e-9)
    return np.where(known, events.value[np.maximum(latest, 0)], np.nan)


def _check_field(name: str, values: Floats, n: int) -> None:
    if values.ndim != 1 or len(values) != n:
        raise ValueError(f"{name}: must be one number for every event.")
    if n == 0:
        raise ValueError(f"{name}: there are no events.")
    if n > MOST_EVENTS:
        raise ValueError(f"{name}: {n} events are more than the {MOST_EVENTS} a trace may have.")
    if not np.isfinite(values).all():
        raise ValueError(f"{name}: every entry must be a finite number.")


def _check_order(name: str, times: Floats) -> None:
    back = np.flatnonzero(np.diff(times) < 0)
    if back.size:
        i = int(back[0]) + 1
        raise ValueError(
            f"{name}: event {i} is earlier than the one before it "
            f"({times[i]:g} s after {times[i - 1]:g} s)."
        )
