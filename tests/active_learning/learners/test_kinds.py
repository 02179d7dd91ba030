"""What is kept as plain arrays predicts what the library that fitted it does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier

from active_learning.learners import CommitteeLearner, Learner
from active_learning.learners.expanding import ABSENT, expanded
from active_learning.learners.layers import Layers
from active_learning.learners.trees import Trees
from active_learning.threads import one_thread
from tests.active_learning.learners.people import labelled


@pytest.mark.parametrize("classes", [2, 3])
@one_thread()
def test_trees_are_walked_to_the_leaves_that_scikit_learn_comes_to(
    monkeypatch: pytest.MonkeyPatch, classes: int
) -> None:
    seen, unseen = (
        labelled(classes=classes),
        labelled(classes=classes, seed=1).vectors.astype(float),
    )
    fitted: list[HistGradientBoostingClassifier] = []
    fit = HistGradientBoostingClassifier.fit

    def remembered(self: HistGradientBoostingClassifier, *args: object, **kwargs: object) -> object:
        fitted.append(self)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(HistGradientBoostingClassifier, "fit", remembered)
    trees = Trees.fit(seen.vectors.astype(float), seen.soft, seen.weights, 0)

    theirs = fitted[0].predict_proba(unseen)
    assert np.exp(trees.log_probabilities(unseen)) == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("kind", [Trees, Layers])
def test_one_class_alone_is_predicted_and_the_others_stay_possible(
    kind: type[Trees] | type[Layers],
) -> None:
    soft = np.tile([0.0, 1.0, 0.0], (6, 1))

    fitted = kind.fit(np.random.default_rng(0).normal(size=(6, 4)), soft, np.ones(6), 0)

    told = np.exp(fitted.log_probabilities(np.zeros((2, 4))))
    assert told == pytest.approx(np.tile([ABSENT, 1.0, ABSENT], (2, 1)))


def test_a_clip_of_two_feelings_is_a_row_of_each() -> None:
    rows, classes, mass = expanded(
        np.eye(2), np.array([[0.6, 0.4], [0.99, 0.01]]), np.array([1, 1])
    )

    assert rows.tolist() == [[1, 0], [1, 0], [0, 1]]
    assert classes.tolist() == [0, 1, 0]
    assert mass / mass[0] == pytest.approx([1, 2 / 3, 1 / 0.6])


@given(st.integers(2, 60), st.floats(0.02, 50), st.integers(0, 99))
def test_a_clip_keeps_its_weight_however_many_classes_share_its_label(
    classes: int, spread: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    soft, weights = rng.dirichlet(np.full(classes, spread), 5), rng.uniform(0.1, 1, 5)

    rows, _, mass = expanded(np.arange(5.0)[:, None], soft, weights)

    kept = np.bincount(rows[:, 0].astype(int), mass, minlength=5)
    assert kept / kept.sum() == pytest.approx(weights / weights.sum())


def test_a_committee_says_the_mean_of_its_three_kinds() -> None:
    seen = labelled()

    committee = CommitteeLearner.fit(*seen, seed=0)

    three: list[Learner] = [committee.logistic, committee.boosting, committee.network]
    told = np.mean([learner.predict_proba(seen.vectors) for learner in three], axis=0)
    assert committee.predict_proba(seen.vectors) == pytest.approx(told)
    assert len(committee.predict_members(seen.vectors)) == 8 + 5 + 5
