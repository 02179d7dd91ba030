"""Scores of compared clips: published values, exact cases, and simulations with a known truth."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest
from scipy.stats import spearmanr

from annotation.agreement import bradley_terry
from annotation.agreement.best_worst import counts_score, implied_pairs
from annotation.agreement.bradley_terry import Comparisons, Floats, Scores, fit
from annotation.agreement.designs import design

# Agresti, "Categorical Data Analysis" (2002), table 10.10: games won by the row's team against the
# column's, American League 1987; Milwaukee, Detroit, Toronto, New York, Boston, Cleveland,
# Baltimore. The strengths relative to Baltimore and a standard error are those he gives and that
# the R package BradleyTerry2 prints for the same table.
WON = [
    [0, 7, 9, 7, 7, 9, 11],
    [6, 0, 7, 5, 11, 9, 9],
    [4, 6, 0, 7, 7, 8, 12],
    [6, 8, 6, 0, 6, 7, 10],
    [6, 2, 6, 7, 0, 7, 12],
    [4, 4, 5, 6, 6, 0, 6],
    [2, 4, 1, 3, 1, 7, 0],
]
STRENGTHS = [1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0]
FLAT = 1e4


def games(won: list[list[int]]) -> Comparisons:
    pairs = [(i, j) for i, row in enumerate(won) for j, n in enumerate(row) for _ in range(n)]
    first, second = np.array(pairs).T
    return Comparisons(first, second, np.ones(len(pairs)))


def two_items(wins: int, losses: int, ties: int) -> Comparisons:
    n = wins + losses + ties
    outcome = np.repeat([1.0, 0.0, 0.5], [wins, losses, ties])
    return Comparisons(np.zeros(n, dtype=int), np.ones(n, dtype=int), outcome)


def test_it_gives_the_published_strengths() -> None:
    value = fit(games(WON), 7, ties=False, spread=FLAT).value

    assert value - value[-1] == pytest.approx(STRENGTHS, abs=0.0001)


@pytest.mark.parametrize(("wins", "losses", "ties"), [(6, 3, 0), (10, 5, 4), (2, 2, 8)])
def test_two_items_have_an_exact_solution(wins: int, losses: int, ties: int) -> None:
    said = two_items(wins, losses, ties)

    found = fit(said, 2, ties=ties > 0, spread=FLAT)

    assert found.value[0] - found.value[1] == pytest.approx(log(wins / losses), abs=0.02)
    if ties:
        # The prior of the threshold is felt a little; that of the strengths is not.
        assert found.threshold == pytest.approx(log(ties / sqrt(wins * losses)), abs=0.2)


def test_the_interval_of_two_items_is_that_of_a_proportion() -> None:
    found = fit(two_items(30, 20, 0), 2, ties=False, spread=FLAT)

    # Of a log odds of n trials, halved, for the two strengths lie half of it from their mean.
    error = 1.96 * sqrt(1 / 30 + 1 / 20) / 2
    assert found.high[0] - found.value[0] == pytest.approx(error, rel=0.01)


def test_the_order_in_which_a_pair_is_written_does_not_matter() -> None:
    said = games(WON)
    turned = Comparisons(said.second, said.first, 1 - said.outcome)

    assert fit(said, 7).value == pytest.approx(fit(turned, 7).value, abs=1e-5)


def test_a_clip_that_always_wins_stays_finite() -> None:
    found = fit(two_items(50, 0, 0), 2)

    assert 1 < found.value[0] < 6
    assert np.isfinite([found.low, found.high]).all()


def test_a_clip_that_was_never_compared_stands_in_the_middle_and_is_unsure() -> None:
    found = fit(two_items(9, 3, 0), 3)

    assert found.value[2] == pytest.approx(0, abs=0.01)
    assert found.high[2] - found.low[2] > 1.5 * (found.high[0] - found.low[0])


def test_without_answers_nothing_is_known() -> None:
    nothing = np.array([], dtype=int)

    found = fit(Comparisons(nothing, nothing, np.array([])), 2)

    assert found.value.tolist() == [0, 0]


def test_intervals_are_left_out_where_there_are_too_many_clips(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bradley_terry, "MOST_WITH_INTERVALS", 1)

    assert np.isnan(fit(two_items(9, 3, 0), 2).low).all()


def covered(found: Scores, truth: Floats) -> float:
    return float(((found.low <= truth) & (truth <= found.high)).mean())


def simulated_pairs(truth: Floats, seed: int, repeats: int = 3) -> Comparisons:
    """Let Davidson's model answer a balanced design."""
    first, second = np.array(design(range(len(truth)), 2, 8, seed=seed) * repeats).T
    tie = (truth[first] + truth[second]) / 2 - 0.7
    utility = np.stack([truth[first], truth[second], tie])
    noise = np.random.default_rng(seed).gumbel(size=utility.shape)
    return Comparisons(first, second, np.array([1, 0, 0.5])[(utility + noise).argmax(axis=0)])


def test_intervals_cover_a_known_truth() -> None:
    shares, correlations = [], []
    for seed in range(20):
        truth = np.random.default_rng(seed).normal(size=40)
        truth -= truth.mean()
        found = fit(simulated_pairs(truth, seed), len(truth))
        shares.append(covered(found, truth))
        correlations.append(spearmanr(found.value, truth).statistic)

    assert 0.92 <= np.mean(shares) <= 0.98
    assert np.mean(correlations) > 0.85


def simulated_fours(truth: Floats, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let people who see each strength with an error of their own pick the best and the worst."""
    shown = np.array(design(range(len(truth)), 4, 8, seed=seed) * 2)
    seen = truth[shown] + np.random.default_rng(seed).gumbel(size=shown.shape)
    rows = np.arange(len(shown))
    return shown, shown[rows, seen.argmax(axis=1)], shown[rows, seen.argmin(axis=1)]


def test_pairs_implied_by_fours_rank_clips_as_counts_do() -> None:
    truth = np.random.default_rng(1).normal(size=60)
    shown, best, worst = simulated_fours(truth, 1)

    value = fit(implied_pairs(shown, best, worst), len(truth), ties=False).value

    assert spearmanr(value, counts_score(shown, best, worst, len(truth))).statistic > 0.97
    assert spearmanr(value, truth).statistic > 0.85


def test_intervals_know_that_five_pairs_came_out_of_one_answer() -> None:
    shares = []
    for seed in range(20):
        truth = np.random.default_rng(seed).normal(size=40)
        truth -= truth.mean()
        found = fit(implied_pairs(*simulated_fours(truth, seed)), len(truth), ties=False)
        # Best and worst choices stretch the scale a little: where clips lie on it is covered.
        stretch = (found.value @ truth) / (truth @ truth)
        shares.append(covered(found, stretch * truth))

    assert 0.92 <= np.mean(shares) <= 0.98
