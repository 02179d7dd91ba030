import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import Urn
from active_learning.strategies.clusters import Clusters, k_means, nearest, typicality
from active_learning.strategies.utilities import Array

NONE = np.zeros((0, 2))
ISLANDS = np.array([[0.0, 0.0], [50.0, 0.0], [0.0, 50.0], [50.0, 50.0]])


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def islands(clips: int = 25) -> Array:
    """Clips about four places, the first of each right on it."""
    about = rng().normal(size=(4, clips, 2))
    about[:, 0] = 0
    return (ISLANDS[:, None] + about).reshape(-1, 2)


def drawn(covered: Array, count: int, seed: int) -> list[int]:
    clusters = Clusters(islands(), np.arange(100), covered, count, rng(seed))
    urn = Urn(np.ones(100, dtype=np.bool_), rng(seed))
    return [pick.clip for pick in clusters.draw(count, urn)]


def test_islands_that_nothing_covers_are_visited_first() -> None:
    found = [clip // 25 for seed in range(100) for clip in drawn(ISLANDS[:2], 2, seed)]

    assert np.isin(found, [2, 3]).mean() > 0.75


def test_a_typical_clip_stands_for_its_island() -> None:
    far = [
        np.linalg.norm(islands()[clip] - ISLANDS[clip // 25])
        for seed in range(100)
        for clip in drawn(NONE, 4, seed)
    ]

    assert (
        np.mean(far) < 0.8 * np.linalg.norm(islands() - ISLANDS.repeat(25, axis=0), axis=1).mean()
    )


def test_the_middle_of_a_cluster_is_most_typical() -> None:
    assert typicality(np.array([[0.0], [4.0], [1.0]])) == pytest.approx([0.8, 4 / 7, 1])


def test_clips_that_are_alike_are_equally_typical() -> None:
    assert typicality(np.ones((3, 2))).tolist() == [1, 1, 1]


@given(n=st.integers(1, 30), count=st.integers(1, 30), seed=st.integers(0, 99))
def test_no_centre_is_farther_than_it_began(n: int, count: int, seed: int) -> None:
    vectors, count = rng(seed).normal(size=(n, 3)), min(count, n)
    began = vectors[rng(seed).choice(n, count, replace=False)]

    def loss(centres: Array) -> float:
        return float(((vectors - centres[nearest(vectors, centres)]) ** 2).sum())

    assert loss(np.asarray(k_means(vectors, count, rng(seed)))) <= loss(began) + 1e-9


def test_a_vector_that_is_not_finite_is_refused() -> None:
    vectors = islands()
    vectors[3] = np.nan

    with pytest.raises(ValueError, match="not finite"):
        Clusters(vectors, np.arange(100), NONE, 3, rng())
