"""What several answers amount to: shares of categories, weighted means of numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from annotation.agreement.ambiguity import entropy
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.scattered import fuse_scattered
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
    return {"n": len(answers), **distribution(sums)}


def distribution(sums: Mapping[str, float]) -> Summary:
    """Return weights of categories as shares of their sum, with the entropy in nats.

    >>> distribution({"joy": 3.0, "sad": 1.0})
    {'distribution': {'joy': 0.75, 'sad': 0.25}, 'entropy': 0.562335}
    """
    total = sum(sums.values())
    share = np.array([weight / total if total else 0.0 for weight in sums.values()])
    return {
        "distribution": {name: rounded(p) for name, p in zip(sums, share, strict=True)},
        "entropy": rounded(entropy(share[None, :])[0]) if total else None,
    }


def numbers(said: Sequence[Said], number: Callable[[Any], Any] = _itself) -> dict[int, Summary]:
    """Return the evaluator-weighted mean of numbers and their spread, the task's own ambiguity.

    Annotators weigh by their correlation with the mean of the others (Grimm & Kroschel 2005);
    where nobody agrees, or one alone answered, the plain mean stands in. `number` finds the
    number in an answer, None where there is none. Of an annotator's answers to the same task the
    last one counts.

    >>> numbers([Said(1, 1, 2.0), Said(1, 2, 4.0)])[1]
    {'n': 2, 'mean': 3.0, 'spread': 1.0}
    """
    known = {
        (one.task, one.annotator): value
        for one in said
        if (value := number(one.answer)) is not None
    }
    if not known:
        return {}
    tasks, item = _numbered([task for task, _ in known])
    _, who = _numbered([annotator for _, annotator in known])
    fused = fuse_scattered(item, who, np.array(list(known.values()), dtype=float))
    counts = np.bincount(item)
    return {
        task: {
            "n": int(counts[i]),
            "mean": rounded(fused.value[i]),
            "spread": rounded(fused.spread[i]),
        }
        for i, task in enumerate(tasks)
    }


def per_part(
    said: Sequence[Said], parts: Sequence[str], table: Floats
) -> dict[int, dict[str, dict[str, Any]]]:
    """Return the number of answers to each part, their weighted mean, and the share above 0.

    `table` is (n_answers, n_parts), NaN where a part was left untouched, which never counts as 0.

    >>> per_part([Said(1, 1, None), Said(1, 2, None)], ["joy"], np.array([[2.0], [np.nan]]))
    {1: {'joy': {'n': 1, 'mean': 2.0, 'share': 1.0}}}
    """
    if not said:
        return {}
    tasks, item = _numbered([one.task for one in said])
    weight = np.array([one.weight for one in said], dtype=float)
    found: dict[int, dict[str, dict[str, Any]]] = {task: {} for task in tasks}
    for part, column in zip(parts, table.T, strict=True):
        touched = np.isfinite(column)
        counted = np.where(touched, weight, 0.0)
        total = np.bincount(item, counted)
        n = np.bincount(item, touched)
        values = np.where(touched, column, 0.0)
        means, above = (np.bincount(item, counted * v) for v in (values, values > 0))
        for i, task in enumerate(tasks):
            whole = float(total[i])
            found[task][part] = {
                "n": int(n[i]),
                "mean": rounded(means[i] / whole) if whole else None,
                "share": rounded(above[i] / whole) if whole else None,
            }
    return found


def rounded(value: float) -> float:
    return round(float(value), DIGITS)


def _numbered(keys: Sequence[int]) -> tuple[list[int], Ints]:
    """Return the different keys in order, and the place of each of `keys` among them."""
    different, place = np.unique(np.array(keys, dtype=np.int64), return_inverse=True)
    return different.tolist(), place.astype(np.int64)
