from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from annotation.agreement.alpha import alpha_interval, nominal_alpha
from annotation.agreement.distances import jaccard, masi
from annotation.agreement.sets import Distance, Labels, set_alpha, set_counts

Tasks = list[list[frozenset[int]]]
TASKS = st.lists(
    st.lists(st.frozensets(st.integers(0, 3), max_size=3), max_size=4), min_size=1, max_size=7
)


def slow_alpha(tasks: Tasks, distance: Distance) -> float:
    """Return alpha from every pair of sets."""
    units = [unit for unit in tasks if len(unit) > 1]
    pool = [labels for unit in units for labels in unit]
    n = len(pool)
    observed = sum(distance(a, b) / (len(u) - 1) for u in units for a, b in permutations(u, 2)) / n
    return 1 - observed / (sum(distance(a, b) for a in pool for b in pool) / (n * (n - 1)))


def slow_masi(one: Labels, other: Labels) -> float:
    """Return MASI as Passonneau (2006) tells it: Jaccard times monotonicity, from 1."""
    if one == other:
        return 0.0
    both, all_ = one & other, one | other
    monotonicity = 2 / 3 if both in (one, other) else 1 / 3 if both else 0.0
    return 1 - len(both) / len(all_) * monotonicity


@settings(max_examples=80, deadline=None)
@given(TASKS)
def test_alpha_of_sets_is_that_of_all_their_pairs(tasks: Tasks) -> None:
    pool = {labels for unit in tasks if len(unit) > 1 for labels in unit}
    if len(pool) < 2:
        with pytest.raises(ValueError, match="undefined"):
            set_alpha(tasks)
        return

    assert set_alpha(tasks) == pytest.approx(slow_alpha(tasks, slow_masi), abs=1e-9)
    assert set_alpha(tasks, jaccard) == pytest.approx(slow_alpha(tasks, jaccard), abs=1e-9)


def test_alpha_of_sets_is_that_of_nltk() -> None:
    tasks = [[{1}, {1, 2}, {1}], [{2}, {2}, {3}], [{1, 3}, {1, 3}, {3}], [{2}, {1, 2}, {2, 3}]]
    rows = [
        (str(rater), str(task), frozenset(labels))
        for task, given_ in enumerate(tasks)
        for rater, labels in enumerate(given_)
    ]

    assert set_alpha(tasks, jaccard) == pytest.approx(
        AnnotationTask(rows, distance=jaccard).alpha(), abs=1e-9
    )


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ({1, 2}, {1, 2}, 0),
        ({1, 2}, {1, 2, 3, 4}, 1 - 1 / 2 * 2 / 3),
        ({1, 2}, {2, 3}, 1 - 1 / 3 * 1 / 3),
        ({1}, {2}, 1),
        (set(), {1}, 1),
        (set(), set(), 0),
    ],
)
def test_masi_tells_equal_from_held_from_overlapping_from_apart(
    one: set[int], other: set[int], distance: float
) -> None:
    assert masi(one, other) == pytest.approx(distance, abs=1e-12)
    assert masi(other, one) == masi(one, other)


def test_sets_of_one_label_have_the_nominal_alpha() -> None:
    tasks = [[{"a"}, {"a"}], [{"a"}, {"b"}], [{"b"}, {"b"}, {"c"}]]
    counts = [[2, 0, 0], [1, 1, 0], [0, 2, 1]]

    assert set_alpha(tasks) == pytest.approx(nominal_alpha(counts), abs=1e-12)


def test_sets_have_an_interval_over_persons() -> None:
    tasks = [[{1}, {1, 2}, {1}], [{2}, {2}, {3}], [{1, 3}, {1, 3}, {3}]] * 10
    counts, measure = set_counts(tasks)

    low, high = alpha_interval(counts, [i // 3 for i in range(30)], measure=measure)
    low_by_task, high_by_task = alpha_interval(counts, measure=measure)

    assert low == high == pytest.approx(set_alpha(tasks))
    assert low_by_task < set_alpha(tasks) < high_by_task


@pytest.mark.parametrize("tasks", [[], [[]], [[{1}], [{2}]], [[{1}, {1}]]])
def test_sets_without_an_alpha_are_refused(tasks: Tasks) -> None:
    with pytest.raises(ValueError, match="undefined"):
        set_alpha(tasks)
