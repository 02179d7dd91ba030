from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.alpha import nominal_alpha
from annotation.agreement.answers import Floats
from annotation.agreement.gwet import gwet_ac, gwet_interval
from annotation.agreement.kappa import Weighting, agreement_weights
from tests.annotation.agreement.simulation import people

# Gwet (2014), page 120: twelve subjects, four raters, ratings missing; a subject a word.
TWELVE = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
COUNTS = np.array([[subject.count(c) for c in "12345"] for subject in TWELVE])
TABLES = st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=2, max_size=9)


def slow_ac(units: list[str], classes: str, weights: Floats) -> float:
    """Return AC2 pair by pair; Gwet (2014), section 5.4."""
    place = {c: i for i, c in enumerate(classes)}
    pairs = [
        np.mean(
            [
                weights[place[a], place[b]]
                for i, a in enumerate(unit)
                for j, b in enumerate(unit)
                if i != j
            ]
        )
        for unit in units
        if len(unit) > 1
    ]
    shares = [np.mean([unit.count(c) / len(unit) for unit in units]) for c in classes]
    k = len(classes)
    chance = weights.sum() / (k * (k - 1)) * sum(p * (1 - p) for p in shares)
    return float((np.mean(pairs) - chance) / (1 - chance))


@pytest.mark.parametrize(
    ("weighting", "published"),
    [(Weighting.NONE, 0.775), (Weighting.LINEAR, 0.859), (Weighting.QUADRATIC, 0.914)],
)
def test_twelve_subjects_have_the_published_coefficients(
    weighting: Weighting, published: float
) -> None:
    weights = agreement_weights(5, weighting)

    found = gwet_ac(COUNTS, weights)

    assert found == pytest.approx(published, abs=0.0005)
    assert found == pytest.approx(slow_ac(TWELVE, "12345", weights), abs=1e-12)


def test_two_abstractors_have_the_published_coefficient() -> None:
    """Gwet (2014): 100 pregnancies, each in one of three classes by two readers: 0.8493305."""
    joint = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]])
    one, other = np.divmod(np.arange(9).repeat(joint.ravel()), 3)

    assert gwet_ac(np.eye(3)[one] + np.eye(3)[other]) == pytest.approx(0.8493305, abs=1e-6)


@given(TABLES.filter(lambda t: max(map(sum, t)) > 1), st.permutations(range(3)))
def test_it_does_not_hang_on_names_or_order(table: list[list[int]], names: list[int]) -> None:
    counts = np.array(table)

    assert gwet_ac(counts[::-1][:, names]) == pytest.approx(gwet_ac(counts), abs=1e-9)


def test_perfect_agreement_is_one_and_chance_nothing() -> None:
    even = np.random.default_rng(0).multinomial(5, [0.25] * 4, size=20_000)

    assert gwet_ac([[3, 0], [0, 3], [3, 0]]) == 1
    assert gwet_ac(even) == pytest.approx(0, abs=0.01)


def test_where_one_class_is_common_it_stays_high_and_alpha_falls() -> None:
    counts = [[2, 0]] * 90 + [[1, 1]] * 10

    assert nominal_alpha(counts) < 0
    assert gwet_ac(counts) > 0.85


@pytest.mark.parametrize(
    ("counts", "message"),
    [([[1, 0], [0, 1]], "no task has two"), ([1, 2], "shape"), ([[2], [3]], "two classes")],
)
def test_what_has_no_coefficient_is_refused(counts: list[list[int]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        gwet_ac(counts)


def test_the_interval_holds_the_value_and_widens_with_persons_who_differ() -> None:
    counts, persons = people(30, 20, per_task=5, seed=1)

    low, high = gwet_interval(counts, persons)
    low_by_task, high_by_task = gwet_interval(counts)

    assert low < low_by_task < gwet_ac(counts) < high_by_task < high
