from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from annotation.agreement import bootstrap
from annotation.agreement.alpha import alpha, alpha_for, alpha_interval
from annotation.agreement.answers import Floats, Ints
from annotation.agreement.distances import Level
from tests.annotation.agreement.simulation import draw_answers, people, soft_shares


def studentised(groups: NDArray[Any], value: Callable[[Floats], float], draws: int) -> Floats:
    """Return the interval by its definition: every draw pooled anew, its error by jackknife.

    `groups` (n_clusters, n_tasks, K) are counts.
    """
    rng = np.random.default_rng(0)
    k, n = groups.shape[-1], len(groups)

    def log(chosen: Ints) -> float:
        return float(np.log(1 - value(groups[chosen].reshape(-1, k))))

    def error(chosen: Ints) -> float:
        without = np.array([log(np.delete(chosen, i)) for i in range(n)])
        return float(np.sqrt((n - 1) / n * ((without - without.mean()) ** 2).sum()))

    centre, spread = log(np.arange(n)), error(np.arange(n))
    chosen = [rng.integers(0, n, n) for _ in range(draws)]
    away = [(log(c) - centre) / error(c) for c in chosen]
    ends: Floats = 1 - np.exp(centre - np.quantile(away, [0.025, 0.975]) * spread)
    return ends


@pytest.mark.parametrize("level", [Level.NOMINAL, Level.ORDINAL])
def test_the_interval_over_persons_is_that_of_drawing_whole_persons(level: Level) -> None:
    counts, persons = people(25, 6, per_task=4, seed=2)
    measure = alpha_for(level, 4)

    found = alpha_interval(counts, persons, measure=measure, resamples=3000)

    slow = studentised(counts.reshape(25, 6, 4), lambda table: alpha(table, level), 800)
    assert found == pytest.approx(slow, abs=0.025)


def test_the_interval_over_tasks_is_that_of_drawing_them_one_by_one() -> None:
    counts = draw_answers(soft_shares(60), ["honest"] * 9).counts()

    found = alpha_interval(counts, resamples=3000)

    assert found == pytest.approx(studentised(counts[:, None], alpha, 400), abs=0.02)


def test_many_alike_tasks_are_drawn_as_if_one_by_one() -> None:
    counts = np.random.default_rng(0).multinomial(2, [0.6, 0.4], size=300)
    counts[:150, 0] = 2
    counts[:150, 1] = 0

    quick = alpha_interval(counts, resamples=4000)
    single = alpha_interval(counts, np.arange(300), resamples=4000)

    assert quick == pytest.approx(single, abs=0.01)


@pytest.mark.parametrize("persons", [6, 20, 40])
def test_the_interval_covers_the_alpha_of_everybody_as_often_as_it_says(persons: int) -> None:
    """95 % of 300 would stray below 92 % once in a hundred; the percentile interval covers 90 %."""
    everybody, _ = people(60_000, 2, per_task=5, seed=1)
    truth = alpha(everybody)
    counts, _ = people(300 * persons, 8, per_task=5, seed=8)
    samples = counts.reshape(300, persons * 8, 4)
    who = np.arange(persons).repeat(8)

    intervals = [alpha_interval(sample, who, resamples=400) for sample in samples]

    covered = np.mean([low <= truth <= high for low, high in intervals])
    assert 0.93 <= covered <= 0.99


def test_with_few_persons_the_interval_is_wide_and_with_one_it_is_of_that_person() -> None:
    counts, _ = people(1, 60, per_task=5, seed=0)

    few = alpha_interval(counts, np.arange(60) % 3)

    assert few[0] < alpha(counts) < few[1] < 1
    assert alpha_interval(counts, np.zeros(60)) == alpha_interval(counts)


def test_a_single_disagreement_leaves_an_interval_around_the_value() -> None:
    counts = np.diag([3, 3]).repeat(20, axis=0)
    counts[0] = [2, 1]

    low, high = alpha_interval(counts, np.arange(40) // 2)

    assert 0.5 < low < alpha(counts) < high < 1


def test_rows_that_are_counted_are_those_that_sorting_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    table = np.random.default_rng(0).multinomial(4, [0.5, 0.3, 0.2], size=300).astype(float)
    counted = bootstrap.interval(alpha_for(Level.NOMINAL, 3), table)

    monkeypatch.setattr(bootstrap, "DENSE", 0)

    assert bootstrap.interval(alpha_for(Level.NOMINAL, 3), table) == counted
