"""The evaluator-weighted estimator, with and without scales, on recorded emotion intensities."""

from __future__ import annotations

import csv
import gzip

import numpy as np
import pytest

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.calibrated import fuse_calibrated
from annotation.agreement.ccc import ccc
from annotation.agreement.scattered import fuse_scattered
from tests.annotation.agreement.real_data import recorded

Numbers = tuple[Ints, Ints, Floats, Floats]


def n_emotion() -> Numbers:
    """Return item, annotator and value of each answer, and the truth of each item."""
    with gzip.open(recorded("truth_inference/N_Emotion_answers.csv.gz"), "rt") as file:
        rows = [(int(r["question"]), r["worker"], float(r["answer"])) for r in csv.DictReader(file)]
    with recorded("truth_inference/N_Emotion_truth.csv").open() as file:
        truth = {int(r["question"]): float(r["truth"]) for r in csv.DictReader(file)}
    questions, item = np.unique([r[0] for r in rows], return_inverse=True)
    _, who = np.unique([r[1] for r in rows], return_inverse=True)
    return item, who, np.array([r[2] for r in rows]), np.array([truth[q] for q in questions])


def concordances(numbers: Numbers) -> tuple[float, float, float]:
    """Return the concordance with the truth of the mean, the weighted mean, and that on scales."""
    item, who, value, truth = numbers
    mean = np.bincount(item, value) / np.bincount(item)
    weighted = fuse_scattered(item, who, value).value
    on_scales = fuse_calibrated(item, who, value)[0].value
    return ccc(mean, truth), ccc(weighted, truth), ccc(on_scales, truth)


def test_weights_and_scales_come_nearer_to_the_truth_than_the_mean() -> None:
    mean, weighted, on_scales = concordances(n_emotion())

    assert mean == pytest.approx(0.705, abs=0.001)
    assert weighted == pytest.approx(0.722, abs=0.002)
    assert on_scales > weighted + 0.002


def test_with_a_third_who_answer_at_random_weights_win_back_most_of_it() -> None:
    item, who, value, truth = n_emotion()
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        at_random = rng.permutation(38)[: round(0.3 * 38)]
        spoilt = np.where(np.isin(who, at_random), rng.uniform(-100, 100, len(who)), value)
        found.append(concordances((item, who, spoilt, truth)))

    mean, weighted, _ = np.mean(found, axis=0)
    assert mean < 0.58
    assert weighted > 0.66


def test_scales_are_found_where_people_use_them_differently() -> None:
    rng = np.random.default_rng(0)
    truth = rng.normal(size=200) * 10
    item, who = np.tile(np.arange(200), 6), np.arange(6).repeat(200)
    offset, gain = np.array([0, 20, -20, 5, -5, 0]), np.array([1, 0.5, 2, 1, 0.7, 1.5])
    said = offset[who] + gain[who] * (truth[item] + rng.normal(size=1200) * 3)

    fused, scales = fuse_calibrated(item, who, said)

    assert np.log(scales.gain * gain).std() < 0.5 * np.log(gain).std()
    assert np.ptp(scales.offset + scales.gain * offset) < 0.5 * np.ptp(offset)
    assert fused.spread.mean() < 0.5 * fuse_scattered(item, who, said).spread.mean()


def test_one_who_answered_alone_is_left_as_said() -> None:
    fused, scales = fuse_calibrated(np.array([0, 1]), np.array([0, 0]), np.array([3.0, 8.0]))

    assert fused.value.tolist() == [3.0, 8.0]
    assert scales.gain.tolist() == [1.0]
