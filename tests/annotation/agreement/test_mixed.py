"""Whether tasks are mixed, and a posterior read as a distribution of labels where they are."""

from __future__ import annotations

import json

import numpy as np
import pytest

from annotation.agreement import mixed
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.confusions import DawidSkeneParameters
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.parameters import from_plain, to_plain
from annotation.agreement.selection import held_out_score
from annotation.agreement.vote_share import Majority
from benchmarks._synthetic import draw
from benchmarks.aggregation import against_truth
from tests.annotation.agreement.real_data import answers_with_truth, face_sentiment
from tests.annotation.agreement.simulation import draw_answers, soft_shares

SHARES = soft_shares(600, s=3.0, seed=3)
MIXED = draw_answers(SHARES, ["honest"] * 10)


@pytest.mark.parametrize("seed", range(4))
def test_where_tasks_have_one_class_the_posterior_is_a_belief_about_it(seed: int) -> None:
    answers, truth = draw(20_000, seed)

    found = _parameters(answers)

    assert (found.reading, found.foretelling) == (1.0, None)
    distribution = DawidSkene().fit(answers).distribution
    assert against_truth(distribution, truth)["calibration_error"] < 0.05


def test_where_tasks_are_mixed_the_posterior_comes_nearer_to_what_annotators_say() -> None:
    found = _parameters(MIXED)
    hard = DawidSkeneParameters(found.prior, found.confusion, found.rho, found.s, found.m)

    assert found.reading > found.foresight > 1
    softer, harder = (p.aggregate(MIXED).distribution for p in (found, hard))
    assert _divergence(softer) < 0.5 * _divergence(harder)
    assert np.array_equal(softer.argmax(axis=1), harder.argmax(axis=1))


def test_what_is_read_softly_foresees_labels_as_sharply_as_suits_them() -> None:
    fit = DawidSkene().fit(MIXED)
    found = _parameters(MIXED)

    predicted = fit.predict(np.arange(3), np.array([0, 1, 99]))

    sharper = fit.distribution[:3] ** (found.reading / found.foresight)
    sharper /= sharper.sum(axis=1, keepdims=True)
    assert found.foretelling is not None
    rows = found.foretelling[[0, 1, 10]] @ sharper[:, :, None]
    assert predicted == pytest.approx(rows[:, :, 0])
    assert predicted.sum(axis=1) == pytest.approx(np.ones(3))


def test_softly_read_parameters_are_kept_to_the_last_bit() -> None:
    kept = from_plain(json.loads(json.dumps(to_plain(_parameters(MIXED)))))

    again = kept.aggregate(MIXED).distribution

    assert np.array_equal(again, _parameters(MIXED).aggregate(MIXED).distribution)


def test_of_many_annotators_some_are_heard_with_all_their_labels(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mixed, "ENOUGH_LABELS", len(MIXED) // 3)

    heard = mixed.of_some_annotators(MIXED)

    assert len(MIXED) // 3 <= len(heard) < len(MIXED)
    everybody, some = MIXED.labels_per_annotator, heard.labels_per_annotator
    assert np.array_equal(some[some > 0], everybody[some > 0])


def test_on_acted_faces_it_is_right_as_often_as_the_majority_and_calibrated() -> None:
    answers, truth, _ = face_sentiment()

    found = against_truth(DawidSkene().fit(answers).distribution, truth)

    majority = against_truth(Majority().fit(answers).distribution, truth)
    assert found["accuracy"] >= majority["accuracy"]
    assert found["calibration_error"] <= 0.10
    assert held_out_score(DawidSkene(), answers) > -0.72


@pytest.mark.parametrize(("name", "published"), [("D_Product", 93.66), ("D_PosSent", 96.0)])
def test_where_a_fact_is_asked_for_it_stays_the_published_model(
    name: str, published: float
) -> None:
    answers, truth = answers_with_truth(name)

    assert _parameters(answers).reading == 1.0
    found = against_truth(DawidSkene().fit(answers).distribution, truth)
    assert found["accuracy"] >= published
    assert found["calibration_error"] <= 0.04


def _parameters(answers: Answers) -> DawidSkeneParameters:
    parameters = DawidSkene().fit(answers).parameters
    assert isinstance(parameters, DawidSkeneParameters)
    return parameters


def _divergence(distribution: Floats) -> float:
    logs = np.log(np.maximum(SHARES, 1e-12) / np.maximum(distribution, 1e-12))
    return float((SHARES * logs).sum(axis=1).mean())
