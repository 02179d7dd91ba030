import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import draw, draw_evenly, lure_weights

EVERY = np.ones(4, dtype=np.bool_)


def test_the_recorded_probability_is_the_frequency() -> None:
    rng, weights = np.random.default_rng(0), np.array([0.0, 1.0, 2.0, 5.0])

    picks = [draw(weights, EVERY, rng) for _ in range(20_000)]

    for clip, expected in enumerate(0.9 * weights / 8 + 0.025):
        recorded = np.array([pick.probability for pick in picks if pick.clip == clip])
        assert recorded == pytest.approx(expected)
        assert len(recorded) / 20_000 == pytest.approx(expected, abs=0.01)


def test_a_clip_that_is_gone_is_never_drawn() -> None:
    left, rng = np.array([False, True, False, True]), np.random.default_rng(0)

    drawn = {draw(np.array([9.0, 1, 9, 1]), left, rng).clip for _ in range(500)}

    assert drawn == {1, 3}


def test_without_weights_the_draw_is_uniform() -> None:
    pick = draw(np.zeros(4), EVERY, np.random.default_rng(0))

    assert pick.probability == 0.25


def test_even_draws_take_each_of_those_left_with_the_same_probability() -> None:
    left = EVERY.copy()

    picks = draw_evenly(4, left, np.random.default_rng(0))

    assert [pick.probability for pick in picks] == pytest.approx([1 / 4, 1 / 3, 1 / 2, 1])
    assert not left.any()


def test_nothing_is_drawn_from_nothing() -> None:
    with pytest.raises(ValueError, match="No clip"):
        draw(np.ones(4), ~EVERY, np.random.default_rng(0))


def test_lure_makes_the_mean_over_active_picks_unbiased() -> None:
    rng, losses = np.random.default_rng(0), np.array([0.0, 1.0, 2.0, 3.0, 10.0, 1.0])
    estimates, plain = [], []
    for _ in range(6000):
        left, picks = np.ones(6, dtype=np.bool_), []
        for _ in range(3):
            picks.append(draw(losses, left, rng))
            left[picks[-1].clip] = False
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
