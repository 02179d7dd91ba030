"""The replay of votes draws without replacement and is judged against all of them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks import redundancy

VOTES = np.array([[10, 0, 0], [6, 4, 0], [4, 3, 3], [0, 11, 1]] * 25)


def test_no_vote_is_drawn_twice() -> None:
    drawn = redundancy.shuffled(VOTES, 10, np.random.default_rng(0))

    assert (drawn.sum(axis=1) <= VOTES).all()
    assert (drawn.sum(axis=(1, 2)) == 10).all()


def test_all_votes_have_no_divergence_but_that_of_smoothing() -> None:
    replay = redundancy.replay(VOTES[:3], 3, 10, seed=1)
    divergence = replay.fixed["divergence"].mean(axis=1)

    assert divergence[-1] < 0.02
    assert divergence[0] > 2 * divergence[-1]


def test_labels_stay_between_the_start_and_the_cap() -> None:
    labels = redundancy.replay(VOTES, 3, 10, seed=1).labels

    assert labels.min() >= 3
    assert labels.max() <= 10
    assert labels[::4].mean() < labels[2::4].mean()


def test_it_prints_what_was_saved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "votes.csv"
    rows = "\n".join(",".join(map(str, row)) for row in VOTES)
    table.write_text(f"joy,anger,fear\n{rows}\n")

    redundancy.main([str(table), "--classes", "joy,anger,fear", "--seeds", "2"])

    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [one["by"] for one in said["results"]] == ["divergence", "first_class"]
    assert said["clips"] == len(VOTES)
    assert sum(said["states"].values()) == pytest.approx(1, abs=0.001)


def test_a_table_without_the_class_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "votes.csv"
    table.write_text("joy\n12\n")

    with pytest.raises(SystemExit, match="2"):
        redundancy.main([str(table), "--classes", "joy,anger"])
