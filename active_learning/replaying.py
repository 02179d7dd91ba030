"""Repeats a round from what it wrote down, writing nothing, and compares the bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from active_learning import assessing, computing, gathering
from active_learning.computing import Outcome
from active_learning.gathered import Gathered
from active_learning.learners import LEARNERS, Learner
from active_learning.models import Round, RoundState
from active_learning.predicting import Inputs, Plan
from active_learning.records import load_snapshot, versions
from active_learning.snapshots import Snapshot, SnapshotGoneError
from annotation.models import Campaign

Say = Callable[[str], None]


class ReplayRefusedError(Exception):
    """The round cannot be repeated; the message says why."""


@dataclass(frozen=True)
class Replay:
    """The fingerprint of a round's predictions and batch, then and now."""

    recorded: str
    repeated: str
    # What computes has another version now: it may explain bytes that differ.
    changed: dict[str, tuple[str, str]]

    @property
    def matches(self) -> bool:
        return self.recorded == self.repeated


def replay(campaign: Campaign, number: int, say: Say) -> Replay:
    """Repeat round `number` of a campaign.

    Raises:
        ReplayRefusedError: there is no such finished round, what it started from is gone, or
            somebody in its clips no longer consents.
    """
    row = campaign.rounds.filter(number=number).first()
    if row is None or row.state != RoundState.DONE:
        known = campaign.rounds.done().order_by("number").values_list("number", flat=True)
        listed = ", ".join(map(str, known)) or "none"
        raise ReplayRefusedError(f"There is no finished round {number}. Finished: {listed}.")
    snapshot = _snapshot(row)
    gathered = _gathered(row, snapshot)
    say(f"{len(snapshot.training)} labelled clips, {len(snapshot.pool)} candidates as recorded")
    outcome = _outcome(snapshot, gathered, say)
    then, now = row.manifest["versions"], versions()
    changed = {
        name: (then.get(name, "none"), now[name]) for name in now if then.get(name) != now[name]
    }
    return Replay(row.output_sha256, outcome.sha256, changed)


def _snapshot(row: Round) -> Snapshot:
    try:
        snapshot = load_snapshot(row)
    except SnapshotGoneError as error:
        raise ReplayRefusedError(str(error)) from error
    learner = LEARNERS.get(snapshot.learner)
    if learner is None or row.manifest["learner"] != f"{learner.name}-{learner.version}":
        raise ReplayRefusedError(f"The learner {row.manifest['learner']} is no longer here.")
    return snapshot


def _gathered(row: Round, snapshot: Snapshot) -> Gathered:
    known = set(row.manifest["withheld"])
    lost = gathering.missing_consent(snapshot.tasks - known)
    if not lost:
        try:
            gathered = gathering.gather(snapshot, lambda _share, _what: None, without=known)
        except SnapshotGoneError as error:
            raise ReplayRefusedError(str(error)) from error
        lost = gathered.withheld - known
    if lost:
        raise ReplayRefusedError(f"{len(lost)} clips of this round are no longer consented.")
    return gathered


def _outcome(snapshot: Snapshot, gathered: Gathered, say: Say) -> Outcome:
    known = computing.training(snapshot, gathered.matrix, gathered.sources)
    learner = _learner(snapshot, known)
    say("learner fitted" if learner else "no learner: too few labels")
    metrics = assessing.assess(snapshot, learner, known)
    say("learner checked")
    inputs = Inputs(snapshot, known, gathered.matrix, gathered.sources)
    plan = Plan.of(inputs, learner, trusted=not metrics["cold_start"])
    with tempfile.TemporaryDirectory() as folder:
        outcome = plan.compose(Path(folder))
        return replace(outcome, predictions=np.array(outcome.predictions))


def _learner(snapshot: Snapshot, known: computing.Training) -> Learner | None:
    """Fit, save and load, as the round did."""
    learner = computing.fit(snapshot.learner, known, snapshot.seed)
    if learner is None:
        return None
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "learner.skops"
        return LEARNERS[snapshot.learner].load(path, learner.save(path))
