"""Judges a round's learner: by cross-fitting, by people kept apart, and by what came true."""

from __future__ import annotations

from typing import Any

from active_learning import arms, assessing, computing, foretold, progressive
from active_learning.computing import Training
from active_learning.gathered import Gathered
from active_learning.learners import Learner
from active_learning.models import Round
from active_learning.snapshots import Snapshot


def judge(
    row: Round, snapshot: Snapshot, learner: Learner | None, known: Training, gathered: Gathered
) -> dict[str, Any]:
    """Return all metrics of a round; docs/rounds.md says what each of them means."""
    metrics = assessing.assess(snapshot, learner, known)
    return (
        metrics
        | _of_people_kept_apart(snapshot, learner, known, gathered)
        | _looking_back(row, snapshot)
        | {"unreadable": list(gathered.unreadable)}
    )


def _of_people_kept_apart(
    snapshot: Snapshot, learner: Learner | None, known: Training, gathered: Gathered
) -> dict[str, Any]:
    test = computing.judging_set(snapshot, gathered.matrix, gathered.sources)
    if snapshot.test_why or learner is None or not len(test):
        why = snapshot.test_why or "No clip of the people kept apart can judge a learner yet."
        return {"test": {}, "test_why": why, "control": {}}
    return {
        "test": assessing.on_test_set(learner, known, test, snapshot.seed),
        "test_why": "",
        "control": arms.control(snapshot.learner, known, test, snapshot.seed),
    }


def _looking_back(row: Round, snapshot: Snapshot) -> dict[str, Any]:
    """Hold what finished rounds foretold against the labels since."""
    seed, examples = snapshot.seed, snapshot.training
    rounds = list(row.campaign.rounds.done().filter(number__lt=row.number).order_by("-number"))
    if not rounds:
        return {"foretold": {}, "lure": {}}
    last, labelled = rounds[0], {example.task for example in examples}
    newest = foretold.of(last, labelled)
    batch, n_apart = last.manifest["batch"], last.manifest.get("n_held_out_pool", 0)
    return {
        "foretold": _came_true(rounds[: foretold.ROUNDS], snapshot),
        "lure": progressive.pool_mean(examples, newest, batch, n_apart, seed=seed),
    }


def _came_true(rounds: list[Round], snapshot: Snapshot) -> dict[str, Any]:
    """Look back as far as it takes for enough clips; the last prediction of each counts."""
    examples = [example for example in snapshot.training if example.uniform]
    said: dict[int, Any] = {}
    for row in rounds:
        unsaid = {example.task for example in examples} - said.keys()
        said |= foretold.of(row, unsaid)
        if found := progressive.foretold(examples, said, seed=snapshot.seed):
            return found | {"since": row.number}
    return {}
