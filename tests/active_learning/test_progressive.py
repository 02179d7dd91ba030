"""What was foretold, held against labels that came after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from active_learning import progressive
from active_learning.snapshots import Example
from active_learning.strategies import lure_weights


def labelled(task: int, first: float, *, reason: str = "audit") -> Example:
    return Example(
        task=task,
        clip=f"{task:064x}",
        kind="image",
        person=task % 5,
        distribution=[first, 1 - first],
        weight=1.0,
        effective_n=3.0,
        labels={},
        uniform=reason == "audit",
        reason=reason,
    )


SURE = np.array([0.8, 0.2])


def test_only_clips_that_chance_picked_after_the_prediction_count() -> None:
    rows = [labelled(1, 0.9), labelled(2, 0.1), labelled(3, 0.9, reason="informative")]
    rows.append(labelled(4, 0.0))  # Foretold by nobody: it had labels before.

    told = progressive.foretold(rows, {1: SURE, 2: SURE, 3: SURE}, seed=1)

    assert (told["accuracy"]["value"], told["accuracy"]["n"]) == (0.5, 2)
    assert told["soft_accuracy"]["value"] == pytest.approx(0.5)


def test_without_such_clips_there_is_no_figure() -> None:
    assert progressive.foretold([labelled(1, 0.9)], {}, seed=1) == {}


def test_a_choice_that_prefers_hard_clips_is_undone_on_the_mean() -> None:
    rng = np.random.default_rng(3)
    right = np.arange(60) < 45  # The pool's accuracy is .75.
    utility = np.where(right, 1.0, 4.0)
    values = []
    for _ in range(400):
        left, tasks, chances = np.ones(60, dtype=bool), [], []
        for _ in range(15):
            weights = np.where(left, utility, 0) / utility[left].sum()
            task = int(rng.choice(60, p=weights))
            tasks.append(task)
            chances.append(float(weights[task]))
            left[task] = False
        rows = [labelled(t, 0.9 if right[t] else 0.1, reason="informative") for t in tasks]
        batch: dict[str, Any] = {
            "tasks": tasks, "reasons": ["informative"] * 15,
            "probabilities": chances, "drawn_from": 60,
        }  # fmt: skip
        told = progressive.pool_mean(rows, dict.fromkeys(tasks, SURE), batch, 0, seed=1)
        values.append(told["accuracy"]["value"])

    assert np.mean(values) == pytest.approx(0.75, abs=3 * np.std(values) / 20)


def test_picks_of_another_reason_take_no_part() -> None:
    rows = [labelled(t, 0.9, reason="informative") for t in (1, 2)] + [labelled(3, 0.1)]
    batch = {
        "tasks": [3, 1, 2], "reasons": ["audit", "informative", "informative"],
        "probabilities": [0.1, 0.3, 0.05], "drawn_from": 10,
    }  # fmt: skip

    told = progressive.pool_mean(rows, dict.fromkeys((1, 2, 3), SURE), batch, 0, seed=1)

    expected = lure_weights(np.array([0.3, 0.05]), 9).mean()
    assert told["accuracy"]["n"] == 2
    assert told["accuracy"]["value"] == pytest.approx(expected)


def test_people_kept_apart_are_not_of_the_pool() -> None:
    batch = {"reasons": ["audit"] * 10, "drawn_from": 100}

    assert progressive.choosable(batch, 20) == 72
