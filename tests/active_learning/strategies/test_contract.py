"""What every strategy promises, asked of each."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import STRATEGIES, Strategy, compose_batch
from tests.active_learning.strategies.pools import made_up, pool

pytestmark = pytest.mark.parametrize("strategy", STRATEGIES.values(), ids=STRATEGIES)
SIZES = st.integers(1, 40)
SEEDS = st.integers(0, 1000)


@given(n=SIZES, classes=st.integers(2, 12), seed=SEEDS)
def test_utilities_are_one_a_clip_finite_and_not_negative(
    strategy: Strategy, n: int, classes: int, seed: int
) -> None:
    utilities = strategy(*made_up(n, classes=classes, seed=seed))

    assert utilities.shape == (n,)
    assert np.isfinite(utilities).all()
    assert (utilities >= 0).all()


@given(n=SIZES, seed=SEEDS)
def test_a_clip_keeps_its_utility_wherever_it_stands(strategy: Strategy, n: int, seed: int) -> None:
    members, vectors = made_up(n, seed=seed)
    order = np.random.default_rng(seed).permutation(n)

    moved = strategy(members[:, order], vectors[order])

    assert moved == pytest.approx(strategy(members, vectors)[order], abs=1e-9)


def test_certain_and_even_predictions_have_finite_utilities(strategy: Strategy) -> None:
    certain = np.tile([1.0, 0.0, 0.0], (2, 3, 1))
    even = np.full((2, 3, 3), 1 / 3)

    for members in (certain, even):
        assert np.isfinite(strategy(members, np.zeros((3, 2)))).all()


def test_single_precision_gives_the_same_utilities(strategy: Strategy) -> None:
    members, vectors = made_up()

    small = strategy(members.astype(np.float32), vectors.astype(np.float32))

    assert small == pytest.approx(strategy(members, vectors), abs=1e-5)


def test_the_same_seed_draws_the_same_batch_and_another_does_not(strategy: Strategy) -> None:
    first, again, other = (
        compose_batch(pool(), 20, seed=seed, strategy=strategy) for seed in (1, 1, 2)
    )

    assert first.indices.tolist() == again.indices.tolist()
    assert first.probabilities.tobytes() == again.probabilities.tobytes()
    assert first.indices.tolist() != other.indices.tolist()


def test_a_batch_has_distinct_clips_with_probabilities(strategy: Strategy) -> None:
    batch = compose_batch(pool(), 40, seed=0, strategy=strategy)

    assert len(set(batch.indices.tolist())) == len(batch.indices) == 34
    assert (batch.probabilities > 0).all()
    assert (batch.probabilities <= 1).all()
