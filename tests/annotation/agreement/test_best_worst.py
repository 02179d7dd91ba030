from __future__ import annotations

import numpy as np

from annotation.agreement.best_worst import counts_score, implied_pairs

SHOWN = np.array([[4, 7, 2, 0], [1, 2, 3, 4]])


def test_a_four_implies_five_of_its_six_orders() -> None:
    said = implied_pairs(SHOWN[:1], np.array([7]), np.array([0]))

    orders = set(zip(said.first.tolist(), said.second.tolist(), strict=True))
    assert orders == {(7, 4), (7, 2), (7, 0), (4, 0), (2, 0)}
    assert set(said.outcome) == {1.0}


def test_implied_orders_remember_their_answer() -> None:
    said = implied_pairs(SHOWN, np.array([7, 1]), np.array([0, 4]))

    assert said.source is not None
    assert np.bincount(said.source).tolist() == [5, 5]


def test_no_answers_imply_nothing() -> None:
    none = np.array([], dtype=np.int64)

    assert len(implied_pairs(SHOWN[:0], none, none)) == 0


def test_counts_are_of_the_times_a_clip_was_shown() -> None:
    score = counts_score(SHOWN, np.array([4, 4]), np.array([2, 3]), 8)

    assert score[4] == 1
    assert score[2] == -0.5
    assert np.isnan(score[[5, 6]]).all()
