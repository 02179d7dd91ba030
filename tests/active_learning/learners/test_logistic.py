import csv

import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.special import log_softmax

from active_learning.evaluation import accuracy, base_rate, log_loss
from active_learning.features import extract
from active_learning.learners import LogisticLearner
from active_learning.learners.calibration import grouped_folds
from active_learning.learners.learner import Array, Groups, Vectors
from active_learning.learners.linear import SMOOTHING, fit_coefficients, fit_reduction
from tests.active_learning.features.media import real
from tests.active_learning.learners.people import labelled


def real_faces() -> tuple[Vectors, Array, Groups]:
    """Vectors, acted emotions and people of the frontal photographs without sunglasses."""
    folder = real("face_sentiment")
    with (folder / "tasks.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["pose"] == "straight"]
    rows = [row for row in rows if row["eyes"] == "open"]
    vectors = np.stack([extract(folder / "images" / row["image"], "image") for row in rows])
    soft = np.eye(4)[[int(row["truth"]) for row in rows]]
    return vectors, soft, np.array([row["person"] for row in rows])


def test_the_fit_is_the_penalised_divergence_to_the_soft_label() -> None:
    seen = labelled(people=6)
    rows, soft = seen.vectors[:, :4].astype(float), (1 - SMOOTHING) * seen.soft + SMOOTHING / 3
    weights = np.linspace(0.5, 1.5, len(rows))

    def loss(flat: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        table = flat.reshape(5, 3)
        logs = log_softmax(rows @ table[:-1] + table[-1], axis=1)
        return float(-(weights[:, None] * soft * logs).sum() + (table[:-1] ** 2).sum() / 2 / 0.1)

    best = minimize(loss, np.zeros(15)).x.reshape(5, 3)
    found = fit_coefficients(rows, seen.soft, weights, 0.1)
    assert found[:-1] == pytest.approx(best[:-1], abs=2e-3)


def test_numbers_of_very_different_size_are_fitted_in_few_steps() -> None:
    seen = labelled(people=6)
    rows = seen.vectors * np.geomspace(100, 0.01, seen.vectors.shape[1])

    soon, late = (
        fit_coefficients(rows, seen.soft, seen.weights, 0.1, steps=steps) for steps in (15, 2000)
    )

    assert rows @ soon[:-1] == pytest.approx(rows @ late[:-1], abs=0.05)


def test_a_number_that_never_varies_does_no_harm() -> None:
    vectors = labelled().vectors.copy()
    vectors[:, 3] = 7.0

    reduced = fit_reduction(vectors, seed=0)(vectors)

    assert np.isfinite(reduced).all()


def test_a_large_pool_is_reduced_a_chunk_at_a_time() -> None:
    vectors = np.random.default_rng(0).normal(size=(5000, 6)).astype(np.float32)
    reduction = fit_reduction(vectors, seed=0)

    assert reduction(vectors)[4500:4510] == pytest.approx(reduction(vectors[4500:4510]), abs=1e-5)


def test_the_committee_disagrees_less_as_more_people_are_seen() -> None:
    few, many = (
        LogisticLearner.fit(*labelled(people=people), seed=0).predict_members(labelled().vectors)
        for people in (4, 60)
    )

    assert many.std(axis=0).mean() < few.std(axis=0).mean()


def test_it_beats_the_base_rate_on_real_faces_of_people_it_never_met() -> None:
    vectors, soft, people = real_faces()
    predicted, base = np.empty_like(soft), np.empty_like(soft)
    fold_of = grouped_folds(people, 4, seed=0)

    for fold in range(4):
        seen, unseen = fold_of != fold, fold_of == fold
        fitted = LogisticLearner.fit(
            vectors[seen], soft[seen], np.ones(seen.sum()), people[seen], seed=0
        )
        predicted[unseen], base[unseen] = (
            fitted.predict_proba(vectors[unseen]),
            base_rate(soft[seen]),
        )

    assert accuracy(predicted, soft).mean() > accuracy(base, soft).mean() + 0.05
    assert log_loss(predicted, soft).mean() < log_loss(base, soft).mean()
