"""Figures over simulated campaigns: a mean, and between what the campaigns differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

DIGITS = 6
CENTRAL = (0.025, 0.975)


class Figure(TypedDict):
    """The mean, and the central 95 % of the simulated campaigns; None where not defined."""

    value: float | None
    low: float | None
    high: float | None


def figure(values: Sequence[float]) -> Figure:
    """Sum up one figure of several campaigns.

    >>> figure([1.0, 2.0, 3.0])
    {'value': 2.0, 'low': 1.05, 'high': 2.95}
    """
    known = np.array([value for value in values if np.isfinite(value)])
    if not len(known):
        return {"value": None, "low": None, "high": None}
    low, high = np.quantile(known, CENTRAL)
    return {"value": rounded(known.mean()), "low": rounded(low), "high": rounded(high)}


def scaled(one: Figure, by: float) -> Figure:
    """Return the figure in another unit.

    >>> scaled({"value": 2.0, "low": 1.0, "high": None}, 10)
    {'value': 20.0, 'low': 10.0, 'high': None}
    """
    value, low, high = (
        None if part is None else rounded(part * by)
        for part in (one["value"], one["low"], one["high"])
    )
    return {"value": value, "low": low, "high": high}


def rounded(value: float) -> float:
    """Round to what is shown at most, so that the same plan is the same text anywhere."""
    return round(float(value), DIGITS)
