from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.repeats import consistency
from tests.annotation.agreement.simulation import answers_of


def test_labels_of_different_people_are_no_repeats() -> None:
    found, n = consistency(answers_of([0, 0, 1], [0, 1, 0], [0, 0, 0], (2, 2, 2)))

    assert n.tolist() == [0, 0]
    assert np.isnan([found.value, found.low, found.high]).all()


def test_of_three_labels_the_pairs_count_as_two_repeats() -> None:
    found, n = consistency(answers_of([0, 0, 0], [0, 0, 0], [1, 1, 0], (1, 1, 2)))

    assert n.tolist() == [2]
    assert found.value[0] == pytest.approx(1 / 3)


def test_the_interval_is_that_of_jeffreys() -> None:
    """Of 9 in 10; Brown, Cai & DasGupta (2001), section 4.3: Beta(x + 1/2, n - x + 1/2)."""
    task, label = np.arange(10).repeat(2), np.zeros(20, dtype=int)
    label[1] = 1

    found, n = consistency(answers_of(task.tolist(), [0] * 20, label.tolist(), (10, 1, 2)))

    assert n.tolist() == [10]
    assert [found.value[0], found.low[0], found.high[0]] == pytest.approx(
        [0.9, 0.619, 0.989], abs=0.001
    )
