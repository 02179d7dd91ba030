"""One active-learning round: look, learn, check, predict, and give the queue its order.

A round that is killed is taken up where it was: the snapshot it started from is written down
first, what follows is computed from it and from the clips alone, and the order of the queue
changes in one transaction at the very end.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any

from django.db import transaction
from django.utils import timezone

from active_learning import (
    chunking,
    computing,
    foretold,
    gathering,
    holding,
    judging,
    proposing,
    ranking,
    records,
    stopping,
    timing,
    training_set,
)
from active_learning.computing import Outcome, Training
from active_learning.gathered import Gathered
from active_learning.learners import Learner
from active_learning.models import Round, RoundState, Step, Trigger
from active_learning.predicting import Inputs, Plan
from active_learning.snapshots import Snapshot, SnapshotGoneError
from active_learning.stopping import Point
from annotation.models import Campaign
from audit.log import record
from jobs.models import Job
from jobs.queue import enqueue, finish, report_progress

NAMED = 20  # Of the clips that cannot be read, so many with their reason.

Watch = Callable[[Step, str], None]

NO_CLIPS = (
    "No clip of the campaign may be used now: nobody in them consents to its purpose. "
    "Have consents approved, then run a round."
)
REFITTED = (
    "The file of the learner was missing or not the one that was written. It was not opened; "
    "the learner was fitted again."
)


class RoundFailedError(Exception):
    """The round cannot be finished and is marked failed; the message says why."""


class ConsentLostError(RoundFailedError):
    """Somebody whose clip the learner saw took their consent back: a new round is needed."""


def run(campaign: Campaign, trigger: Trigger, job: Job, watch: Watch | None = None) -> Round:
    """Run a round under the claimed `job`, or go on with the one that a dead worker left.

    Args:
        campaign: whose labels are learned from and whose queue is ordered.
        trigger: why a new round is begun.
        job: held by this process; finished in the transaction that puts the order in force.
        watch: is told of every step, and of what was found.

    Raises:
        RoundRunningError: a living worker runs a round of this campaign.
        RoundFailedError: the round is marked failed.
        LeaseLostError: another worker has taken over; nothing was put in force.
    """
    row = holding.begin_or_resume(campaign, trigger, job)
    try:
        return _Run(row, job, watch or (lambda _step, _found: None)).through()
    except RoundFailedError as error:
        _give_up(row, str(error))
        raise
    except SnapshotGoneError as error:
        _give_up(row, str(error))
        raise RoundFailedError(str(error)) from error
    except OSError as error:
        why = f"A file of the round could not be written or read: {error.strerror or error}. "
        _give_up(row, why + "Make room on the disk or give back access to it, then run a round.")
        raise RoundFailedError(row.error) from error


def _give_up(row: Round, why: str) -> None:
    holding.fail(row, why)
    records.drop_learner(row)
    records.drop_chunks(row)


class _Run:
    """A round on its way, in the hands of one job."""

    def __init__(self, row: Round, job: Job, watch: Watch) -> None:
        self.row = row
        self.job = job
        self.watch = watch

    def through(self) -> Round:
        snapshot = self.snapshot()
        gathered = self.features(snapshot)
        known = computing.training(snapshot, gathered.matrix, gathered.sources)
        learner = self.fit(snapshot, known)
        self.evaluate(snapshot, known, learner, gathered)
        inputs = Inputs(snapshot, known, gathered.matrix, gathered.sources)
        outcome = self.predict(inputs, learner)
        return self.rank(snapshot, outcome)

    def snapshot(self) -> Snapshot:
        if "snapshot" in self.row.manifest:
            return records.load_snapshot(self.row)
        self.enter(Step.SNAPSHOT)
        snapshot, summary = training_set.take(self.row.campaign, self.row.seed)
        if not snapshot.tasks:
            raise RoundFailedError(NO_CLIPS)
        kept = records.keep_snapshot(self.row, snapshot)
        manifest = self.row.manifest | summary | kept
        holding.note(self.row, manifest=manifest, n_labels=summary["n_labels"])
        self.found(
            f"{summary['n_labels']} labels on {summary['n_training']} clips, "
            f"{summary['n_pool']} tasks want labels"
        )
        return snapshot

    def features(self, snapshot: Snapshot) -> Gathered:
        self.enter(Step.FEATURES)
        known = self.row.manifest["withheld"]
        gathered = gathering.gather(snapshot, self.progress, without=known)
        self.require_consent(gathered.withheld & {row.task for row in snapshot.training})
        found = {
            "withheld": sorted(gathered.withheld),
            "without_vector": sorted(gathered.without_vector),
            "unreadable": dict(islice(gathered.unreadable.items(), NAMED)),
            "damaged": gathered.damaged,
        }
        holding.note(self.row, manifest=self.row.manifest | found)
        self.found(f"{len(gathered.sources)} clips read, {len(gathered.unreadable)} unreadable")
        return gathered

    def fit(self, snapshot: Snapshot, known: Training) -> Learner | None:
        self.enter(Step.FIT)
        kept = records.load_learner(self.row, snapshot.learner)
        if kept is not None:
            return kept
        if self.row.learner:
            holding.note(self.row, manifest=self.row.manifest | {"remarks": [REFITTED]})
        try:
            learner = computing.fit(snapshot.learner, known, snapshot.seed)
        except ValueError as error:
            why = f"The learner cannot be fitted: {error} Look at the vectors, then run a round."
            raise RoundFailedError(why) from error
        if learner is None:
            self.found("too few labels for a learner")
            return None
        name, sha256 = records.keep_learner(self.row, learner)
        holding.note(self.row, learner=name, learner_sha256=sha256)
        self.found(f"a learner from {len(known)} clips")
        # As it was kept: that is what a resumed round and a replay predict with.
        return records.load_learner(self.row, snapshot.learner)

    def evaluate(
        self, snapshot: Snapshot, known: Training, learner: Learner | None, gathered: Gathered
    ) -> None:
        self.enter(Step.EVALUATE)
        if self.row.metrics:
            return
        metrics = judging.judge(self.row, snapshot, learner, known, gathered)
        metrics |= {"labels": self.row.n_labels}
        metrics["recommendation"] = stopping.recommend(self._curve(metrics))
        holding.note(self.row, metrics=metrics)
        accuracy, base = metrics["accuracy"], metrics["base_rate_accuracy"]
        if accuracy["n"]:
            self.found(
                f"accuracy {accuracy['value']:.3f} on {accuracy['n']} clips picked by chance "
                f"(base rate {base['value']:.3f})"
            )
        self.found(metrics["cold_start"])

    def _curve(self, metrics: dict[str, Any]) -> list[Point]:
        done = self.row.campaign.rounds.done().filter(number__lt=self.row.number)
        rows = done.order_by("number").values_list("number", "n_labels", "metrics")
        return [Point.of(*row) for row in [*rows, (self.row.number, self.row.n_labels, metrics)]]

    def predict(self, inputs: Inputs, learner: Learner | None) -> Outcome:
        self.enter(Step.PREDICT)
        plan = Plan.of(inputs, learner, trusted=not self.row.metrics["cold_start"])
        outcome = chunking.predict(self.row, plan, self.progress)
        self.found(f"{len(outcome.tasks)} clips in {plan.count} chunks")
        return outcome

    def rank(self, snapshot: Snapshot, outcome: Outcome) -> Round:
        self.enter(Step.RANK)
        places = ranking.places(snapshot, outcome)
        row = self.row
        kept = foretold.keep(row, outcome)
        proposed = proposing.drawn(row, snapshot, outcome)
        ranking.suggest(row.campaign, outcome, self.progress)
        with transaction.atomic():
            given = ranking.write(row.campaign, places, row.seed)
            proposing.store(row, proposed)
            self.require_consent(gathering.missing_consent(r.task for r in snapshot.training))
            holding.note(
                row,
                state=RoundState.DONE,
                step=Step.DONE,
                output_sha256=outcome.sha256,
                manifest=timing.ended(row.manifest)
                | {"batch": records.drawn(outcome), "foretold": kept},
                finished_at=timezone.now(),
            )
            record(
                None, "round.finished", row,
                number=row.number, labels=row.n_labels, placed=given, sha256=row.output_sha256,
            )  # fmt: skip
            enqueue("copying", key=f"copying:{row.campaign_id}", campaign=row.campaign_id)
            finish(self.job, {"round": row.number, "placed": given})
        records.drop_chunks(row)
        self.found(f"{given} tasks placed")
        return row

    def require_consent(self, lost: set[int]) -> None:
        if lost:
            raise ConsentLostError(
                f"{len(lost)} clips that the learner saw are no longer consented. "
                "A new round leaves them out."
            )

    def enter(self, step: Step) -> None:
        report_progress(self.job, list(Step).index(step) / len(Step), str(step.label))
        manifest = timing.entered(self.row.manifest, str(step))
        holding.note(self.row, step=step, manifest=manifest)
        self.watch(step, "")

    def progress(self, share: float, message: str) -> None:
        step = Step(self.row.step)
        done = (list(Step).index(step) + share) / len(Step)
        report_progress(self.job, done, f"{step.label}: {message}")

    def found(self, what: str) -> None:
        if what:
            self.watch(Step(self.row.step), what)
