from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from active_learning.strategies import (
    STRATEGIES,
    Pool,
    Shares,
    compose_batch,
    expected_information,
)
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


SLICED = pool(40, slices=np.arange(40) % 3, slice_counts=np.array([9, 1, 0]))


@pytest.mark.parametrize(
    ("candidates", "reason"),
    [
        (SLICED, "shortfall"),
        (replace(SLICED, utilities=None), "cold-start"),
        (pool(40, utilities=None), "cold-start"),
        (pool(40, labelled=np.ones(40, dtype=np.bool_), information=np.arange(40.0)), "repeat"),
    ],
)
def test_the_probability_of_a_pick_is_what_it_is_said_to_be(candidates: Pool, reason: str) -> None:
    """Then 1 / q is the number of clips left, on the average: every clip adds q / q."""
    ratios = []
    for seed in range(400):
        batch = compose_batch(candidates, 20, seed=seed, shares=Shares(0.5, 0.4, 0.1))
        left = 40 - np.arange(len(batch.indices))
        ratios.append((1 / (batch.probabilities * left))[batch.reasons == reason].mean())

    assert np.mean(ratios) == pytest.approx(1, abs=4 * np.std(ratios) / 400**0.5)


def test_informative_picks_are_more_doubtful_than_the_pool() -> None:
    candidates = pool(400)
    batch = compose_batch(candidates, 60, seed=0)
    doubts = candidates.utilities
    assert doubts is not None

    picked = doubts[batch.indices[batch.reasons == "informative"]]

    assert np.median(picked) > np.quantile(doubts, 0.7)


@pytest.mark.parametrize(
    "best",
    [range(80), range(1520, 1600), range(0, 1280, 16), range(1, 1280, 16), range(0, 400, 5)],
    ids=["first", "last", "every-sixteenth", "between-them", "every-fifth"],
)
def test_the_most_useful_are_found_wherever_they_lie(best: range) -> None:
    useful = np.full(1600, 0.5)
    useful[best] = np.linspace(0.6, 1, len(best))
    shares = Shares(informative=1, diverse=0, audit=0)

    batch = compose_batch(pool(1600, utilities=useful), 40, seed=0, shares=shares)

    assert len(set(batch.indices.tolist()) & set(best)) >= 32


def test_half_of_the_diverse_picks_go_to_the_slice_that_lags_behind() -> None:
    slices = np.repeat([0, 1], 200)
    candidates = pool(400, slices=slices, slice_counts=np.array([500, 10]))

    batch = compose_batch(candidates, 100, seed=0, shares=Shares(0, 0.8, 0))

    short = batch.indices[batch.reasons == "shortfall"]
    assert len(short) == 40
    assert slices[short].mean() > 0.8


def test_a_slice_without_any_label_lags_most() -> None:
    candidates = pool(3, slices=np.array([0, 1, 2]), slice_counts=np.array([9, 4]))

    assert candidates.lag == pytest.approx(np.array([1, 2, 10]) * (13 / 3 + 1) / 10)


def test_a_cold_start_is_audit_and_cold_picks_alone_and_meets_every_slice() -> None:
    _, vectors = made_up(200)
    slices = np.r_[np.zeros(190, dtype=np.intp), np.arange(1, 11)]

    batch = compose_batch(Pool(vectors, slices=slices), 60, seed=0)

    assert Counter(batch.reasons.tolist()) == {"audit": 9, "cold-start": 42}
    assert len(set(slices[batch.indices].tolist())) >= 8


@pytest.mark.parametrize("n", [1, 2, 30])
def test_a_cold_start_among_clips_that_are_all_alike_empties_the_pool(n: int) -> None:
    batch = compose_batch(Pool(np.ones((n, 3))), 40, seed=0)

    assert sorted(batch.indices) == list(range(n))


def test_clips_with_labels_get_the_places_their_information_earns() -> None:
    labelled = np.r_[np.zeros(50, dtype=np.bool_), np.ones(50, dtype=np.bool_)]
    told = np.r_[np.full(50, 0.5), np.full(18, 0.7), np.full(32, 0.01)]

    batch = compose_batch(pool(100, labelled=labelled, information=told), 40, seed=0)

    old = batch.indices[batch.reasons == "repeat"]
    assert len(old) == 18
    assert (told[old] > 0.5).mean() > 0.8
    assert labelled[old].all()


