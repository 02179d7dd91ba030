from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import aggregation, agreement, coverage

GOOD_ANSWERS = "task,worker,label\n" + "".join(
    f"t{task},w{worker},{'joy' if (task + worker) % 4 else 'fear'}\n"
    for task in range(30)
    for worker in range(6)
)
GOOD_TRUTH = "task,truth\n" + "".join(f"t{task},joy\n" for task in range(30))


def write(folder: Path, answers: str, truth: str) -> list[str]:
    (folder / "answers.csv").write_text(answers)
    (folder / "truth.csv").write_text(truth)
    return [str(folder / "answers.csv"), str(folder / "truth.csv")]


def test_the_last_line_of_the_report_is_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    aggregation.main(write(tmp_path, GOOD_ANSWERS, GOOD_TRUTH))

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    rows = {row["aggregator"]: row for row in report["results"]}
    assert report["labels"] == 180
    assert rows["majority"]["accuracy"] == 100
    assert {"log_loss", "calibration_error", "seconds", "peak_mb"} <= set(rows["dawid_skene"])


def test_drawn_answers_set_ten_iterations_beside_the_peers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("crowdkit", reason="crowd-kit is not installed")

    aggregation.main(["--synthetic", "5000"])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    ours, theirs, *_ = report["results"]
    assert ours["accuracy"] == pytest.approx(theirs["accuracy"], abs=2)
    assert ours["accuracy"] > 85
    assert ours["seconds"] < theirs["seconds"]


def test_growth_is_what_a_label_costs_beside_a_fifth_of_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    aggregation.main(["--synthetic", "5000", "--growth"])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    for row in report["results"]:
        expected = pytest.approx(row["all"] / row["a_fifth"] / 5, rel=0.05, abs=0.006)
        assert row["a_label"] == expected, row
    assert {"choice", "alpha"} < {row["what"] for row in report["results"]}


@pytest.mark.parametrize(
    "arguments",
    [[], ["answers.csv"], ["--synthetic", "10"], ["--synthetic", "4000", "--growth"]],
)
def test_without_enough_to_go_by_it_ends_with_status_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        aggregation.main(arguments)

    assert stop.value.code == 2


def test_columns_may_be_called_question_and_answer(tmp_path: Path) -> None:
    answers = GOOD_ANSWERS.replace("task,worker,label", "question,worker,answer")
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(gzip.compress(answers.encode()))
    (tmp_path / "truth.csv").write_text(GOOD_TRUTH.replace("task", "question"))

    named, truth = aggregation.load(path, tmp_path / "truth.csv")

    assert named.classes == ("fear", "joy")
    assert truth.tolist() == [1] * 30


@pytest.mark.parametrize(
    ("answers", "truth", "message"),
    [
        ("task,label\nt1,joy\n", GOOD_TRUTH, "answers.csv has no column worker"),
        ("task,worker,label\nt1,,joy\n", GOOD_TRUTH, "answers.csv, line 2: a value is missing"),
        ("task,worker,label\nt1,w1\n", GOOD_TRUTH, "line 2: a value is missing"),
        ("", GOOD_TRUTH, "answers.csv has no column task or question"),
        (GOOD_ANSWERS, "task,truth\nother,joy\n", "has the truth of no task"),
        ("task,worker,label\nt1,w1,joy\n", GOOD_TRUTH, "at least two classes"),
    ],
)
def test_bad_input_gets_a_message_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], answers: str, truth: str, message: str
) -> None:
    with pytest.raises(SystemExit) as stop:
        aggregation.main(write(tmp_path, answers, truth))

    assert stop.value.code == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", [b"not compressed", gzip.compress(GOOD_ANSWERS.encode())[:-20], b""]
)
def test_a_broken_archive_gets_a_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    write(tmp_path, "", GOOD_TRUTH)
    (tmp_path / "answers.csv.gz").write_bytes(content)

    with pytest.raises(SystemExit) as stop:
        aggregation.main([str(tmp_path / "answers.csv.gz"), str(tmp_path / "truth.csv")])

    assert stop.value.code == 2
    assert capsys.readouterr().err.startswith("aggregation: ")


def test_a_tie_counts_as_the_share_of_a_right_answer() -> None:
    figures = aggregation.against_truth(np.array([[0.5, 0.5], [0.9, 0.1]]), np.array([0, -1]))

    assert figures["accuracy"] == 50.0


def test_confidence_that_is_always_right_as_often_as_it_says_has_no_error() -> None:
    right = np.array([1.0] * 7 + [0.0] * 3)

    assert aggregation.calibration_error(np.full(10, 0.7), right) == pytest.approx(0)
    assert aggregation.calibration_error(np.full(10, 0.95), right) == pytest.approx(0.25)


def test_alpha_and_its_interval_stand_beside_the_reference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    agreement.main(["--labels", "5000"])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    rows = {row["what"]: row for row in report["results"]}
    for distance in ("nominal", "ordinal", "interval"):
        alpha, theirs = rows[f"{distance} alpha"], rows[f"krippendorff {distance} alpha"]
        assert alpha["alpha"] == pytest.approx(theirs["alpha"])
        ends = rows[f"{distance} alpha over persons"]
        assert ends["low"] < alpha["alpha"] < ends["high"]


def test_too_few_labels_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        agreement.main(["--labels", "10"])

    assert stop.value.code == 2
    assert "at least 1000" in capsys.readouterr().err


def test_coverage_tells_of_every_distance_and_number_of_persons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage, "PERSONS", (10,))
    monkeypatch.setattr(coverage, "EVERYBODY", 5000)

    coverage.main(["--collections", "20"])

    rows = json.loads(capsys.readouterr().out.splitlines()[-1])["results"]
    assert [row["distance"] for row in rows] == ["nominal", "ordinal", "interval"]
    for row in rows:
        assert row["ours"] == pytest.approx(1 - row["missed_low"] - row["missed_high"])
        assert row["ours"] >= row["percentile, tasks"]
