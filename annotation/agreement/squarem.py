"""Fixed points of EM in fewer steps: SQUAREM, which leaps along what two steps have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Floats

PLAIN_STEPS = 10
SLICE = 8192
FEW = 1e-4
# How far a leap may go, in steps, and how that changes when leaps succeed or fail.
FIRST_LENGTH, FARTHER, SHORTEST = 16.0, 4.0, 2.0


@dataclass(frozen=True, eq=False)
class Step:
    """What one step of EM made of a state.

    state: (n,), the next state; never below 0.
    beliefs: any shape, what is believed of the tasks at the state the step was taken from.
    objective: what EM raises, at the state the step was taken from.
    """

    state: Floats
    beliefs: Floats
    objective: float


def fixed_point(
    step: Callable[[Floats], Step],
    start: Floats,
    *,
    tolerance: float,
    max_steps: int,
    plain: int | None = None,
    block: int | None = None,
) -> Step:
    """Return the step at which one more plain step moves no belief by `tolerance`.

    Of more than ten thousand beliefs, one in as many may still move: among so many there is
    always one that is slow to settle, and all others would wait for it.

    The first steps are plain, ten or `plain`, so that it is the fixed point EM itself is bound
    for. After them each leap is taken only where it does not lower the objective; otherwise the
    plain step stands, and leaps are shorter from then on. The fixed points are those of EM. Each
    `block` of so many numbers leaps as far as suits it: an annotator who settles late is not held
    back by those who have settled.

    Source: Varadhan & Roland (2008), "Simple and globally convergent methods for accelerating
    the convergence of any EM algorithm", scheme S3.

    >>> halve = lambda x: Step(1 + (x - 1) * 0.99, x, -float(abs(x - 1).max()))
    >>> found = fixed_point(halve, np.array([5.0]), tolerance=1e-9, max_steps=20)
    >>> found.state.round(6)
    array([1.])
    """
    plain = PLAIN_STEPS if plain is None else plain
    before, origin = step(start), start
    longest = FIRST_LENGTH
    for taken in range(2, max_steps + 1):
        now = step(before.state)
        if _moving(before.beliefs, now.beliefs, tolerance) <= FEW:
            return now
        if taken <= plain or taken % 2 or taken == max_steps:
            before, origin = now, before.state
            continue
        leap, length = _leap(origin, before.state, now.state, block, longest)
        tried = step(leap)
        if tried.objective >= now.objective:
            before, origin = tried, leap
            longest *= FARTHER if length >= longest else 1.0
        else:
            before, origin = now, before.state
            longest = max(min(longest, length) / FARTHER, SHORTEST)
    return before


def _leap(
    first: Floats, second: Floats, third: Floats, block: int | None, longest: float
) -> tuple[Floats, float]:
    """Extrapolate from three states in a row, and say how far; what would fall below 0 stops at 0.

    Among many blocks there is one that leaps too far and spoils the step of all: none goes farther
    than `longest`.
    """
    r = second - first
    v = third - second - r
    starts = np.arange(0, len(r), block or len(r) or 1)
    speed, bend = (np.sqrt(np.add.reduceat(part * part, starts)) for part in (r, v))
    wanted = np.divide(speed, bend, out=np.ones_like(bend), where=bend > 0)
    length = np.clip(wanted, 1.0, longest)
    each = length.repeat(np.diff(np.append(starts, len(r))))
    leap: Floats = np.maximum(first + 2 * each * r + each**2 * v, 0.0)
    return leap, float(length.max(initial=1.0))


def _moving(before: Floats, after: Floats, tolerance: float) -> float:
    """The share of rows that change by `tolerance`, a slice at a time: nothing is as large."""
    pairs = zip(_slices(before), _slices(after), strict=True)
    rows = (np.abs(b - a).reshape(len(a), -1) >= tolerance for a, b in pairs)
    return sum(int(row.any(axis=1).sum()) for row in rows) / max(len(after), 1)


def _slices(table: Floats) -> Iterator[Floats]:
    return (table[i : i + SLICE] for i in range(0, len(table), SLICE))
