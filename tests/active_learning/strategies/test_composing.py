from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import Pool, Shares, compose_batch, lure_weights
from active_learning.strategies.utilities import margin
from tests.active_learning.strategies.pools import made_up, pool


def test_a_batch_of_a_hundred_is_divided_as_agreed() -> None:
    batch = compose_batch(pool(300), 100, seed=0)

    assert Counter(batch.reasons.tolist()) == {"audit": 15, "informative": 50, "diverse": 20}


@given(
    size=st.integers(0, 300),
    audit=st.floats(0, 1),
    elsewhere=st.floats(0, 1),
)
def test_no_share_is_negative_and_the_audit_never_falls_short(
    size: int, audit: float, elsewhere: float
) -> None:
    elsewhere *= 1 - audit

    counts = Shares.of(audit, elsewhere).counts(size)

    assert min(counts) >= 0
    assert sum(counts) == pytest.approx(size * (1 - elsewhere), abs=0.5001)
    assert counts[2] >= min(size * audit - 1e-6, sum(counts))


def test_shares_that_exceed_the_whole_are_refused() -> None:
    with pytest.raises(ValueError, match="shares"):
        Shares.of(audit=0.6, elsewhere=0.5)


def test_audit_picks_come_first_and_are_uniform() -> None:
    batch = compose_batch(pool(60), 40, seed=3)

    audit = batch.reasons == "audit"
    assert audit[:6].all()
    assert not audit[6:].any()
    assert batch.probabilities[:6] == pytest.approx(1 / (60 - np.arange(6)))


def test_every_clip_is_audited_as_often_as_any_other() -> None:
    candidates, seen = pool(20), np.zeros(20)

    for seed in range(600):
        batch = compose_batch(candidates, 20, seed=seed, shares=Shares(0.1, 0.1, 0.2))
        seen[batch.indices[batch.reasons == "audit"]] += 1

    assert seen.sum() == 600 * 4
    assert ((seen - 120) ** 2 / 120).sum() < 43.8  # Chi-square, 19 degrees, p = .001.


def test_informative_picks_are_more_doubtful_than_the_pool() -> None:
    candidates = pool(400)
    batch = compose_batch(candidates, 60, seed=0)
    assert candidates.members is not None
    doubts = margin(candidates.members, candidates.vectors)

    picked = doubts[batch.indices[batch.reasons == "informative"]]

    assert np.median(picked) > np.quantile(doubts, 0.7)


def test_a_batch_estimates_the_pools_risk_without_bias() -> None:
    candidates = pool(30)
    assert candidates.members is not None
    losses = margin(candidates.members, candidates.vectors) ** 10
    estimates, plain = [], []
    for seed in range(1500):
        batch = compose_batch(candidates, 10, seed=seed, shares=Shares(0.6, 0.2, 0.2))
        picked = losses[batch.indices]
        estimates.append((lure_weights(batch.probabilities, 30) * picked).mean())
        plain.append(picked.mean())

    error = 4 * np.std(estimates) / 1500**0.5
    assert np.mean(estimates) == pytest.approx(losses.mean(), abs=error)
    assert np.mean(plain) > losses.mean() + 2 * error


def test_diverse_picks_go_to_the_slice_that_lags_behind() -> None:
    slices = np.repeat([0, 1], 200)
    candidates = pool(400, slices=slices, slice_counts=np.array([500, 10]))

    batch = compose_batch(candidates, 100, seed=0, shares=Shares(0, 0.8, 0))

    assert slices[batch.indices].mean() > 0.8


def test_a_slice_without_any_label_lags_most() -> None:
    candidates = pool(3, slices=np.array([0, 1, 2]), slice_counts=np.array([9, 4]))

    assert candidates.shortfall == pytest.approx(np.array([1, 2, 10]) * (13 / 3 + 1) / 10)


def test_a_cold_start_is_audit_and_cold_picks_alone_and_meets_every_slice() -> None:
    _, vectors = made_up(200)
    slices = np.r_[np.zeros(190, dtype=np.intp), np.arange(1, 11)]

    batch = compose_batch(Pool(vectors, slices=slices), 60, seed=0)

    assert Counter(batch.reasons.tolist()) == {"audit": 9, "cold-start": 42}
    assert len(set(slices[batch.indices].tolist())) >= 8


def test_clips_with_labels_get_the_places_their_information_earns() -> None:
    known = np.r_[np.full(50, np.nan), np.full(25, 0.7), np.full(25, 0.01)]
    members = np.tile([0.55, 0.25, 0.1, 0.1], (3, 100, 1))
    members[:, 0] = 0.25

    batch = compose_batch(pool(100, members=members, information=known), 40, seed=0)

    old = batch.indices[~np.isnan(known[batch.indices])]
    assert 15 <= len(old) <= 20
    assert (known[old] > 0.5).mean() > 0.8


def test_clips_with_labels_are_never_audited_nor_diverse() -> None:
    known = np.r_[np.full(80, np.nan), np.full(40, 0.7)]

    batch = compose_batch(pool(120, information=known), 60, seed=0)

    with_labels = ~np.isnan(known[batch.indices])
    assert set(batch.reasons[with_labels].tolist()) <= {"informative"}


def test_a_small_pool_is_emptied_and_no_more() -> None:
    batch = compose_batch(pool(7), 50, seed=0)

    assert sorted(batch.indices) == list(range(7))


def test_an_empty_pool_gives_an_empty_batch() -> None:
    batch = compose_batch(Pool(np.zeros((0, 3)), np.zeros((2, 0, 3))), 10, seed=0)

    assert len(batch.indices) == len(batch.reasons) == len(batch.probabilities) == 0


def test_identical_clips_are_drawn_all_the_same() -> None:
    candidates = Pool(np.ones((30, 3)), np.full((2, 30, 3), 1 / 3))

    batch = compose_batch(candidates, 20, seed=0)

    assert len(set(batch.indices.tolist())) == 17


def test_parts_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        pool(60, information=np.ones(59))


@pytest.mark.parametrize("part", ["vectors", "members", "covered"])
def test_numbers_that_are_not_finite_are_refused(part: str) -> None:
    members, vectors = made_up(3)
    spoilt = (members if part == "members" else vectors).copy()
    spoilt[0] = np.nan

    with pytest.raises(ValueError, match="not finite"):
        pool(3, **{"members": members, "vectors": vectors, part: spoilt})
