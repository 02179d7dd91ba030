from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.answers import Floats
from annotation.agreement.kappa import (
    Weighting,
    agreement_weights,
    cohen_interval,
    cohen_kappa,
    contingency,
    fleiss_interval,
    fleiss_kappa,
)
from tests.annotation.agreement.simulation import people

# Fleiss (1971), table 1: six of the psychiatrists' diagnoses of each of thirty patients, as
# depression, personality disorder, schizophrenia, neurosis, other.
PSYCHIATRISTS = """00060 03003 01401 00006 03030 20400 00402 20310 20040 00006
10050 11040 03300 10050 02031 00501 30012 51000 02040 10203
00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"""
DIAGNOSES = np.array([[int(n) for n in patient] for patient in PSYCHIATRISTS.split()])
# Cohen (1968), table 1, of 200 patients, and how gravely each disagreement counts.
JUDGED = np.array([[88, 14, 18], [10, 40, 10], [2, 6, 12]])
GRAVE = np.array([[0, 1, 3], [1, 0, 6], [3, 6, 0]])
EVEN = st.lists(
    st.lists(st.integers(0, 2), min_size=4, max_size=4), min_size=2, max_size=10
).filter(lambda tasks: len({label for task in tasks for label in task}) > 1)


def counted(tasks: list[list[int]]) -> Floats:
    return np.array([np.bincount(task, minlength=3) for task in tasks], dtype=float)


def test_thirty_patients_have_the_published_kappa() -> None:
    n, shares = len(DIAGNOSES), DIAGNOSES.sum(axis=0) / DIAGNOSES.sum()
    alike = sum(c * (c - 1) for row in DIAGNOSES.tolist() for c in row) / (n * 6 * 5)
    chance = sum(share**2 for share in shares)

    assert shares == pytest.approx([0.144, 0.144, 0.167, 0.306, 0.239], abs=0.0005)
    assert fleiss_kappa(DIAGNOSES) == pytest.approx(0.430, abs=0.0005)
    assert fleiss_kappa(DIAGNOSES) == pytest.approx((alike - chance) / (1 - chance), abs=1e-12)


@given(EVEN, st.permutations(range(3)))
def test_fleiss_kappa_does_not_hang_on_names_or_order(
    tasks: list[list[int]], names: list[int]
) -> None:
    table = counted(tasks)

    assert fleiss_kappa(table[::-1][:, names]) == pytest.approx(fleiss_kappa(table), abs=1e-9)


def test_perfect_agreement_is_one() -> None:
    assert fleiss_kappa([[3, 0], [0, 3]]) == 1
    assert cohen_kappa([[5, 0], [0, 2]]) == 1
    assert fleiss_interval([[3, 0], [0, 3]]) == (1, 1)


def test_labels_by_chance_agree_by_nothing() -> None:
    rng = np.random.default_rng(0)
    one, other = rng.choice(3, (2, 50_000), p=[0.5, 0.3, 0.2])

    assert fleiss_kappa(rng.multinomial(5, [0.5, 0.3, 0.2], 20_000)) == pytest.approx(0, abs=0.01)
    for weighting in Weighting:
        found = cohen_kappa(contingency(one, other, 3), agreement_weights(3, weighting))
        assert found == pytest.approx(0, abs=0.015)


@pytest.mark.parametrize("table", [[[2, 1], [1, 1]], [[1, 0], [0, 1]], [[0, 0]]])
def test_fleiss_kappa_wants_as_many_labels_everywhere(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match="same number of labels"):
        fleiss_kappa(table)


def test_labels_of_one_class_have_no_kappa() -> None:
    with pytest.raises(ValueError, match="same class"):
        fleiss_kappa([[3, 0], [3, 0]])
    with pytest.raises(ValueError, match="same class"):
        cohen_kappa([[3, 0], [0, 0]])


def test_two_judges_have_the_published_kappas() -> None:
    """Observed .90 of an expected 1.38, as Cohen works it out."""
    assert cohen_kappa(JUDGED) == pytest.approx((0.70 - 0.41) / (1 - 0.41), abs=1e-12)
    assert cohen_kappa(JUDGED, 1 - GRAVE / 6) == pytest.approx(1 - 0.90 / 1.38, abs=1e-12)
    assert cohen_kappa(JUDGED, 1 - GRAVE / 6) == pytest.approx(0.348, abs=0.0005)


@pytest.mark.parametrize(("weighting", "power"), [(Weighting.LINEAR, 1), (Weighting.QUADRATIC, 2)])
def test_weighted_kappa_is_that_of_distances(weighting: Weighting, power: int) -> None:
    one, other = np.random.default_rng(3).integers(0, 4, (2, 40))
    observed = np.mean([abs(a - b) ** power for a, b in zip(one, other, strict=True)])
    expected = np.mean([abs(a - b) ** power for a in one for b in other])

    found = cohen_kappa(contingency(one, other, 4), agreement_weights(4, weighting))

    assert found == pytest.approx(1 - observed / expected, abs=1e-12)


def test_tasks_that_one_rater_left_out_do_not_count() -> None:
    assert contingency([0, -1, 1], [0, 1, -1], 2).tolist() == [[1, 0], [0, 0]]


def test_what_is_no_table_of_two_raters_is_refused() -> None:
    with pytest.raises(ValueError, match="square"):
        cohen_kappa([[1, 2, 3], [1, 2, 3]])
    with pytest.raises(ValueError, match="share no task"):
        cohen_kappa([[0, 0], [0, 0]])
    with pytest.raises(ValueError, match="one weight"):
        cohen_kappa(JUDGED, np.eye(2))
    with pytest.raises(ValueError, match="below 2"):
        contingency([2], [0], 2)
    with pytest.raises(ValueError, match="one place each"):
        contingency([1, 0], [0], 2)


def test_the_interval_of_cohens_kappa_is_near_that_of_its_large_sample_error() -> None:
    """Fleiss, Cohen & Everitt (1969): 0.492 with a standard error of about 0.05."""
    one, other = np.divmod(np.arange(9).repeat(JUDGED.ravel()), 3)
    p = JUDGED / 200
    row, column = p.sum(axis=1), p.sum(axis=0)
    k, chance = cohen_kappa(JUDGED), float(row @ column)
    inner = (np.diag(p) * (1 - (row + column) * (1 - k)) ** 2).sum()
    off = (1 - k) ** 2 * (p * (column[:, None] + row) ** 2 * (1 - np.eye(3))).sum()
    error = np.sqrt((inner + off - (k - chance * (1 - k)) ** 2) / 200) / (1 - chance)

    low, high = cohen_interval((one, other), 3)

    assert low == pytest.approx(k - 1.96 * error, abs=0.02)
    assert high == pytest.approx(k + 1.96 * error, abs=0.02)


def test_an_interval_over_persons_who_differ_is_wider_than_that_over_their_tasks() -> None:
    table, persons = people(30, 20, per_task=5, seed=1)

    low, high = fleiss_interval(table, persons)
    low_by_task, high_by_task = fleiss_interval(table)

    assert low < low_by_task < fleiss_kappa(table) < high_by_task < high


def test_an_interval_needs_one_person_for_every_task() -> None:
    with pytest.raises(ValueError, match="one person for every task"):
        fleiss_interval([[2, 1], [1, 2]], ["a"])
    with pytest.raises(ValueError, match="one person for every task"):
        cohen_interval(([0, 1], [0, 1]), 2, ["a"])
