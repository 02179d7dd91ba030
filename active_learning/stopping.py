"""Whether more labels still make the learner better: a recommendation, with its evidence; pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Accuracy that a thousand labels more must still promise: 0.2 points.
WORTH = 0.002
PER_LABELS = 1000
# So many rounds in a row have to say so, each from the latest rounds up to it.
ROUNDS, WINDOW, LEAST_POINTS = 3, 5, 3
Z = 1.959963984540054
# A figure from a few clips that all came true has an interval without width; nothing is so sure.
LEAST_ERROR = 1e-3

Figure = Mapping[str, Any]
Slices = Mapping[str, Figure]


@dataclass(frozen=True)
class Point:
    """A round on the learning curve: labels, accuracy on chance-picked clips, and by slice."""

    number: int
    labels: int
    accuracy: Figure
    slices: Slices = field(default_factory=dict)

    @classmethod
    def of(cls, number: int, labels: int, metrics: Mapping[str, Any]) -> Point:
        """Return the point of a round's metrics; slices of too few clips are left out."""
        parts = [part for part in metrics.get("slices", []) if not part["too_few"]]
        slices = {f"{part['by']}: {part['name']}": part["accuracy"] for part in parts}
        return cls(number, labels, metrics.get("accuracy", {}), slices)


def recommend(points: Sequence[Point]) -> dict[str, Any]:
    """Say whether to stop: the slope's interval lies below 0.2 points per 1,000 labels.

    It has to at each of three rounds, for all clips and for the slice that is worst now. A slope
    is of the latest five rounds up to a round, each weighted by the inverse square of its
    standard error, which its 95 % interval tells. Where the points scatter more than their
    errors allow, the slope's interval is widened by that ratio (Birge 1932). Rounds share most
    of their clips, so that their errors go together and the interval is rather too wide: the
    rule stops late, not early.

    Args:
        points: the rounds so far, in their order.

    Returns:
        `stop`; `why`, a sentence; `slope` of accuracy per 1,000 labels as {value, low, high, n}
        with n the rounds behind it; `worst_slice` {name, accuracy, slope} or None; `rounds`, the
        numbers of those that had a say.
    """
    known = [point for point in points if _is_known(point.accuracy)]
    accuracies = [(point.labels, point.accuracy) for point in known]
    worst = _worst(known)
    told = {
        "slope": slope(accuracies[-WINDOW:]),
        "worst_slice": worst and _of_slice(known, worst),
        "rounds": [point.number for point in known[-ROUNDS:]],
    }
    why = _why_go_on(accuracies, known, worst)
    flat = f"Another {PER_LABELS} labels would add less than {WORTH * 100:.1f} points of accuracy."
    return {"stop": not why, "why": why or flat, **told}


def slope(curve: Sequence[tuple[int, Figure]]) -> dict[str, Any]:
    """Return the weighted slope of accuracy per 1,000 labels with its 95 % interval.

    >>> point = lambda value: {"value": value, "low": value - 0.01, "high": value + 0.01, "n": 99}
    >>> round(slope([(0, point(0.6)), (1000, point(0.7)), (2000, point(0.8))])["value"], 3)
    0.1
    """
    labels = np.array([at for at, _ in curve], dtype=np.float64) / PER_LABELS
    if len(curve) < LEAST_POINTS or len(set(labels)) < 2:
        return {"value": None, "low": None, "high": None, "n": len(curve)}
    values = np.array([figure["value"] for _, figure in curve], dtype=np.float64)
    errors = np.array([_error(figure) for _, figure in curve])
    weights = errors**-2
    x = labels - np.average(labels, weights=weights)
    spread = float((weights * x**2).sum())
    value = float((weights * x * values).sum()) / spread
    residuals = values - np.average(values, weights=weights) - value * x
    ratio = float((weights * residuals**2).sum()) / (len(curve) - 2)
    half = Z * math.sqrt(max(1.0, ratio) / spread)
    return {"value": value, "low": value - half, "high": value + half, "n": len(curve)}


def _why_go_on(
    accuracies: Sequence[tuple[int, Figure]], known: Sequence[Point], worst: str | None
) -> str:
    if len(accuracies) < LEAST_POINTS + ROUNDS - 1:
        return f"Not enough rounds yet: {len(accuracies)} of {LEAST_POINTS + ROUNDS - 1}."
    if not _is_flat(accuracies):
        return "More labels may still make the learner better."
    if worst is None:
        return ""
    curve = _curve(known, worst)
    if len(curve) < LEAST_POINTS + ROUNDS - 1:
        return f"Not enough rounds yet for {worst}, where the learner is worst."
    return "" if _is_flat(curve) else f"More labels may still help where it is worst: {worst}."


def _is_flat(curve: Sequence[tuple[int, Figure]]) -> bool:
    """Say whether at each of the latest rounds the slope's whole interval lay below what counts."""
    ends = [slope(curve[: len(curve) - ago][-WINDOW:])["high"] for ago in range(ROUNDS)]
    return all(end is not None and end < WORTH for end in ends)


def _worst(known: Sequence[Point]) -> str | None:
    slices = known[-1].slices if known else {}
    values = {name: part["value"] for name, part in slices.items() if _is_known(part)}
    return min(sorted(values), key=values.__getitem__) if values else None


def _of_slice(known: Sequence[Point], name: str) -> dict[str, Any]:
    curve = _curve(known, name)
    return {"name": name, "accuracy": dict(curve[-1][1]), "slope": slope(curve[-WINDOW:])}


def _curve(known: Sequence[Point], name: str) -> list[tuple[int, Figure]]:
    parts = [(point.labels, point.slices[name]) for point in known if name in point.slices]
    return [(labels, part) for labels, part in parts if _is_known(part)]


def _is_known(figure: Figure) -> bool:
    return all(figure.get(end) is not None for end in ("value", "low", "high"))


def _error(figure: Figure) -> float:
    return max(LEAST_ERROR, float(figure["high"] - figure["low"]) / (2 * Z))
