from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.answers import Floats
from annotation.agreement.distances import Level
from annotation.agreement.numbers import alpha_of_numbers, numbers_interval


def ratings(n: int, each: int, seed: int = 0) -> tuple[Floats, Floats]:
    """Return raters' numbers (each, n), some missing, that follow what the tasks are like."""
    rng = np.random.default_rng(seed)
    said = np.round(50 + 10 * rng.normal(size=n) + 8 * rng.normal(size=(each, n)), 1)
    said[rng.random(said.shape) < 0.2] = np.nan
    return said, np.broadcast_to(np.arange(n), said.shape)


@pytest.mark.parametrize("level", Level)
def test_alpha_of_numbers_is_that_of_the_reference_package(level: Level) -> None:
    said, task = ratings(30, 4)

    found = alpha_of_numbers(task.ravel(), said.ravel(), level)

    expected = krippendorff.alpha(reliability_data=said, level_of_measurement=level.value)
    assert found == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(st.floats(-1e6, 1e6), st.floats(0.01, 1e3), st.permutations(range(36)))
def test_level_scale_and_order_do_not_matter(shift: float, scale: float, order: list[int]) -> None:
    said, task = ratings(12, 3, seed=1)

    changed = alpha_of_numbers(task.ravel()[order], said.ravel()[order] * scale + shift)

    assert changed == pytest.approx(alpha_of_numbers(task.ravel(), said.ravel()), abs=1e-6)


def test_a_task_with_one_number_changes_nothing() -> None:
    task, said = [0, 0, 1, 1], [1.0, 2.0, 5.0, 7.0]

    assert alpha_of_numbers([*task, 2], [*said, 900.0]) == pytest.approx(
        alpha_of_numbers(task, said), abs=1e-12
    )


def test_alike_within_tasks_is_one() -> None:
    assert alpha_of_numbers([0, 0, 1, 1], [0.1, 0.1, 0.7, 0.7]) == 1


def test_numbers_by_chance_agree_by_nothing() -> None:
    said = np.random.default_rng(0).normal(size=60_000)

    assert alpha_of_numbers(np.arange(60_000) // 3, said) == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("level", Level)
def test_numbers_without_an_alpha_are_refused(level: Level) -> None:
    with pytest.raises(ValueError, match="same class"):
        alpha_of_numbers([0, 0, 1, 1], [0.1, 0.1, 0.1, 0.1], level)
    with pytest.raises(ValueError, match="no task has two"):
        alpha_of_numbers([0, 1, 1], [1.0, 2.0, np.nan], level)
    with pytest.raises(ValueError, match="same length"):
        alpha_of_numbers([0, 1], [1.0], level)


def test_the_interval_covers_what_the_numbers_were_drawn_with_with_twenty_persons() -> None:
    rng = np.random.default_rng(0)
    person, clip = rng.normal(size=(300, 20, 1, 1)), rng.normal(size=(300, 20, 6, 1))
    said = (person + clip + 1.5 * rng.normal(size=(300, 20, 6, 4))).reshape(300, -1)
    task, persons = np.arange(480) // 4, np.arange(120) // 6
    truth = 2 / (2 + 1.5**2)

    found = [numbers_interval(task, sample, persons) for sample in said]

    assert 0.93 <= np.mean([low <= truth <= high for low, high in found]) <= 0.98
