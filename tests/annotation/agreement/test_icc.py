from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation.agreement.icc import icc

# Shrout & Fleiss (1979), table 2: four ratings of each of six targets.
RATINGS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)
# Mean squares of their table 3, to two places.
BETWEEN, WITHIN, RATERS, REST = 11.24, 6.26, 32.49, 1.02
KINDS = ["one_way", "two_way", "fixed", "one_way_mean", "two_way_mean", "fixed_mean"]


@pytest.mark.parametrize(
    ("kind", "published"), list(zip(KINDS, [0.17, 0.29, 0.71, 0.44, 0.62, 0.91], strict=True))
)
def test_six_targets_have_the_published_correlations(kind: str, published: float) -> None:
    assert getattr(icc(RATINGS), kind).value == pytest.approx(published, abs=0.005)


def test_the_correlations_are_those_of_the_published_mean_squares() -> None:
    found = icc(RATINGS)

    assert found.one_way.value == pytest.approx(
        (BETWEEN - WITHIN) / (BETWEEN + 3 * WITHIN), abs=1e-3
    )
    noise = BETWEEN + 3 * REST + 4 * (RATERS - REST) / 6
    assert found.two_way.value == pytest.approx((BETWEEN - REST) / noise, abs=1e-3)
    assert found.fixed_mean.value == pytest.approx((BETWEEN - REST) / BETWEEN, abs=1e-3)


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("one_way", -0.133, 0.72),
        ("two_way", 0.019, 0.76),
        ("fixed", 0.342, 0.95),
        ("one_way_mean", -0.884, 0.91),
        ("two_way_mean", 0.071, 0.93),
        ("fixed_mean", 0.676, 0.99),
    ],
)
def test_the_intervals_are_those_that_the_r_package_psych_prints(
    kind: str, low: float, high: float
) -> None:
    found = getattr(icc(RATINGS), kind)

    assert found.low == pytest.approx(low, abs=0.0006)
    assert found.high == pytest.approx(high, abs=0.006)


@pytest.mark.parametrize("kind", ["one_way", "two_way"])
def test_the_interval_covers_the_correlation_that_the_ratings_were_drawn_with(kind: str) -> None:
    rng = np.random.default_rng(0)
    targets, raters, rest = (rng.normal(size=(400, *shape)) for shape in ((12, 1), (1, 5), (12, 5)))
    drawn = targets + rest + (0.3 * raters if kind == "two_way" else 0)
    truth = 1 / (2 + (0.09 if kind == "two_way" else 0))

    found = [getattr(icc(ratings), kind) for ratings in drawn]

    assert 0.93 <= np.mean([r.low <= truth <= r.high for r in found]) <= 0.98


@given(st.permutations(range(6)), st.permutations(range(4)), st.floats(0.1, 9), st.floats(-9, 9))
def test_order_scale_and_level_of_all_do_not_matter(
    rows: list[int], columns: list[int], scale: float, shift: float
) -> None:
    changed = icc(RATINGS[rows][:, columns] * scale + shift)

    assert changed.two_way.value == pytest.approx(icc(RATINGS).two_way.value, abs=1e-9)
    assert changed.one_way.low == pytest.approx(icc(RATINGS).one_way.low, abs=1e-9)


def test_perfect_agreement_is_one_and_a_shift_of_a_rater_only_hurts_agreement() -> None:
    alike = icc([[1, 1], [2, 2], [4, 4]])
    shifted = icc([[1, 3], [2, 4], [4, 6]])

    assert {getattr(alike, kind).value for kind in KINDS} == {1.0}
    assert shifted.fixed.value == 1
    assert shifted.two_way.value < 0.6


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        ([[1, 2]], "two targets"),
        ([[1], [2]], "two raters"),
        ([[1, np.nan], [2, 2]], "every rating"),
        ([[3, 3], [3, 3]], "alike"),
    ],
)
def test_ratings_without_a_correlation_are_refused(
    ratings: list[list[float]], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        icc(ratings)
