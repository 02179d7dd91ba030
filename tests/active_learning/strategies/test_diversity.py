import numpy as np
import pytest

from active_learning.strategies import Spread, Urn, k_centre
from active_learning.strategies.diversity import distances_to
from active_learning.strategies.utilities import Array
from tests.active_learning.strategies.pools import made_up

EVERY = np.ones(100, dtype=np.bool_)


def squared(distance: Array) -> Array:
    return np.where(np.isinf(distance), 1.0, distance)


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
        spread = Spread(vectors, np.arange(100), vectors[:80])
        pick = spread.draw(1, Urn(EVERY, rng), squared)[0]
        new += pick.clip >= 80

    assert new / 200 == pytest.approx(0.9 + 0.1 / 5, abs=0.05)


def test_a_clip_outside_the_rows_is_drawn_only_by_the_uniform_share() -> None:
    outside = []
    for seed in range(40):
        urn = Urn(EVERY, np.random.default_rng(seed))
        picks = Spread(islands(), np.arange(20)).draw(10, urn, np.ones_like)
        outside += [(at, pick) for at, pick in enumerate(picks) if pick.clip >= 20]

    assert len(outside) / 400 == pytest.approx(0.1 * 80 / 95, abs=0.04)
    for at, pick in outside:
        assert pick.probability == pytest.approx(0.1 / (100 - at))


@pytest.mark.parametrize("count", [3, 40])
def test_drawn_clips_are_kept_away_from_with_and_without_a_table(count: int) -> None:
    """Forty of a hundred rows are drawn by a table of all distances, three without one."""
    vectors = islands()

    spread = Spread(vectors, np.arange(100))
    picks = spread.draw(count, Urn(EVERY, np.random.default_rng(2)), squared)

    drawn = vectors[[pick.clip for pick in picks]]
    assert spread.distance == pytest.approx(distances_to(vectors, drawn), abs=1e-6)


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e200])
def test_a_vector_whose_distances_are_no_numbers_is_refused_when_it_is_read(number: float) -> None:
    vectors = islands()
    vectors[7] = number

    with pytest.raises(ValueError, match="not finite"):
        Spread(vectors, np.arange(20))
