"""The cost of choosing is told beside that of predicting."""

from __future__ import annotations

import json

import pytest

from active_learning.strategies import STRATEGIES
from benchmarks import selection


def test_every_strategy_has_its_cost_beside_the_predictions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    selection.main(["--pool=1000", "--dim=4", "--batch=20", "--repeats=1", "--chunk=300"])

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    rows = {row["what"]: row for row in said["results"]}
    assert (said["pool"], said["dim"], said["batch"]) == (1000, 4, 20)
    assert rows["predict_proba"]["ratio"] == 1
    assert "modAL entropy query" in rows
    assert {f"{name}: utilities and batch" for name in STRATEGIES} <= set(rows)
    assert all(row["ratio"] > 0 and row["peak_mb"] >= 0 for row in rows.values())


@pytest.mark.parametrize("wrong", ["--pool=10", "--batch=0"])
def test_a_pool_of_nothing_is_refused(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        selection.main([wrong])

    assert "--pool" in capsys.readouterr().err
