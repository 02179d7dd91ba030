"""What the workers do for active learning, and what the scheduler looks after."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db.models import Q

from active_learning import holding, plans, triggering
from active_learning.models import Plan, Trigger
from active_learning.snapshots import SnapshotGoneError
from annotation.models import Campaign
from consent.models import Consent
from jobs.claims import JobFailedError, RetryLater
from jobs.models import Job
from jobs.queue import report_progress
from jobs.registry import every, job


@job(triggering.KIND, queue="learning", seconds=3600)
def run_round(job: Job, *, campaign: int, trigger: str) -> dict[str, Any] | None:
    from active_learning import rounds  # noqa: PLC0415 - the scheduler needs no scikit-learn

    found = Campaign.objects.select_related("scheme").get(pk=campaign)
    left_behind = found.rounds.running().exists()
    by_itself = trigger in {Trigger.LABELS, Trigger.SCHEDULE}
    if by_itself and not left_behind and triggering.due(found) is None:
        return {"round": None}
    try:
        rounds.run(found, Trigger(trigger), job)
    except holding.RoundRunningError as error:
        raise RetryLater(str(error)) from error
    except rounds.ConsentLostError as error:
        triggering.enqueue_round(found, Trigger.CONSENT)
        raise JobFailedError(str(error)) from error
    except rounds.RoundFailedError as error:
        raise JobFailedError(str(error)) from error
    return None


@job("round-chunk", queue="learning", seconds=900)
def predict_chunk(job: Job, *, round: int, plan: str, number: int) -> None:  # noqa: A002
    from active_learning import chunking  # noqa: PLC0415 - the scheduler needs no scikit-learn

    chunking.take_part(round, plan, number)


@job(plans.KIND, queue="learning", seconds=1800)
def foresee(job: Job, *, plan: int) -> None:
    from active_learning.foreseeing import foresee  # noqa: PLC0415 - needs scikit-learn

    found = Plan.objects.select_related("pilot").filter(pk=plan).first()
    if found is None:
        raise JobFailedError("The plan is not there any more.")
    if found.question["difficulty"] == plans.PILOT and found.pilot is None:
        raise JobFailedError("The pilot is not there any more. Take another source.")
    try:
        result = foresee(found.question, found.pilot, partial(report_progress, job))
    except plans.PlanFailedError as error:
        raise JobFailedError(str(error)) from error
    plans.store(found, result)


@job("clip-part", queue="learning", seconds=1800)
def look_at_clips(job: Job, *, tasks: list[int]) -> None:
    from active_learning import extracting  # noqa: PLC0415 - the scheduler reads no media

    try:
        extracting.take_part(tasks)
    except (OSError, SnapshotGoneError) as error:
        raise JobFailedError(str(error)) from error


@job("copying", seconds=1800)
def look_for_copies(job: Job, *, campaign: int) -> dict[str, int]:
    from active_learning import copying  # noqa: PLC0415 - the scheduler needs no scikit-learn

    return {"alarms": copying.look(Campaign.objects.select_related("scheme").get(pk=campaign))}


@job("forgetting", seconds=1800)
def forget_clips(job: Job, *, consent: int) -> dict[str, int]:
    from active_learning import forgetting  # noqa: PLC0415 - the scheduler reads no media

    found = forgetting.forget(Consent.objects.select_related("participant").get(pk=consent))
    return found._asdict()


@every(seconds=10)
def notice_due_rounds() -> None:
    """Ask for a round wherever one is due; close the rounds that nobody goes on with."""
    holding.fail_abandoned()
    wanted = Q(round_every__gt=0) | Q(round_hours__gt=0)
    for campaign in Campaign.objects.running().filter(wanted).select_related("scheme"):
        if trigger := triggering.due(campaign):
            triggering.enqueue_round(campaign, trigger)
