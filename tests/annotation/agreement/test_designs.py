"""Designs of comparisons: balanced, without repeats, in one piece, the same by the same seed."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import ceil, comb

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotation.agreement.designs import Group, NoDesignError, design

sizes = st.sampled_from([2, 4])
numbers = st.integers(4, 60)
loads = st.integers(2, 12)


def times(groups: list[Group]) -> Counter[int]:
    return Counter(item for group in groups for item in group)


def meetings(groups: list[Group]) -> Counter[Group]:
    return Counter(pair for group in groups for pair in combinations(sorted(group), 2))


def is_connected(items: range, groups: list[Group]) -> bool:
    reached, grew = {items[0]}, True
    while grew:
        near = {item for group in groups if reached & set(group) for item in group}
        grew = not near <= reached
        reached |= near
    return reached == set(items)


@settings(deadline=None, max_examples=60)
@given(size=sizes, n=numbers, each=loads, seed=st.integers(0, 10**6))
def test_a_design_keeps_its_promises(size: int, n: int, each: int, seed: int) -> None:
    groups = design(range(n), size, each, seed=seed)

    used = times(groups)
    wanted = min(each, comb(n - 1, size - 1))
    assert all(len(set(group)) == size for group in groups)
    assert len(set(groups)) == len(groups)
    assert all(wanted <= used[item] <= wanted + 2 for item in range(n))
    assert is_connected(range(n), groups)


@settings(deadline=None, max_examples=40)
@given(n=st.integers(8, 200), seed=st.integers(0, 10**6))
@example(n=115, seed=115)
def test_two_clips_meet_in_fours_hardly_more_often_than_they_must(n: int, seed: int) -> None:
    groups = design(range(n), 4, 8, seed=seed)

    must = ceil(8 * 3 / (n - 1))
    assert max(meetings(groups).values()) <= must + 2


def test_the_published_design_has_twice_as_many_fours_as_clips() -> None:
    groups = design(range(1000), 4, 8, seed=1)

    assert len(groups) == 2000
    assert set(times(groups).values()) == {8}
    assert max(meetings(groups).values()) <= 2


def test_no_pair_is_asked_twice() -> None:
    groups = design(range(100), 2, 6, seed=1)

    assert set(meetings(groups).values()) == {1}
    assert 300 <= len(groups) <= 302


@pytest.mark.parametrize(("size", "n"), [(2, 0), (2, 1), (4, 3)])
def test_too_few_clips_are_refused(size: int, n: int) -> None:
    with pytest.raises(NoDesignError, match=f"needs {size} clips; there are {n}"):
        design(range(n), size, 6, seed=0)


@pytest.mark.parametrize(("size", "n", "groups"), [(2, 2, 1), (2, 3, 3), (4, 4, 1), (4, 5, 5)])
def test_few_clips_get_every_comparison_there_is(size: int, n: int, groups: int) -> None:
    assert len(design(range(n), size, 8, seed=0)) == groups


def test_a_design_is_the_same_by_the_same_seed() -> None:
    assert design(range(40), 4, 8, seed="a") == design(range(40), 4, 8, seed="a")
    assert design(range(40), 4, 8, seed="a") != design(range(40), 4, 8, seed="b")


@settings(deadline=None, max_examples=60)
@given(size=sizes, old=numbers, new=st.integers(1, 30), seed=st.integers(0, 10**6))
def test_newcomers_are_compared_with_the_others(size: int, old: int, new: int, seed: int) -> None:
    made = design(range(old), size, 6, seed=seed)

    groups = design(range(old + new), size, 6, seed=seed, made=made)

    used = times(made + groups)
    wanted = min(6, comb(old + new - 1, size - 1))
    assert not set(groups) & set(made)
    assert all(used[item] >= wanted for item in range(old + new))
    assert is_connected(range(old + new), made + groups)


def test_one_newcomer_meets_old_ones_alone() -> None:
    made = design(range(50), 2, 6, seed=0)

    groups = design(range(51), 2, 6, seed=0, made=made)

    assert len(groups) == 6
    assert all(group[1] == 50 for group in groups)


def test_whoever_left_is_made_up_for() -> None:
    made = design(range(20), 2, 6, seed=0)

    groups = design(range(19), 2, 6, seed=0, made=made)

    still = [group for group in made if 19 not in group]
    assert all(times(still + groups)[item] >= 6 for item in range(19))
    assert not set(groups) & set(made)
    assert 3 <= len(groups) <= 4


def test_nothing_is_added_to_a_design_that_is_complete() -> None:
    made = design(range(40), 4, 8, seed=0)

    assert design(range(40), 4, 8, seed=1, made=made) == []
