"""What every strategy promises, asked of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import (
    STRATEGIES,
    Middle,
    Pool,
    Shares,
    Strategy,
    compose_batch,
    lure_weights,
)
from tests.active_learning.strategies.pools import made_up, pool, utilities

pytestmark = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
SIZES = st.integers(1, 40)
SEEDS = st.integers(0, 1000)


@given(n=SIZES, classes=st.integers(2, 12), seed=SEEDS)
def test_utilities_are_one_a_clip_finite_and_not_negative(
    strategy: Strategy, n: int, classes: int, seed: int
) -> None:
    useful = utilities(strategy, *made_up(n, classes=classes, seed=seed))

    assert useful.shape == (n,)
    assert np.isfinite(useful).all()
    assert (useful >= 0).all()


@given(n=SIZES, seed=SEEDS)
def test_a_clip_keeps_its_utility_wherever_it_stands(strategy: Strategy, n: int, seed: int) -> None:
    members, vectors = made_up(n, seed=seed)
    order = np.random.default_rng(seed).permutation(n)

    moved = utilities(strategy, members[:, order], vectors[order])

    assert moved == pytest.approx(utilities(strategy, members, vectors)[order], abs=1e-9)


def test_certain_and_even_predictions_have_finite_utilities(strategy: Strategy) -> None:
    certain = np.tile([1.0, 0.0, 0.0], (2, 3, 1))
    even = np.full((2, 3, 3), 1 / 3)

    for members in (certain, even):
        assert np.isfinite(utilities(strategy, members, np.zeros((3, 2)))).all()


def test_single_precision_gives_the_same_utilities(strategy: Strategy) -> None:
    members, vectors = made_up()

    small = utilities(strategy, members.astype(np.float32), vectors.astype(np.float32))

    assert small == pytest.approx(utilities(strategy, members, vectors), abs=1e-5)


def test_the_same_seed_draws_the_same_batch_and_another_does_not(strategy: Strategy) -> None:
    first, again, other = (
        compose_batch(pool(strategy=strategy), 20, seed=seed, strategy=strategy)
        for seed in (1, 1, 2)
    )

    assert first.indices.tolist() == again.indices.tolist()
    assert first.probabilities.tobytes() == again.probabilities.tobytes()
    assert first.indices.tolist() != other.indices.tolist()


def test_a_batch_has_distinct_clips_with_probabilities(strategy: Strategy) -> None:
    batch = compose_batch(pool(strategy=strategy), 40, seed=0, strategy=strategy)

    assert len(set(batch.indices.tolist())) == len(batch.indices) == 34
    assert (batch.probabilities > 0).all()
    assert (batch.probabilities <= 1).all()


def test_a_chunk_of_the_pool_is_worth_what_it_is_in_the_whole(strategy: Strategy) -> None:
    members, vectors = made_up()
    middle = Middle.of(vectors)

    whole = strategy.utility(members, vectors, middle)
    parts = [
        strategy.utility(members[:, at : at + 7], vectors[at : at + 7], middle)
        for at in range(0, 60, 7)
    ]

    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_a_pool_of_few_clips_is_emptied(strategy: Strategy, n: int) -> None:
    members, vectors = made_up(n, classes=2)
    candidates = Pool(vectors, utilities(strategy, members, vectors))

    batch = compose_batch(candidates, 40, seed=0, strategy=strategy)

    assert sorted(batch.indices) == list(range(n))


def test_clips_that_are_all_alike_are_drawn_all_the_same(strategy: Strategy) -> None:
    members, vectors = np.full((2, 30, 3), 1 / 3), np.ones((30, 3))
    candidates = Pool(vectors, utilities(strategy, members, vectors))

    batch = compose_batch(candidates, 20, seed=0, strategy=strategy)

    assert len(set(batch.indices.tolist())) == 17
    assert np.isfinite(batch.probabilities).all()


def test_a_batch_estimates_the_pools_risk_without_bias(strategy: Strategy) -> None:
    """LURE over many batches: the recorded probabilities are the true ones."""
    candidates = pool(30, strategy)
    losses = np.random.default_rng(5).exponential(size=30) ** 2
    estimates = []
    for seed in range(300):
        batch = compose_batch(
            candidates, 10, seed=seed, shares=Shares(0.6, 0.2, 0.2), strategy=strategy
        )
        weights = lure_weights(batch.probabilities, 30)
        estimates.append((weights * losses[batch.indices]).mean())

    error = 4 * np.std(estimates) / 300**0.5
    assert np.mean(estimates) == pytest.approx(losses.mean(), abs=error)
