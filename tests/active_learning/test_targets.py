"""What a learner is told of a clip: its labels' shares, and not what the base rate adds to them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from active_learning.targets import shares


@given(
    st.lists(st.integers(0, 20), min_size=2, max_size=6).filter(sum),
    st.floats(0.05, 50),
    st.integers(0, 2**31),
)
def test_smoothing_is_undone_whatever_the_prior_was(
    counts: list[int], strength: float, seed: int
) -> None:
    votes = np.array(counts, dtype=float)
    base_rate = np.random.default_rng(seed).dirichlet(np.ones(len(counts)))
    smoothed = (votes + strength * base_rate) / (votes.sum() + strength)

    told = shares(smoothed[None], votes.sum(keepdims=True), strength, base_rate)

    np.testing.assert_allclose(told[0], votes / votes.sum(), atol=1e-9)


def test_a_clip_that_nobody_was_heard_on_keeps_what_is_expected_of_it() -> None:
    expected = np.array([[0.7, 0.3]])

    told = shares(expected, np.zeros(1), 2.0, expected[0])

    np.testing.assert_allclose(told, expected)


def test_a_posterior_of_another_kind_stays_a_distribution() -> None:
    told = shares(
        np.array([[0.999, 0.001], [0.4, 0.6]]), np.array([3.0, 1.0]), 1.0, np.full(2, 0.5)
    )

    assert (told >= 0).all()
    np.testing.assert_allclose(told.sum(axis=1), 1)
