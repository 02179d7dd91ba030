"""Lays the segments of several annotators over one another, frame by frame."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from annotation.agreement.answers import Floats
from annotation.instruments.base import Said, Summary, by_task
from annotation.instruments.summaries import DIGITS, rounded

RATE = 10


def overlaid(said: Sequence[Said], categories: Sequence[str]) -> dict[int, Summary]:
    """Return the share of annotators marking each category over time, and their agreement.

    The agreement is Jaccard's: of the frames of a category that either of two annotators marked,
    those that both did, over all pairs and categories. It is 1 where nobody marked anything, and
    None where one alone answered. Frames that all leave unmarked tell nothing and do not count.
    """
    return {task: _overlaid(answers, categories) for task, answers in by_task(said).items()}


def _overlaid(answers: Sequence[Said], categories: Sequence[str]) -> Summary:
    # Of an annotator's answers to the same clip the last one counts.
    last = list({one.annotator: one for one in answers}.values())
    marks = _marks(last, categories)
    weights = np.array([one.weight for one in last], dtype=float)
    total = float(weights.sum())
    share = np.tensordot(weights, marks, 1) / total if total else np.zeros(marks.shape[1:])
    return {
        "n": len(last),
        "rate": RATE,
        "shares": {
            name: _runs(row) for name, row in zip(categories, share.round(DIGITS), strict=True)
        },
        "agreement": _agreement(marks),
    }


def _marks(answers: Sequence[Said], categories: Sequence[str]) -> NDArray[np.bool_]:
    """Return who marked what and when: (n_annotators, n_categories, n_frames)."""
    place = {name: i for i, name in enumerate(categories)}
    marked = [
        (who, place[one["category"]], *_frames(one))
        for who, said in enumerate(answers)
        for one in said.answer
    ]
    n_frames = max((end for *_, end in marked), default=0)
    marks = np.zeros((len(answers), len(categories), n_frames), dtype=bool)
    for who, category, start, end in marked:
        marks[who, category, start:end] = True
    return marks


def _frames(segment: dict[str, Any]) -> tuple[int, int]:
    """Return the frames that a segment covers; even the shortest has one."""
    start, end = (int(segment[edge] * RATE + 0.5) for edge in ("start", "end"))
    return start, max(end, start + 1)


def _runs(share: Floats) -> list[list[float]]:
    """Return the stretches in which the share stays the same and is not 0."""
    edges = np.flatnonzero(np.diff(share, prepend=0.0, append=0.0)).tolist()
    return [
        [start / RATE, end / RATE, rounded(share[start])]
        for start, end in pairwise(edges)
        if share[start] > 0
    ]


def _agreement(marks: NDArray[np.bool_]) -> float | None:
    n = len(marks)
    if n < 2:
        return None
    marking = marks.sum(axis=0)
    both = int((marking * (marking - 1)).sum())
    either = int((n * (n - 1) - (n - marking) * (n - marking - 1)).sum())
    return rounded(both / either) if either else 1.0
