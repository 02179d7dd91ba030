import numpy as np
import pytest

from active_learning.strategies import Spread, k_centre
from active_learning.strategies.diversity import distances_to
from tests.active_learning.strategies.pools import made_up


def islands(count: int = 5, clips: int = 20) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    centres = np.eye(count) * 100
    rough = np.random.default_rng(0).normal(size=(count * clips, count))
    return np.repeat(centres, clips, axis=0) + rough


def test_k_centre_visits_every_island_once() -> None:
    chosen = k_centre(islands(), 5)

    assert sorted(chosen // 20) == [0, 1, 2, 3, 4]


def test_k_centre_is_within_twice_the_best_radius() -> None:
    _, vectors = made_up(12, d=2)
    chosen = k_centre(vectors, 3)

    radius = distances_to(vectors, vectors[chosen]).max() ** 0.5
    triples = [(a, b, c) for a in range(12) for b in range(a) for c in range(b)]
    best = min(distances_to(vectors, vectors[list(some)]).max() for some in triples) ** 0.5
    assert radius <= 2 * best


def test_what_has_labels_is_not_visited_again() -> None:
    vectors = islands()

    chosen = k_centre(vectors, 3, covered=vectors[:40])

    assert sorted(chosen // 20) == [2, 3, 4]


def test_distances_are_to_the_nearest_covered_clip() -> None:
    _, vectors = made_up(30)
    _, covered = made_up(600, seed=1)

    direct = ((vectors[:, None] - covered) ** 2).sum(axis=2).min(axis=1)

    assert distances_to(vectors, covered) == pytest.approx(direct)
    assert np.isinf(distances_to(vectors, None)).all()


def test_spread_draws_mostly_from_islands_not_yet_covered() -> None:
    vectors, rng = islands(), np.random.default_rng(0)
    new = 0
    for _ in range(200):
        left = np.ones(100, dtype=np.bool_)
        pick = Spread(vectors, vectors[:80]).draw(1, np.ones(100), left, rng)[0]
        new += pick.clip >= 80

    assert new / 200 == pytest.approx(0.9 + 0.1 / 5, abs=0.05)


def test_a_clip_without_weight_is_drawn_only_by_the_uniform_share() -> None:
    vectors, weights = islands(), np.r_[np.ones(20), np.zeros(80)]

    left = np.ones(100, dtype=np.bool_)
    picks = Spread(vectors).draw(15, weights, left, np.random.default_rng(1))

    outside = [(at, pick) for at, pick in enumerate(picks) if pick.clip >= 20]
    assert 0 < len(outside) < 6
    for at, pick in outside:
        assert pick.probability == pytest.approx(0.1 / (100 - at))
