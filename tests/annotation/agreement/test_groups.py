"""Mean weights by the raters' groups, and when a group is read apart."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.groups import GroupWeight, weights_by_group


def weighed(raters: int, labels: int, weight: float) -> list[GroupWeight]:
    """A minority of so many raters, each with so many labels of a weight, beside 20 at .9."""
    who = np.concatenate(
        [np.repeat(np.arange(raters), labels), np.repeat(np.arange(20) + raters, 30)]
    )
    minor = who < raters
    return weights_by_group(np.where(minor, weight, 0.9), who, np.where(minor, 0, 1))


@pytest.mark.parametrize(
    ("raters", "labels", "weight", "apart"),
    [(5, 60, 0.71, True), (5, 60, 0.73, False), (5, 59, 0.71, False)],
)
def test_a_group_is_apart_below_four_fifths_with_enough_labels(
    raters: int, labels: int, weight: float, *, apart: bool
) -> None:
    minor, major = weighed(raters, labels, weight)

    assert (minor.apart, major.apart) == (apart, False)


def test_a_group_of_fewer_than_five_raters_is_left_out() -> None:
    assert [one.group for one in weighed(4, 200, 0.1)] == [1]


def test_those_who_named_no_group_are_in_none() -> None:
    who = np.arange(12)

    assert weights_by_group(np.ones(12), who, np.full(12, -1)) == []


def test_the_interval_covers_the_mean_of_the_raters_population() -> None:
    chance = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        who = np.repeat(np.arange(12), 20)
        level = chance.uniform(0.2, 0.8, 12)
        weights = np.clip(level[who] + chance.normal(0, 0.05, who.size), 0, 1)
        (found,) = weights_by_group(weights, who, np.zeros(who.size, dtype=np.int64))
        covered += found.low <= 0.5 <= found.high

    assert 0.92 <= covered / 400 <= 0.98


def test_without_weights_in_the_largest_group_there_is_no_ratio() -> None:
    (found,) = weights_by_group(np.zeros(6), np.arange(6), np.zeros(6, dtype=np.int64))

    assert np.isnan(found.ratio)
    assert not found.apart


def test_arrays_of_unequal_length_are_refused() -> None:
    with pytest.raises(ValueError, match="same length"):
        weights_by_group(np.ones(2), np.arange(2), np.zeros(3, dtype=np.int64))
