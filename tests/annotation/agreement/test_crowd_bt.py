from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import spearmanr

from annotation.agreement import bradley_terry, crowd_bt
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.bradley_terry import Comparisons

TRUTH = np.random.default_rng(7).normal(size=30) * 1.5


def compared(eta: Floats, seed: int = 0, n: int = 1500) -> tuple[Comparisons, Ints]:
    """Let annotators of given η compare random pairs of items of known strength."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 30, n)
    second = (first + rng.integers(1, 30, n)) % 30
    who = rng.integers(0, len(eta), n)
    wins = rng.random(n) < 1 / (1 + np.exp(TRUTH[second] - TRUTH[first]))
    meant = rng.random(n) < eta[who]
    return Comparisons(first, second, np.where(wins == meant, 1.0, 0.0)), who


def test_it_tells_who_looks_from_who_throws_coins_and_who_turns_the_scale() -> None:
    eta = np.array([1.0] * 6 + [0.5] * 2 + [0.05] * 2)
    said, who = compared(eta)

    reliability = crowd_bt.fit(said, who, 30, 10).reliability

    assert reliability.value == pytest.approx(eta, abs=0.25)
    assert reliability.low[:6].min() > reliability.high[6:].max()


def test_among_people_who_turn_the_scale_it_ranks_better_than_plain_bradley_terry() -> None:
    said, who = compared(np.array([1.0] * 6 + [0.5] * 2 + [0.0] * 3))

    plain = spearmanr(bradley_terry.fit(said, 30, ties=False).value, TRUTH).statistic
    found = spearmanr(crowd_bt.fit(said, who, 30, 11).value, TRUTH).statistic

    assert found > 0.93
    assert found > plain + 0.03


def test_where_all_look_it_says_what_bradley_terry_says() -> None:
    said, who = compared(np.ones(8))

    found = crowd_bt.fit(said, who, 30, 8, prior=(1e9, 1.0)).value

    assert found == pytest.approx(bradley_terry.fit(said, 30, ties=False).value, abs=1e-3)


def test_the_order_of_the_answers_changes_no_byte() -> None:
    said, who = compared(np.array([1.0] * 6 + [0.5] * 2))
    shuffle = np.random.default_rng(1).permutation(len(said))

    one, other = crowd_bt.fit(said, who, 30, 8), crowd_bt.fit(said.at(shuffle), who[shuffle], 30, 8)

    assert one.value.tobytes() == other.value.tobytes()
    assert one.reliability.value.tobytes() == other.reliability.value.tobytes()


def test_without_answers_nothing_is_known() -> None:
    nothing = np.array([], dtype=int)

    found = crowd_bt.fit(Comparisons(nothing, nothing, np.array([])), nothing, 2, 1)

    assert found.value.tolist() == [0, 0]
    assert found.reliability.value == pytest.approx(0.9)
