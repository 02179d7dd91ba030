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
    rows = [labelled(t, 0.9 if t % 2 else 0.1) for t in range(30)]
    chosen = [labelled(100 + t, 0.9, reason="informative") for t in range(30)]
    known_before = [labelled(200, 0.9)]

    said = dict.fromkeys(range(200), SURE)
    told = progressive.foretold(rows + chosen + known_before, said, seed=1)

    assert (told["accuracy"]["value"], told["accuracy"]["n"]) == (0.5, 30)
    assert told["soft_accuracy"]["value"] == pytest.approx(0.5)


def test_of_too_few_clips_there_is_no_figure() -> None:
    rows = [labelled(t, 0.9) for t in range(29)]

    assert progressive.foretold(rows, dict.fromkeys(range(29), SURE), seed=1) == {}


def test_a_choice_that_prefers_hard_clips_is_undone_on_the_mean() -> None:
    rng = np.random.default_rng(3)
    right = np.arange(120) < 90  # The pool's accuracy is .75.
    utility = np.where(right, 1.0, 4.0)
    values = []
    for _ in range(200):
        left, tasks, chances = np.ones(120, dtype=bool), [], []
        for _ in range(30):
            weights = np.where(left, utility, 0) / utility[left].sum()
            task = int(rng.choice(120, p=weights))
            tasks.append(task)
            chances.append(float(weights[task]))
            left[task] = False
        rows = [labelled(t, 0.9 if right[t] else 0.1, reason="informative") for t in tasks]
        batch: dict[str, Any] = {
            "tasks": tasks, "reasons": ["informative"] * 30,
            "probabilities": chances, "drawn_from": 120,
        }  # fmt: skip
        told = progressive.pool_mean(rows, dict.fromkeys(tasks, SURE), batch, 0, seed=1)
        values.append(told["accuracy"]["value"])

    assert np.mean(values) == pytest.approx(0.75, abs=3 * np.std(values) / 200**0.5)


def test_picks_of_another_reason_take_no_part() -> None:
    rows = [labelled(t, 0.9, reason="informative") for t in range(30)] + [labelled(99, 0.1)]
    chances = np.linspace(0.01, 0.1, 30)
    batch = {
        "tasks": [99, *range(30)],
        "reasons": ["audit", *["informative"] * 30],
        "probabilities": [1 / 61, *chances],
        "drawn_from": 61,
    }

    told = progressive.pool_mean(rows, dict.fromkeys([99, *range(30)], SURE), batch, 0, seed=1)

    assert told["accuracy"]["n"] == 30
    assert told["accuracy"]["value"] == pytest.approx(lure_weights(chances, 60).mean())


def test_people_kept_apart_are_not_of_the_pool() -> None:
    batch = {"reasons": ["audit"] * 10, "drawn_from": 100}

    assert progressive.choosable(batch, 20) == 72