def test_clips_with_labels_are_repeats_and_nothing_else() -> None:
    labelled = np.r_[np.zeros(80, dtype=np.bool_), np.ones(40, dtype=np.bool_)]

    batch = compose_batch(pool(120, labelled=labelled, information=np.ones(120)), 60, seed=0)

    assert ((batch.reasons == "repeat") == labelled[batch.indices]).all()


def test_clips_with_labels_that_only_chance_may_draw_earn_no_places() -> None:
    labelled = np.ones(20, dtype=np.bool_)
    kept = np.arange(20) < 15

    batch = compose_batch(
        pool(20, labelled=labelled, information=np.ones(20), only_by_chance=kept), 40, seed=0
    )

    assert sorted(batch.indices) == [15, 16, 17, 18, 19]


def test_picks_by_chance_alone_are_as_likely_as_each_other() -> None:
    """So that the control arm of a comparison is weighed by ones."""
    batch = compose_batch(pool(200), 100, seed=0, strategy=STRATEGIES["random"])

    by_chance = batch.probabilities[np.isin(batch.reasons, ["audit", "informative"])]

    assert by_chance == pytest.approx(1 / (200 - np.arange(65)))


def test_a_slice_keeps_its_chance_where_only_some_of_a_large_pool_are_looked_at() -> None:
    slices = (np.arange(20_000) % 10 == 0).astype(np.intp)
    candidates = pool(20_000, slices=slices)

    batch = compose_batch(candidates, 100, seed=0, shares=Shares(0, 1, 0))

    short = batch.indices[batch.reasons == "shortfall"]
    assert slices[short].mean() == pytest.approx(0.5, abs=0.2)


def test_people_kept_for_the_test_are_drawn_by_the_audit_alone() -> None:
    kept = np.arange(200) % 4 == 0

    drawn = [
        compose_batch(candidates, 100, seed=seed)
        for candidates in (
            pool(200, only_by_chance=kept),
            Pool(made_up(200)[1], only_by_chance=kept),
        )
        for seed in range(5)
    ]

    for batch in drawn:
        assert set(batch.reasons[kept[batch.indices]].tolist()) == {"audit"}


def test_a_small_pool_is_emptied_and_no_more() -> None:
    batch = compose_batch(pool(7), 50, seed=0)

    assert sorted(batch.indices) == list(range(7))


def test_an_empty_pool_gives_an_empty_batch() -> None:
    batch = compose_batch(Pool(np.zeros((0, 3)), np.zeros(0)), 10, seed=0)

    assert len(batch.indices) == len(batch.reasons) == len(batch.probabilities) == 0


def test_parts_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="length"):
        pool(60, information=np.ones(59))


@pytest.mark.parametrize("part", ["utilities", "covered", "information"])
def test_numbers_that_are_not_finite_are_refused(part: str) -> None:
    spoilt = np.array([[0.1, np.nan, 0.2]]).T if part == "covered" else np.array([0.1, np.nan, 0.2])

    with pytest.raises(ValueError, match="not finite"):
        pool(3, **{part: spoilt})  # type: ignore[arg-type]


def test_a_pool_mapped_from_a_file_is_drawn_from_like_any_other(tmp_path: Path) -> None:
    vectors = made_up(300)[1].astype(np.float32)
    np.save(tmp_path / "pool.npy", vectors)
    mapped = np.load(tmp_path / "pool.npy", mmap_mode="r")

    first, second = (
        compose_batch(pool(300, vectors=each), 60, seed=4) for each in (vectors, mapped)
    )

    assert first.indices.tolist() == second.indices.tolist()
    assert first.probabilities.tobytes() == second.probabilities.tobytes()


def test_old_and_new_clips_are_weighed_in_one_currency() -> None:
    """One vote .42 nats, 5 : 5 votes .096, none .74: K = 4, s = 1."""
    votes = np.array([[1, 0, 0, 0], [5, 5, 0, 0], [0, 0, 0, 0]])

    told = expected_information(votes + 0.25)

    assert told == pytest.approx([0.423, 0.096, 0.736], abs=5e-4)
