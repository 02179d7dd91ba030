from __future__ import annotations

from random import Random

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.alpha import (
    alpha,
    alpha_for,
    alpha_interval,
    alpha_per_class,
    nominal_alpha,
)
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.distances import Level
from tests.annotation.agreement.simulation import people

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C:
# the answers to twelve units, a unit a line, one character an answer.
PUBLISHED_UNITS = """111
2232
3333
3333
2222
1234
4444
1121
2222
555
11
3"""
PUBLISHED = np.array([[unit.count(c) for c in "12345"] for unit in PUBLISHED_UNITS.splitlines()])


def test_alpha_is_the_published_value() -> None:
    assert nominal_alpha(PUBLISHED) == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_answers_is_that_of_their_counts() -> None:
    task, label = np.nonzero(PUBLISHED)
    times = PUBLISHED[task, label]
    task, label = task.repeat(times), label.repeat(times)

    answers = Answers(task, np.arange(len(task)), label, 12, len(task), 5)

    assert nominal_alpha(answers) == nominal_alpha(PUBLISHED)


TABLES = st.lists(st.lists(st.integers(0, 6), min_size=4, max_size=4), min_size=2, max_size=12).map(
    np.array
)


def is_defined(counts: Floats) -> bool:
    return int(np.count_nonzero(counts[counts.sum(axis=1) > 1].sum(axis=0))) > 1


@settings(max_examples=60, deadline=None)
@given(TABLES, st.sampled_from(Level))
def test_alpha_equals_that_of_the_reference_package(counts: Floats, level: Level) -> None:
    if not is_defined(counts):
        with pytest.raises(ValueError, match="undefined"):
            alpha(counts, level)
        return
    values = [0, 1, 2.5, 7]

    expected = krippendorff.alpha(
        value_counts=counts, value_domain=values, level_of_measurement=level.value
    )

    assert alpha(counts, level, values) == pytest.approx(expected, abs=1e-9)


def slow_alpha(units: list[str], level: Level) -> float:
    """Return alpha from every pair of labels, as Krippendorff (2011) writes it."""
    units = [unit for unit in units if len(unit) > 1]
    pool = "".join(units)

    def distance(one: str, other: str) -> float:
        c, k = sorted((int(one), int(other)))
        if level is Level.NOMINAL:
            return float(c != k)
        if level is Level.INTERVAL:
            return float((c - k) ** 2)
        if level is Level.RATIO:
            return ((c - k) / (c + k)) ** 2
        between = sum(pool.count(str(g)) for g in range(c, k + 1))
        return (between - (pool.count(one) + pool.count(other)) / 2) ** 2 if c != k else 0.0

    observed = sum(distance(a, b) / (len(u) - 1) for u in units for a in u for b in u) / len(pool)
    expected = sum(distance(a, b) for a in pool for b in pool) / (len(pool) * (len(pool) - 1))
    return 1 - observed / expected


@pytest.mark.parametrize(
    ("level", "published"), list(zip(Level, (0.743, 0.815, 0.849, 0.797), strict=True))
)
def test_every_level_gives_its_published_value(level: Level, published: float) -> None:
    found = alpha(PUBLISHED, level)

    assert found == pytest.approx(published, abs=0.0005)
    assert found == pytest.approx(slow_alpha(PUBLISHED_UNITS.splitlines(), level), abs=1e-12)


@given(TABLES.filter(is_defined), st.permutations(range(4)))
def test_renamed_classes_keep_the_nominal_alpha(counts: Floats, names: list[int]) -> None:
    assert alpha(counts[:, names]) == pytest.approx(alpha(counts), abs=1e-9)


@given(TABLES.filter(is_defined), st.sampled_from(Level), st.randoms())
def test_the_order_of_tasks_does_not_matter(counts: Floats, level: Level, chance: Random) -> None:
    rows = counts.tolist()
    chance.shuffle(rows)

    assert alpha(rows, level) == pytest.approx(alpha(counts, level), abs=1e-9)


@given(TABLES.filter(is_defined), st.sampled_from(Level), st.integers(0, 3))
def test_a_task_with_one_label_changes_nothing(counts: Floats, level: Level, label: int) -> None:
    more = np.vstack([counts, np.eye(4, dtype=int)[label]])

    assert alpha(more, level) == pytest.approx(alpha(counts, level), abs=1e-9)


@pytest.mark.parametrize("level", Level)
def test_perfect_agreement_is_one_with_nothing_around_it(level: Level) -> None:
    counts = np.diag([3, 2, 5, 4]).repeat(3, axis=0)

    assert alpha(counts, level) == 1
    assert alpha_interval(counts, measure=alpha_for(level, 4)) == (1, 1)


@pytest.mark.parametrize("level", Level)
def test_labels_by_chance_agree_by_nothing(level: Level) -> None:
    counts = np.random.default_rng(0).multinomial(5, [0.4, 0.3, 0.2, 0.1], size=20_000)

    assert alpha(counts, level) == pytest.approx(0, abs=0.01)


def test_ordinal_alpha_hangs_on_the_order_of_the_classes_and_not_on_their_values() -> None:
    assert alpha(PUBLISHED, Level.ORDINAL, [1, 2, 3, 4, 50]) == alpha(PUBLISHED, Level.ORDINAL)
    assert alpha(PUBLISHED[:, ::-1], Level.ORDINAL) == pytest.approx(
        alpha(PUBLISHED, Level.ORDINAL)
    )
    assert alpha(PUBLISHED[:, [1, 0, 2, 4, 3]], Level.ORDINAL) < alpha(PUBLISHED, Level.ORDINAL)


def test_values_must_be_as_many_as_classes_and_of_a_ratio_not_below_zero() -> None:
    with pytest.raises(ValueError, match="one value for every class"):
        alpha(PUBLISHED, Level.INTERVAL, [1, 2])
    with pytest.raises(ValueError, match="from 0 on"):
        alpha(PUBLISHED, Level.RATIO, [-1, 0, 1, 2, 3])


def test_tasks_with_one_label_alone_have_no_alpha() -> None:
    with pytest.raises(ValueError, match="no task has two labels"):
        nominal_alpha([[1, 0], [0, 1]])


def test_labels_of_one_class_alone_have_no_alpha() -> None:
    with pytest.raises(ValueError, match="same class"):
        nominal_alpha([[2, 0], [3, 0]])


def test_a_class_nobody_chose_has_no_alpha_of_its_own() -> None:
    per_class = alpha_per_class([[2, 0, 0], [0, 2, 0], [2, 0, 0]])

    assert per_class.round(3).tolist()[:2] == [1.0, 1.0]
    assert np.isnan(per_class[2])


def test_with_two_classes_each_has_the_alpha_of_both() -> None:
    counts = [[3, 1], [0, 4], [2, 2], [4, 0]]

    assert alpha_per_class(counts) == pytest.approx([nominal_alpha(counts)] * 2)


def test_the_interval_is_the_same_for_the_same_seed() -> None:
    counts, persons = people(10, 5, per_task=3, seed=0)

    first = alpha_interval(counts, persons, seed=3)

    assert first == alpha_interval(counts, persons, seed=3)
    assert first != alpha_interval(counts, persons, seed=4)


def test_persons_must_be_as_many_as_tasks() -> None:
    with pytest.raises(ValueError, match="one person for every task"):
        alpha_interval(PUBLISHED, persons=["a", "b"])
