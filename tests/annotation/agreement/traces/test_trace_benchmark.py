from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import traces
from tests.annotation.agreement.real_data import recorded
from tests.annotation.agreement.traces.simulation import late_traces


def written(folder: Path, lags: list[float]) -> Path:
    truth, late = late_traces(lags, seconds=60)
    path = folder / "traces.csv"
    columns = np.column_stack([np.arange(len(truth)) / 10, truth, late.T])
    header = ",".join(["t", "truth", *(f"a{w}" for w in range(len(lags)))])
    np.savetxt(path, columns, delimiter=",", header=header, comments="", fmt="%.4f")
    return path


def test_lags_and_scores_are_reported_as_json_in_the_last_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    traces.main([str(written(tmp_path, [1, 2, 3, 4.5]))])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    scores = {row["trace"]: row["ccc"] for row in report["scores"]}
    found = [row["calibrated_lag_s"] for row in report["lags"]]
    assert found == pytest.approx([1, 2, 3, 4.5], abs=0.3)
    assert scores["fused, calibrated lags"] > 0.97 > scores["plain mean"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("t,a,b\n0,1,2\n", "needs the columns t, truth"),
        ("t,truth,a,b\n", "has no rows"),
        ("t,truth,a,b\n0,1,x,2\n", "data row 1 has a field that is not a number"),
        ("t,truth,a,b\n0,1,2\n", "data row 1 has 3 fields"),
        ("t,truth,a,b\n0,1,1,1\n2,2,2,2\n1,3,3,3\n3,4,4,4\n", "does not rise at data row 3"),
    ],
)
def test_a_bad_file_ends_with_status_2_and_a_sentence(
    text: str, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text)

    with pytest.raises(SystemExit) as ended:
        traces.main([str(path)])

    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err


def test_flags_on_recorded_traces_are_mostly_of_those_the_authors_dropped(
    capsys: pytest.CaptureFixture[str],
) -> None:
    events = recorded("traces_violence/events.csv.gz")
    cuts = recorded("traces_violence/cuts.csv")

    traces.main(["--flags", str(events), "--clips", str(cuts)])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (report["traces"], report["dropped"]) == (539, 382)
    assert report["precision"] > 382 / 539 + 0.05
    assert report["recall"] > 0.5


def test_lags_injected_into_recorded_traces_are_recovered_within_a_third_of_a_second(
    capsys: pytest.CaptureFixture[str],
) -> None:
    traces.main([str(recorded("traces_colour/taskA_10hz.csv"))])

    report = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["injected"][:3] for row in report["injected"][:6]] == [
        f"{n} s" for n in range(1, 7)
    ]
    assert report["worst_injected_error_s"] <= 0.3
