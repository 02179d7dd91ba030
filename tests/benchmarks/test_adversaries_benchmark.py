from __future__ import annotations

import json

import pytest

from benchmarks import adversaries


def test_it_tells_of_every_adversary_and_of_those_accused_for_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    adversaries.main(["--seeds", "1"])

    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [row["profile"] for row in found["results"]] == list(adversaries.ADVERSARIES)
    assert {row["honest_flagged"] <= 0.05 for row in found["alarms"]} == {True}
    for row in found["results"]:
        assert 0 <= row["worst_50"] <= row["auc_50"] <= 1
    for row in found["minority"]:
        assert row["spam_mixture"] < row["spam_reading"] < 1


def test_no_seeds_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        adversaries.main(["--seeds", "0"])

    assert stop.value.code == 2
    assert "at least 1" in capsys.readouterr().err
