import numpy as np
import pytest

from active_learning.strategies.utilities import (
    Middle,
    Utility,
    density,
    entropy,
    kl_divergence,
    least_confidence,
    margin,
    mutual_information,
    vote_entropy,
)

NOWHERE = np.zeros((3, 1))
# One committee of two: sure and agreed; sure and split; unsure and agreed.
MEMBERS = np.array([[[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]]])
LN2 = np.log(2)


@pytest.mark.parametrize(
    ("utility", "expected"),
    [
        (margin, [0, 1, 1]),
        (least_confidence, [0, 0.5, 0.5]),
        (entropy, [0, LN2, LN2]),
        (mutual_information, [0, LN2, 0]),
        (vote_entropy, [0, LN2, 0]),
        (kl_divergence, [0, LN2, 0]),
    ],
)
def test_doubt_and_disagreement_are_told_apart(utility: Utility, expected: list[float]) -> None:
    assert utility(MEMBERS, NOWHERE, Middle.of(NOWHERE)) == pytest.approx(expected)


def test_density_is_the_mean_cosine_to_all_clips() -> None:
    vectors = np.random.default_rng(0).normal(size=(30, 4))
    centred = vectors - vectors.mean(axis=0)
    directions = centred / np.linalg.norm(centred, axis=1, keepdims=True)

    expected = (1 + (directions @ directions.T).mean(axis=1)) / 2

    assert density(vectors, Middle.of(vectors)) == pytest.approx(expected)


def test_an_outlier_is_less_dense_than_the_crowd() -> None:
    crowd = np.random.default_rng(0).normal([5, 0], 0.5, size=(50, 2))

    vectors = np.vstack([crowd, [[-40, 3]]])

    found = density(vectors, Middle.of(vectors))

    assert found.argmin() == 50
