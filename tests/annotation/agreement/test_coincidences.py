"""Which classes meet on the same task, beyond what their shares alone bring together."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.alpha import nominal_alpha
from annotation.agreement.anchors import ANCHORS, matched
from annotation.agreement.coincidences import coincidences
from annotation.agreement.others import Beside, beside_others
from tests.annotation.agreement.real_data import vote_table
from tests.annotation.agreement.simulation import answers_of, soft_shares

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C.
UNITS = ["111", "2232", "3333", "3333", "2222", "1234", "4444", "1121", "2222", "555", "11", "3"]
COUNTS = [[unit.count(c) for c in "12345"] for unit in UNITS]
THIRD = 1 / 3
MODALITIES = {"voice": "voice", "silent face": "face", "face and voice": "audiovisual"}
PUBLISHED = [
    [7, 4 * THIRD, THIRD, THIRD, 0],
    [4 * THIRD, 10, 4 * THIRD, THIRD, 0],
    [THIRD, 4 * THIRD, 8, THIRD, 0],
    [THIRD, THIRD, THIRD, 4, 0],
    [0, 0, 0, 0, 3],
]


def test_the_coincidences_are_those_published() -> None:
    assert coincidences(COUNTS).observed == pytest.approx(np.array(PUBLISHED))


def test_labels_dealt_by_chance_meet_as_often_as_expected() -> None:
    counts = np.random.default_rng(1).multinomial(8, [0.5, 0.3, 0.2], size=4000)

    assert coincidences(counts).ratio == pytest.approx(np.ones((3, 3)), abs=0.03)


def test_classes_that_share_tasks_meet_more_often_than_expected() -> None:
    ratio = coincidences([[2, 2, 0], [3, 1, 0], [0, 0, 4], [1, 3, 0], [0, 0, 4]]).ratio

    assert ratio[0, 1] > 1 > ratio[0, 2]


def test_a_pair_of_which_less_than_one_is_expected_has_no_ratio() -> None:
    assert np.isnan(coincidences([[4, 0, 0], [0, 4, 0], [3, 1, 0]]).ratio[0, 2])


def test_without_pairs_nothing_is_said() -> None:
    assert np.isnan(coincidences([[1, 0], [0, 1]]).ratio).all()


@pytest.mark.parametrize(("shown", "modality"), list(MODALITIES.items()))
def test_the_anchor_of_crema_d_is_what_its_votes_give(shown: str, modality: str) -> None:
    anchor = next(a for a in ANCHORS if a.corpus == "CREMA-D" and a.shown == shown)

    votes = vote_table("crema_d/votes.csv", list("ADFHNS"), modality=modality)

    assert nominal_alpha(votes) == pytest.approx(anchor.alpha, abs=0.001)


def test_anchors_are_of_the_same_modality_and_the_nearest_in_categories_stand_first() -> None:
    assert [anchor.n_categories for anchor in matched(["image"], 9)] == [10, 4]


def test_an_own_label_is_not_among_what_others_say() -> None:
    answers = answers_of([0, 0, 0], [0, 1, 2], [0, 1, 1], (1, 3, 2))

    assert beside_others(answers, 0).shares.tolist() == [[0.0, 1.0]]


def test_a_clip_that_one_other_labelled_shows_nothing() -> None:
    answers = answers_of([0, 0], [0, 1], [0, 1], (1, 2, 2))

    assert beside_others(answers, 0).n == 0


def test_a_confusion_holds_every_label_once() -> None:
    beside = Beside(np.array([0, 1, 1]), np.array([[1.0, 0], [0.5, 0.5], [0, 1]]))

    assert beside.confusion().tolist() == [[1.0, 0.5], [0.0, 1.5]]


def test_honest_readers_are_seldom_said_to_overuse_a_class() -> None:
    rng = np.random.default_rng(3)
    shares = soft_shares(100, s=2.0)

    told = [
        Beside(np.array([rng.choice(4, p=p) for p in shares]), shares).overused()
        for _ in range(100)
    ]

    assert sum(one is not None for one in told) <= 3
