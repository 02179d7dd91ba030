"""Figures of parts of the clips, and none where a part is too small."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from active_learning.slices import slices


def part_of(found: list[dict[str, Any]], by: str, name: str) -> dict[str, Any]:
    return next(row for row in found if (row["by"], row["name"]) == (by, name))


def told(n: int, persons: int, **traits: list[str]) -> list[dict[str, Any]]:
    """Slices of n clips, of which the learner is right of the first half alone."""
    right = np.arange(n) < n // 2
    soft = np.tile([0.9, 0.1], (n, 1))
    predicted = np.where(right[:, None], soft, soft[:, ::-1])
    rows = [{name: values[i] for name, values in traits.items()} for i in range(n)]
    return slices(predicted, soft, np.arange(n) % persons, rows, seed=1)


def test_each_value_of_a_trait_has_its_own_figures() -> None:
    found = told(80, 8, sex=["female"] * 40 + ["male"] * 40)

    assert part_of(found, "sex", "female")["accuracy"]["value"] == 1.0
    assert part_of(found, "sex", "male")["accuracy"]["value"] == 0.0
    assert part_of(found, "sex", "male")["n_persons"] == 8


@pytest.mark.parametrize(("n", "persons"), [(58, 20), (100, 4)])
def test_under_thirty_clips_or_five_persons_there_is_no_figure(n: int, persons: int) -> None:
    found = told(n, persons, sex=["female"] * (n // 2) + ["male"] * (n - n // 2))

    row = part_of(found, "sex", "female")
    assert row["too_few"]
    assert row["accuracy"] == {"value": None, "low": None, "high": None, "n": n // 2}


def test_a_trait_that_all_share_or_that_names_clips_makes_no_parts() -> None:
    found = told(40, 8, kind=["image"] * 40, file=[str(i) for i in range(40)])

    assert found == []


def test_clear_and_ambiguous_are_told_apart_by_the_entropy_of_the_consensus() -> None:
    soft = np.array([[1.0, 0.0], [0.9, 0.1], [0.5, 0.5], [0.6, 0.4]])

    found = slices(soft, soft, np.arange(4), [{}] * 4, seed=1)

    assert part_of(found, "ambiguity", "clear")["n"] == 2
    assert part_of(found, "ambiguity", "ambiguous")["n"] == 2


def test_an_interval_holds_its_value() -> None:
    row = part_of(told(90, 9, sex=["female", "male"] * 45), "sex", "male")

    for metric in ("accuracy", "log_loss"):
        assert row[metric]["low"] <= row[metric]["value"] <= row[metric]["high"]
