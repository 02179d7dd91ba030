"""What several answers amount to: shares of categories, weighted means of numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from annotation.agreement.ambiguity import entropy
from annotation.agreement.ewe import NoAgreementError, fuse, weighted
from annotation.instruments.base import Said, Summary, by_task

DIGITS = 6


def _itself(answer: Any) -> Any:
    return answer


def shares(
    said: Sequence[Said], values: Sequence[str], category: Callable[[Any], Any] = _itself
) -> dict[int, Summary]:
    """Return the weighted share of each category, with its entropy in nats.

    >>> shares([Said(1, 1, "joy"), Said(1, 2, "sad")], ["joy", "sad"])[1]["distribution"]
    {'joy': 0.5, 'sad': 0.5}
    """
    return {task: _shares(answers, values, category) for task, answers in by_task(said).items()}


def _shares(
    answers: Sequence[Said], values: Sequence[str], category: Callable[[Any], Any]
) -> Summary:
    sums = dict.fromkeys(values, 0.0)
    for one in answers:
        sums[category(one.answer)] += one.weight
    total = sum(sums.values())
    share = np.array([value / total if total else 0.0 for value in sums.values()])
    return {
        "n": len(answers),
        "distribution": {value: _round(p) for value, p in zip(values, share, strict=True)},
        "entropy": _round(entropy(share[None, :])[0]) if total else None,
    }


def numbers(said: Sequence[Said]) -> dict[int, Summary]:
    """Return the evaluator-weighted mean of numbers and their spread, the task's own ambiguity.

    Annotators weigh by their correlation with the mean of the others (Grimm & Kroschel 2005);
    where nobody agrees, or one alone answered, the plain mean stands in.

    >>> numbers([Said(1, 1, 2.0), Said(1, 2, 4.0)])[1]
    {'n': 2, 'mean': 3.0, 'spread': 1.0}
    """
    known = [one for one in said if one.answer is not None]
    if not known:
        return {}
    tasks = sorted({one.task for one in known})
    people = sorted({one.annotator for one in known})
    row = {key: i for i, key in enumerate(people)}
    column = {key: i for i, key in enumerate(tasks)}
    table = np.full((len(people), len(tasks)), np.nan)
    for one in known:
        table[row[one.annotator], column[one.task]] = one.answer
    fused = _fused(table)
    counts = np.isfinite(table).sum(axis=0)
    return {
        task: {
            "n": int(counts[i]),
            "mean": _round(fused.value[i]),
            "spread": _round(fused.spread[i]),
        }
        for task, i in column.items()
    }


def _fused(table: Any) -> Any:
    """Fuse (annotators, tasks); nobody's answer is lost because they agree with nobody."""
    equal = weighted(table, np.ones(len(table)))
    if len(table) < 2:
        return equal
    try:
        fused = fuse(table)
    except NoAgreementError:
        return equal
    silent = ~np.isfinite(fused.value)
    fused.value[silent], fused.spread[silent] = equal.value[silent], equal.spread[silent]
    return fused


def _round(value: float) -> float:
    return round(float(value), DIGITS)
