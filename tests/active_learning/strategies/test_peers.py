"""Ours say what modAL's say of the same probabilities; see docs/decisions/0006."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from active_learning.strategies import STRATEGIES, Middle
from active_learning.strategies.diversity import distances_to
from active_learning.strategies.registry import ranked
from active_learning.strategies.utilities import Array, density
from benchmarks import _modal as modal
from tests.active_learning.strategies.pools import made_up, utilities

SEEDS = st.integers(0, 1000)
CLASSES = st.integers(2, 8)


@pytest.mark.parametrize("name", modal.BY_PREDICTION)
@given(seed=SEEDS, classes=CLASSES)
def test_doubt_of_one_learner_is_the_peers(name: str, seed: int, classes: int) -> None:
    members, vectors = made_up(20, classes=classes, members=1, seed=seed)

    theirs = modal.of_prediction(name, members[0])

    expected = 1 - theirs if name == "margin" else theirs
    assert utilities(STRATEGIES[name], members, vectors) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", modal.BY_COMMITTEE)
@given(seed=SEEDS, classes=CLASSES, count=st.integers(2, 5))
def test_disagreement_of_a_committee_is_the_peers(
    name: str, seed: int, classes: int, count: int
) -> None:
    members, vectors = made_up(20, classes=classes, members=count, seed=seed)

    theirs = modal.of_committee(name, members)

    assert utilities(STRATEGIES[name], members, vectors) == pytest.approx(theirs, abs=1e-12)


@settings(max_examples=10)
@given(seed=SEEDS)
def test_the_heaviest_clip_of_a_ranked_batch_is_always_the_peers_next(seed: int) -> None:
    members, vectors = made_up(20, members=1, seed=seed)
    doubts = utilities(STRATEGIES["ranked-batch"], members, vectors)
    known = made_up(6, seed=seed + 1)[1]

    assert _ranking(vectors, doubts, known, 8) == modal.ranking(vectors, doubts, known, 8).tolist()


@given(seed=SEEDS)
def test_density_is_the_peers_where_likeness_is_the_cosine(seed: int) -> None:
    _, vectors = made_up(20, seed=seed)

    theirs = modal.density(vectors - vectors.mean(axis=0), _apart)

    assert density(vectors, Middle.of(vectors)) == pytest.approx(theirs, abs=1e-9)


def _ranking(vectors: Array, doubts: Array, known: Array, count: int) -> list[int]:
    left, chosen = np.ones(len(vectors), dtype=np.bool_), []
    for _ in range(count):
        unlabelled = left.sum() / (left.sum() + len(known))
        weights = ranked(doubts, unlabelled, distances_to(vectors, known))
        pick = int(np.where(left, weights, -1.0).argmax())
        left[pick] = False
        known = np.vstack([known, vectors[pick]])
        chosen.append(pick)
    return chosen


def _apart(one: modal.Array, other: modal.Array) -> float:
    """The distance at which 1 / (1 + distance) is (1 + cosine) / 2."""
    cosine = float(one @ other) / float(np.linalg.norm(one) * np.linalg.norm(other))
    return 2 / max(1 + cosine, 1e-9) - 1
