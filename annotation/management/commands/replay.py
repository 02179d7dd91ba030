"""Plays recorded answers through the HTTP API of a running site."""

from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import ApiToken, Role, User
from annotation import care, replaying, scheme, soundness
from annotation.choosing import find_campaign
from annotation.models import Audience, Campaign, Member


class Command(BaseCommand):
    help = (
        "Play recorded answers (CSV: task,worker,label; task is the clip's external id) through "
        "the public HTTP API, as that many annotators, and check that nothing was lost or doubled."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="number or name")
        parser.add_argument("answers", type=Path, metavar="ANSWERS.csv")
        parser.add_argument("--url", default="http://127.0.0.1:8000")
        parser.add_argument(
            "--resend", type=float, default=0.02, help="share of requests that are sent twice"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        recording = self._recording(campaign, options["answers"])
        secrets = {worker: self._admit(campaign, worker) for worker in recording.answers}
        self.stdout.write(
            f"{len(recording)} answers of {len(recording.answers)} workers "
            f"({recording.unknown_tasks} of clips that are not in the campaign, "
            f"{recording.repeated} repeated)."
        )
        try:
            log, seconds = replaying.play(
                options["url"], campaign.pk, recording, secrets, options["resend"]
            )
        except replaying.RefusedError as error:
            raise CommandError(f"The site refused the replay: {error}") from error
        finally:
            self._dismiss(secrets)
        self._report(campaign, recording, log, seconds)

    def _recording(self, campaign: Campaign, path: Path) -> replaying.Recording:
        if not campaign.is_running:
            raise CommandError(f"The campaign is {campaign.state}; start it first.")
        options = scheme.options(campaign.scheme.questions)
        if not options:
            raise CommandError(
                "The campaign has no question with options: there is no such answer."
            )
        tasks = set(campaign.tasks.values_list("clip__external_id", flat=True))
        try:
            return replaying.read_answers(path, options, tasks)
        except replaying.InvalidAnswersError as error:
            raise CommandError(str(error)) from error

    def _admit(self, campaign: Campaign, worker: str) -> str:
        """Return a token for the annotator who plays `worker`."""
        role = Role.EXPERT if campaign.audience == Audience.EXPERT else Role.ANNOTATOR
        name = slugify(worker) or worker.encode().hex()
        email = f"replay-{role}-{name}@replay.invalid"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, role=role, name=worker[:120]
        )
        if campaign.audience == Audience.INVITED:
            Member.objects.get_or_create(campaign=campaign, user=user)
        care.simulate(user)
        _token, secret = ApiToken.objects.issue(user, "replay", timedelta(days=1))
        return secret

    def _dismiss(self, secrets: dict[str, str]) -> None:
        tokens = ApiToken.objects.filter(name="replay", revoked_at=None)
        tokens.filter(user__email__endswith="@replay.invalid").update(revoked_at=timezone.now())

    def _report(
        self, campaign: Campaign, recording: replaying.Recording, log: replaying.Log, seconds: float
    ) -> None:
        milliseconds = np.quantile(log.latencies, [0.5, 0.95, 0.99]) * 1000
        findings = soundness.examine(campaign, log.acknowledged)
        n_labels = len(log.acknowledged)
        self.stdout.write(
            f"{n_labels} labels and {log.statuses['created'] - n_labels} skips "
            f"in {seconds:.1f} s: {n_labels / seconds:.0f} labels/s, "
            f"{sum(log.statuses.values()) / seconds:.0f} answers/s"
        )
        self.stdout.write(
            "request latency p50 {:.0f} ms, p95 {:.0f} ms, p99 {:.0f} ms; ".format(*milliseconds)
            + f"{log.failures} requests failed and were sent again"
        )
        if log.held_back:
            self.stdout.write(f"{log.held_back} workers were held back by an alarm.")
        self.stdout.write(f"statuses: {dict(log.statuses)}")
        self.stdout.write(f"not served: {len(recording) - n_labels} of the recorded answers")
        self.stdout.write(
            f"lost {findings.lost}, doubled {findings.doubled}, "
            f"over-filled {findings.over_filled}, miscounted {findings.miscounted}, "
            f"labelled twice {findings.labelled_twice}"
        )
        if not findings.is_sound:
            raise CommandError("The database does not hold what was acknowledged.")
        self.stdout.write("Nothing was lost or doubled.")
