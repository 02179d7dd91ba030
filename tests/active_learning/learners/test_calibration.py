import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from active_learning.learners.calibration import fit_temperature, grouped_folds, out_of_fold
from active_learning.learners.learner import Array


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_temperature_that_made_the_labels_is_found(temperature: float) -> None:
    scores = np.random.default_rng(0).normal(scale=4, size=(200, 4))
    soft = softmax(scores / temperature, axis=1)

    found, _ = fit_temperature(scores, soft, np.ones(200))

    assert found == pytest.approx(temperature, rel=0.01)


def test_rows_without_weight_do_not_warm_the_temperature() -> None:
    scores = np.random.default_rng(0).normal(scale=4, size=(200, 4))
    soft = softmax(scores, axis=1)
    soft[:100] = 0.25

    found, _ = fit_temperature(scores, soft, np.repeat([0.0, 1.0], 100))

    assert found == pytest.approx(1, rel=0.01)


@given(groups=st.lists(st.integers(0, 9), min_size=1, max_size=60), seed=st.integers(0, 9))
def test_no_group_is_in_two_folds(groups: list[int], seed: int) -> None:
    names = np.array(groups)

    fold_of = grouped_folds(names, 5, seed)

    assert all(len(set(fold_of[names == name])) == 1 for name in set(groups))
    assert len(set(fold_of)) == min(5, len(set(groups)))


def test_folds_are_alike_in_size() -> None:
    fold_of = grouped_folds(np.repeat(np.arange(20), 7), 5, seed=3)

    assert np.bincount(fold_of).tolist() == [28] * 5


def test_a_row_is_scored_by_fits_that_did_not_see_its_fold() -> None:
    fold_of = np.array([0, 1, 2, 0, 1, 2])

    def row_numbers(learn: npt.NDArray[np.bool_]) -> Array:
        unseen = np.flatnonzero(~learn)
        return np.repeat(unseen.astype(float), 2).reshape(1, -1, 2)

    scores = out_of_fold(row_numbers, fold_of)

    assert scores[0, :, 0].tolist() == [0, 1, 2, 3, 4, 5]
