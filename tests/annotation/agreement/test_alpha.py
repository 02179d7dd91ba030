from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotation.agreement.alpha import alpha_interval, alpha_per_class, nominal_alpha
from annotation.agreement.answers import Answers
from tests.annotation.agreement.simulation import draw_answers, soft_shares

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


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(0, 6), min_size=3, max_size=3), min_size=2, max_size=12))
def test_alpha_equals_that_of_the_reference_package(table: list[list[int]]) -> None:
    counts = np.array(table)
    pairable = counts[counts.sum(axis=1) > 1]
    if np.count_nonzero(pairable.sum(axis=0)) < 2:
        with pytest.raises(ValueError, match="undefined"):
            nominal_alpha(counts)
        return

    expected = krippendorff.alpha(value_counts=counts, level_of_measurement="nominal")

    assert nominal_alpha(counts) == pytest.approx(expected, abs=1e-9)


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
    persons = list("aaabbbcccddd")

    first = alpha_interval(PUBLISHED, persons, seed=3)

    assert first == alpha_interval(PUBLISHED, persons, seed=3)
    assert first != alpha_interval(PUBLISHED, persons, seed=4)


def test_the_interval_over_tasks_is_that_of_resampling_them_one_by_one() -> None:
    counts = draw_answers(soft_shares(60), ["honest"] * 9).counts()
    rng = np.random.default_rng(0)
    plain = [nominal_alpha(counts[rng.integers(0, 60, 60)]) for _ in range(2000)]

    low, high = alpha_interval(counts, resamples=2000)

    assert [low, high] == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.012)


def test_the_interval_over_persons_is_that_of_resampling_in_two_stages() -> None:
    counts = draw_answers(soft_shares(60), ["honest"] * 9).counts()
    persons = np.arange(60) // 12
    rng = np.random.default_rng(0)
    drawn = rng.integers(0, 5, (2000, 5)).repeat(12, axis=1) * 12 + rng.integers(0, 12, (2000, 60))
    plain = [nominal_alpha(counts[rows]) for rows in drawn]

    low, high = alpha_interval(counts, persons, resamples=2000)

    assert [low, high] == pytest.approx(np.quantile(plain, [0.025, 0.975]), abs=0.015)


def test_the_interval_covers_the_alpha_of_all_tasks_about_as_often_as_it_says() -> None:
    everything = draw_answers(soft_shares(4000), ["honest"] * 9, per_task=5).counts()
    truth = nominal_alpha(everything)
    samples = everything.reshape(80, 50, 4)

    covered = [low <= truth <= high for low, high in map(_quick_interval, samples)]

    assert 0.86 <= np.mean(covered) <= 1.0


def _quick_interval(counts: np.ndarray) -> tuple[float, float]:
    return alpha_interval(counts, resamples=300)


def test_persons_must_be_as_many_as_tasks() -> None:
    with pytest.raises(ValueError, match="one person for every task"):
        alpha_interval(PUBLISHED, persons=["a", "b"])
