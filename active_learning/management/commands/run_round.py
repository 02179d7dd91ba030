"""Runs one active-learning round of a campaign, or repeats one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction
from django.utils import timezone

from active_learning import triggering
from active_learning.holding import RoundRunningError
from active_learning.models import Step, Trigger
from active_learning.replaying import ReplayRefusedError, replay
from active_learning.rounds import RoundFailedError, run
from annotation.choosing import find_campaign
from annotation.models import Campaign, CampaignState
from jobs import claims
from jobs.models import Job
from jobs.running import KeptAlive


class Command(BaseCommand):
    help = (
        "Run one active-learning round, here and now: learn from the labels, predict, and order "
        "the queue. A round that was interrupted is taken up where it was."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="number or name")
        parser.add_argument(
            "--replay",
            type=int,
            metavar="N",
            help="repeat round N from its record, write nothing, and say whether the bytes match",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        if options["replay"] is not None:
            self._replay(campaign, options["replay"])
            return
        if campaign.state == CampaignState.DRAFT:
            raise CommandError("The campaign is a draft; start it first.")
        if why := triggering.why_off(campaign):
            raise CommandError(why)
        job = claimed_job(campaign)
        try:
            with KeptAlive(job):
                row = run(campaign, Trigger.HAND, job, self._watch)
        except (RoundFailedError, RoundRunningError) as error:
            claims.fail(job, str(error))
            raise CommandError(str(error)) from error
        self.stdout.write(f"Round {row.number} is done. SHA-256 {row.output_sha256}")

    def _watch(self, step: Step, found: str) -> None:
        self.stdout.write(f"  {found}" if found else str(step.label))

    def _replay(self, campaign: Campaign, number: int) -> None:
        try:
            result = replay(campaign, number, self.stdout.write)
        except ReplayRefusedError as error:
            raise CommandError(str(error)) from error
        for name, (then, now) in result.changed.items():
            self.stdout.write(f"{name} was {then}, is {now}")
        self.stdout.write(f"recorded SHA-256 {result.recorded}")
        self.stdout.write(f"repeated SHA-256 {result.repeated}")
        if not result.matches:
            raise CommandError("The bytes differ.")
        self.stdout.write(f"Round {number}: the bytes match.")


def claimed_job(campaign: Campaign) -> Job:
    """Return the job for a round, held by this process so that no worker does the same.

    One that waits, or that a dead worker left behind, is taken; else there is a new one.
    """
    key = triggering.key(campaign)
    claims.park_abandoned()
    with transaction.atomic():
        same = Job.objects.filter(dedupe_key=key)
        same.filter(state=Job.State.READY).update(available_at=timezone.now())
        left_behind = Job.objects.abandoned().filter(dedupe_key=key).first()
        job = left_behind or same.filter(state=Job.State.READY).first() or _stored(campaign, key)
        claimed = claims.claim(job.pk) if job else None
    if claimed is None:
        raise CommandError(
            "A worker runs a round of this campaign just now. Wait until it is done."
        )
    return claimed


def _stored(campaign: Campaign, key: str) -> Job | None:
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=triggering.KIND,
                queue="learning",
                dedupe_key=key,
                args={"campaign": campaign.pk, "trigger": Trigger.HAND},
            )
    except IntegrityError:
        return None
