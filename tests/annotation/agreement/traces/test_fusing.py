from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest

from annotation.agreement.ccc import ccc, ccc_with_others, lagged_ccc, mean_of_known
from annotation.agreement.ewe import NoAgreementError, fuse, reliability
from annotation.agreement.traces.fusing import fuse_traces
from annotation.agreement.traces.ordinal import changes, directions
from tests.annotation.agreement.real_data import recorded
from tests.annotation.agreement.traces.simulation import late_traces


def test_the_fused_trace_is_nearer_to_the_truth_than_the_mean() -> None:
    truth, traces = late_traces([1, 2, 3, 4, 2, 2], noise=0.1)
    traces[5] = np.random.default_rng(9).normal(size=traces.shape[1])

    found = fuse_traces(traces, crowd_lag=2.0)

    assert ccc(found.fused.value, truth) > ccc(mean_of_known(traces), truth) + 0.2
    assert found.fused.weights[5] < 0.3 < found.fused.weights[:5].min()


def test_unbounded_traces_need_not_share_a_zero_or_a_unit() -> None:
    _, traces = late_traces([1, 1, 1])
    relative = traces * np.array([[1], [50], [0.2]]) + np.array([[0], [900], [-3]])

    assert fuse_traces(relative, bounded=False).fused.value == pytest.approx(
        fuse_traces(traces, bounded=False).fused.value, nan_ok=True
    )


def test_warping_raises_the_agreement_after_lags() -> None:
    _, traces = late_traces([1, 2, 3], noise=0.2)

    found = fuse_traces(traces, band=2.0)

    assert (found.ccc_after > found.ccc_lag_corrected).all()
    assert (found.ccc_lag_corrected > found.ccc_before).all()


def test_a_band_of_more_than_two_seconds_is_refused() -> None:
    with pytest.raises(ValueError, match="band: traces are warped by"):
        fuse_traces(late_traces([1, 2])[1], band=2.1)


def test_nobody_who_agrees_is_an_error_of_its_own() -> None:
    with pytest.raises(NoAgreementError):
        fuse(np.array([[1.0, 2, 3, 4], [4, 3, 2, 1]]))


def test_a_few_answers_weigh_almost_as_the_crowd_does() -> None:
    truth, traces = late_traces([0, 0, 0, 0], noise=0.4)
    traces[3] = np.nan
    traces[3, :5] = -truth[:5]

    weights = reliability(traces)

    assert weights[3] == pytest.approx(weights[:3].mean(), abs=0.15)


def test_concordance_at_a_lag_is_that_of_the_moved_series() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 60)).cumsum(axis=1) + 1000
    x[10:14] = np.nan

    found = lagged_ccc(x, y, 7)

    assert found[7 + 5] == pytest.approx(ccc(x[5:], y[:-5]), abs=1e-9)
    assert found[7 - 5] == pytest.approx(ccc(x[:-5], y[5:]), abs=1e-9)


def test_a_constant_offset_does_not_change_what_rises() -> None:
    truth, _ = late_traces([0])

    as_is, raised = (directions(changes(series), least=0.1) for series in (truth, truth + 7))

    assert (as_is == raised).all()
    assert {-1, 1} <= set(as_is.tolist())


def test_recorded_numbers_are_fused_nearer_to_the_truth_than_their_mean() -> None:
    values, truth = emotion_numbers()

    fused = fuse(values).value

    assert ccc(mean_of_known(values), truth) == pytest.approx(0.705, abs=0.0005)
    assert ccc(fused, truth) == pytest.approx(0.722, abs=0.002)


def test_recorded_traces_of_a_colour_follow_it_better_without_their_lags() -> None:
    rows = np.genfromtxt(recorded("traces_colour/taskA_10hz.csv"), delimiter=",", skip_header=1)
    truth, traces = rows[:, 1], rows[:, 2:].T

    found = fuse_traces(traces, crowd_lag=1.5)

    assert ccc(mean_of_known(traces), truth) == pytest.approx(0.639, abs=0.0005)
    assert ccc(found.fused.value, truth) == pytest.approx(0.736, abs=0.001)
    assert (found.ccc_after >= ccc_with_others(traces)).all()


def emotion_numbers() -> tuple[np.ndarray, np.ndarray]:
    with gzip.open(recorded("truth_inference/N_Emotion_answers.csv.gz"), "rt") as file:
        rows = list(csv.DictReader(file))
    with recorded("truth_inference/N_Emotion_truth.csv").open() as file:
        truth = {r["question"]: float(r["truth"]) for r in csv.DictReader(file)}
    column = {question: i for i, question in enumerate(truth)}
    row = {worker: i for i, worker in enumerate(sorted({r["worker"] for r in rows}))}
    values = np.full((len(row), len(column)), np.nan)
    for r in rows:
        values[row[r["worker"]], column[r["question"]]] = float(r["answer"])
    return values, np.array(list(truth.values()))
