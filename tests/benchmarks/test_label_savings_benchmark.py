"""Label savings are counted against what people do today, over any collection of that form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from active_learning.simulating import Curve
from active_learning.simulating.reaching import needed
from benchmarks import label_savings


def test_it_prints_what_each_arm_needed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(0)
    kind = np.arange(80) % 2
    votes = np.where(np.eye(2, dtype=np.int64)[kind] == 1, 8, 2)
    path = tmp_path / "set.npz"
    np.savez(path, features=rng.normal(size=(80, 3)) + kind[:, None] * 2, votes=votes)

    label_savings.main([str(path), "--seeds", "2", "--rounds", "3", "--quick"])

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["sets"]["set"][0]["of today"] == 1
    assert len(said["all"]) == 3


def test_an_arm_that_gets_there_at_half_the_labels_needs_half() -> None:
    slow = Curve(np.array([10, 20, 40]), np.array([0.2, 0.4, 0.8]), np.zeros(3))
    quick = Curve(np.array([10, 20, 40]), np.array([0.4, 0.8, 0.9]), np.zeros(3))

    assert label_savings.ratio([quick], [slow]) == pytest.approx(0.5)


def test_an_arm_that_never_gets_there_counts_with_all_its_labels() -> None:
    good = Curve(np.array([10, 20]), np.array([0.4, 0.8]), np.zeros(2))
    bad = Curve(np.array([10, 20]), np.array([0.4, 0.5]), np.zeros(2))

    assert needed(bad, 0.8) is None
    assert label_savings.ratio([bad], [good]) == 1


def test_a_file_without_votes_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "set.npz", features=np.ones((3, 2)))

    with pytest.raises(SystemExit, match="2"):
        label_savings.main([str(tmp_path / "set.npz")])
