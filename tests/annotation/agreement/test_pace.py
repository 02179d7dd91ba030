"""Who answers faster than anybody looks is found; who is merely quick is not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.pace import Pace, limits, of_the_others, pace

PEOPLE, EACH, PER_TASK = 40, 60, 5
# Spread of people, of clips and of the answers of one person, on the scale of logarithms: with .5
# the quickest of forty needs a third of the typical time.
QUICK, CLIPS, ANSWERS = 0.5, 0.3, 0.5


def timed(
    seed: int, *, clickers: int = 0, median: float = 3.0, people: float = QUICK
) -> tuple[Ints, Ints, Floats]:
    """Return task, annotator and seconds; the first `clickers` answer after half a second."""
    rng = np.random.default_rng(seed)
    who = np.concatenate([rng.permutation(PEOPLE) for _ in range(EACH)])
    task = np.arange(len(who)) // PER_TASK
    person, clip = rng.normal(0, people, PEOPLE), rng.normal(0, CLIPS, len(task))
    log = np.log(median) + person[who] + clip[task] + rng.normal(0, ANSWERS, len(who))
    # A hand on the keys needs a quarter of a second whatever it has seen.
    careless = np.exp(rng.normal(np.log(0.45), 0.35, len(who)))
    return task, who, np.where(who < clickers, careless, 0.25 + np.exp(log))


def flagged(task: Ints, who: Ints, seconds: Floats, duration: float = np.nan) -> Ints:
    limit = limits(task, seconds, np.full(len(task), duration))
    return pace(who, seconds, limit, PEOPLE).alarming()


def false_alarms(*, median: float, duration: float = np.nan, people: float = QUICK) -> float:
    runs = [timed(seed, median=median, people=people) for seed in range(20)]
    return float(np.mean([len(flagged(*run, duration)) / PEOPLE for run in runs]))


@pytest.mark.parametrize(
    ("median", "duration"), [(3.0, np.nan), (1.2, np.nan), (2.0, 1.5), (4.0, 8.0)]
)
def test_quick_people_who_look_are_not_flagged(median: float, duration: float) -> None:
    assert false_alarms(median=median, duration=duration) <= 0.005


def test_people_who_are_up_to_five_times_as_quick_are_seldom_flagged() -> None:
    assert false_alarms(median=3.0, people=0.7) <= 0.02


def test_nearly_all_who_click_at_once_are_found() -> None:
    found = [flagged(*timed(seed, clickers=8)) for seed in range(5)]

    assert np.mean([(one < 8).sum() / 8 for one in found]) >= 0.95
    assert not any((one >= 8).any() for one in found)


def test_where_clips_take_no_longer_than_a_click_times_tell_nothing() -> None:
    found = [flagged(*timed(seed, clickers=8, median=1.2)) for seed in range(5)]

    assert np.mean([len(one) / 8 for one in found]) < 0.1


def test_an_answer_before_a_tenth_of_the_clip_is_too_fast() -> None:
    task, seconds = np.arange(2), np.array([1.9, 1.9])

    limit = limits(task, seconds, np.array([20.0, np.nan]))

    assert (seconds < limit).tolist() == [True, False]


def test_the_others_are_all_but_oneself() -> None:
    rng = np.random.default_rng(0)
    task, seconds = rng.integers(0, 30, 200), rng.exponential(size=200)
    seconds[rng.random(200) < 0.1] = np.nan

    found = of_the_others(task, seconds)

    for i in range(200):
        others = seconds[(task == task[i]) & (np.arange(200) != i)]
        others = others[np.isfinite(others)]
        wanted = np.quantile(others, 0.25) if len(others) >= 3 else np.nan
        assert found[i] == pytest.approx(wanted, nan_ok=True)


def test_an_answer_without_a_time_counts_for_nothing() -> None:
    found = pace(np.array([0, 0]), np.array([0.1, np.nan]), np.full(2, 0.3), 2)

    assert found.n.tolist() == [1, 0]
    assert np.isnan(found.share[1])
    assert not found.alarming().size


def test_a_few_fast_answers_are_not_enough() -> None:
    found = few(9), few(10)

    assert [one.alarming().size for one in found] == [0, 1]


def few(n: int) -> Pace:
    return pace(np.zeros(n, dtype=np.int64), np.full(n, 0.1), np.full(n, 0.3), 1)
