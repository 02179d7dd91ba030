import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import Urn, lure_weights
from active_learning.strategies.drawing import Mask

EVERY = np.ones(4, dtype=np.bool_)


ALL = np.arange(4)


def urn(left: Mask = EVERY, seed: int = 0) -> Urn:
    return Urn(left, np.random.default_rng(seed))


def test_the_recorded_probability_is_the_frequency() -> None:
    weights = np.array([0.0, 1.0, 2.0, 5.0])

    picks = [urn(seed=seed).among(ALL, weights)[0] for seed in range(20_000)]

    for clip, expected in enumerate(0.9 * weights / 8 + 0.025):
        recorded = np.array([pick.probability for pick in picks if pick.clip == clip])
        assert recorded == pytest.approx(expected)
        assert len(recorded) / 20_000 == pytest.approx(expected, abs=0.01)


def test_the_second_of_two_draws_has_the_recorded_probability_too() -> None:
    """Both by weights that stay what they are, given the first."""
    weights = np.array([1.0, 2.0, 3.0, 4.0])
    pairs = [urn(seed=seed).among(ALL, weights, 2) for seed in range(20_000)]
    given = [second for first, second in pairs if first.clip == 3]

    for clip in range(3):
        recorded = [pick.probability for pick in given if pick.clip == clip]
        expected = 0.9 * weights[clip] / 6 + 0.1 / 3
        assert recorded == pytest.approx([expected] * len(recorded))
        assert len(recorded) / len(given) == pytest.approx(expected, abs=0.02)


def test_a_clip_that_is_gone_is_never_drawn() -> None:
    left = np.array([False, True, False, True])

    drawn = {urn(left, seed).among(ALL, np.array([9.0, 1, 9, 1]))[0].clip for seed in range(500)}

    assert drawn == {1, 3}


def test_the_mask_that_was_given_is_not_changed() -> None:
    left = EVERY.copy()

    urn(left).evenly()

    assert left.all()


def test_without_weights_the_draw_is_uniform() -> None:
    assert urn().among(ALL, np.zeros(4))[0].probability == 0.25


def test_even_draws_take_each_of_those_left_with_the_same_probability() -> None:
    full = urn()

    picks = [full.evenly() for _ in range(4)]

    assert [pick.probability for pick in picks] == pytest.approx([1 / 4, 1 / 3, 1 / 2, 1])
    assert not full.left.any()


def test_as_many_as_there_are_can_be_drawn_by_weight() -> None:
    picks = urn().among(ALL, np.array([1e-9, 1.0, 0.0, 1e6]), 4)

    assert sorted(pick.clip for pick in picks) == [0, 1, 2, 3]


@given(count=st.integers(0, 9), n=st.integers(1, 8), seed=st.integers(0, 99))
def test_some_are_distinct_clips_of_the_urn(count: int, n: int, seed: int) -> None:
    full = urn(np.ones(n, dtype=np.bool_), seed)
    gone = full.evenly().clip

    some = full.some(count).tolist()

    assert len(set(some)) == len(some) == min(count, n - 1)
    assert gone not in some


def test_nothing_is_drawn_from_nothing() -> None:
    with pytest.raises(ValueError, match="No clip"):
        urn(~EVERY).evenly()


@pytest.mark.parametrize("weight", [np.nan, np.inf])
def test_weights_that_are_no_numbers_are_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="not finite"):
        urn().among(ALL, np.array([1.0, weight, 1.0, 1.0]))


def test_lure_makes_the_mean_over_active_picks_unbiased() -> None:
    losses = np.array([0.0, 1.0, 2.0, 3.0, 10.0, 1.0])
    estimates, plain = [], []
    for seed in range(6000):
        full = urn(np.ones(6, dtype=np.bool_), seed)
        picks = [full.among(np.arange(6), losses)[0] for _ in range(3)]
        q, taken = np.array([pick.probability for pick in picks]), [pick.clip for pick in picks]
        estimates.append((lure_weights(q, 6) * losses[taken]).mean())
        plain.append(losses[taken].mean())

    assert np.mean(plain) > 1.3 * losses.mean()
    assert np.mean(estimates) == pytest.approx(losses.mean(), abs=4 * np.std(estimates) / 6000**0.5)


@given(n=st.integers(2, 200), share=st.floats(0.01, 1))
def test_uniform_picks_weigh_one(n: int, share: float) -> None:
    picked = max(1, int(n * share))

    weights = lure_weights(1 / (n - np.arange(picked)), n)

    assert weights == pytest.approx(1)


@pytest.mark.parametrize(("q", "size"), [([0.5, 0.5, 0.5], 2), ([0.0], 2), ([1.5], 2)])
def test_impossible_probabilities_are_refused(q: list[float], size: int) -> None:
    with pytest.raises(ValueError, match="pick"):
        lure_weights(np.array(q), size)
