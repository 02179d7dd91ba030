"""Signs that a trace was not made by watching and answering. A person decides what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from annotation.agreement.answers import Floats
from annotation.agreement.traces.events import PointerEvents, last_pass, resample


class Flag(StrEnum):
    """What is unusual about a trace."""

    SEEKS = "seeks"
    FLAT = "flat_line"
    EDGE = "riding_the_edge"
    STOPPED_EARLY = "stopped_early"


@dataclass(frozen=True)
class Limits:
    """What still passes; shares are of the clip's length or of the scale's."""

    jump_s: float = 0.5
    """Media time may be off what the clock allows by so many seconds: beyond is a seek."""

    fastest_rate: float = 1.0
    """How many media seconds may pass in one second of the clock."""

    least_range: float = 0.05
    """A bounded trace moves over more than this share of the scale."""

    edge_width: float = 0.02
    """So close to an end of the scale counts as its edge, as a share of the scale."""

    edge_share: float = 0.95
    """At one and the same edge for less than this share of the time."""

    seen: float = 0.9
    """Up to this share of the clip there are events."""


DEFAULT = Limits()


def flags(
    events: PointerEvents,
    duration: float,
    scale: tuple[float, float] | None = None,
    limits: Limits = DEFAULT,
) -> frozenset[Flag]:
    """Return what is unusual about the trace of a clip of `duration` seconds.

    `scale` is the lowest and the highest value of a bounded trace; an unbounded one (None) is
    flat when it has one value only, and has no edge. Raises ValueError for a duration that is
    not above 0, or a scale without extent.

    >>> stayed = PointerEvents.of([0, 1, 12], [0, 1, 12], [-100, -98, -100])
    >>> sorted(flag.value for flag in flags(stayed, 60, (-100, 100)))
    ['flat_line', 'riding_the_edge', 'stopped_early']
    """
    if not duration > 0:
        raise ValueError("duration: must be above 0.")
    if scale is not None and not scale[0] < scale[1]:
        raise ValueError("scale: its lowest value must be below its highest.")
    found = {
        Flag.SEEKS: _seeks(events, limits),
        Flag.FLAT: _is_flat(events.value, scale, limits),
        Flag.EDGE: scale is not None
        and edge_share(events, duration, scale, limits) >= limits.edge_share,
        Flag.STOPPED_EARLY: float(events.media_time.max()) < limits.seen * duration,
    }
    return frozenset(flag for flag, is_so in found.items() if is_so)


def edge_share(
    events: PointerEvents, duration: float, scale: tuple[float, float], limits: Limits = DEFAULT
) -> float:
    """Return the share of the answered time spent at one edge of the scale, the worse one.

    >>> mostly_inside = PointerEvents.of([0, 1, 9], [0, 1, 9], [0, 50, 50])
    >>> round(edge_share(mostly_inside, 9.9, (0, 100)), 2)
    0.11
    """
    values = resample(last_pass(events), duration, until=float(events.media_time.max()))
    known = values[np.isfinite(values)]
    width = limits.edge_width * (scale[1] - scale[0])
    low, high = known <= scale[0] + width, known >= scale[1] - width
    return float(max(low.mean(), high.mean())) if known.size else 0.0


def _seeks(events: PointerEvents, limits: Limits) -> bool:
    """A pause or a stall lets the clock run ahead; only a seek moves the medium otherwise."""
    moved = np.diff(events.media_time)
    possible = np.diff(events.clock) * limits.fastest_rate
    return bool(((moved < -limits.jump_s) | (moved > possible + limits.jump_s)).any())


def _is_flat(values: Floats, scale: tuple[float, float] | None, limits: Limits) -> bool:
    reach = float(np.ptp(values))
    return reach == 0 if scale is None else reach <= limits.least_range * (scale[1] - scale[0])
