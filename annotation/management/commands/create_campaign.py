"""Makes a campaign from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import Role, User
from annotation import launching
from annotation.api.campaign_serializers import CampaignSerializer
from annotation.management.files import read_settings, sentences
from annotation.models import Campaign


class Command(BaseCommand):
    help = (
        "Create a campaign from a YAML or JSON file of the API's shape (see docs/campaign-file.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--owner", metavar="EMAIL", help="researcher who owns it")
        parser.add_argument("--start", action="store_true", help="start it at once")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        settings = read_settings(options["file"])
        owner = self._owner(options["owner"])
        serializer = CampaignSerializer(data=settings)
        if not serializer.is_valid():
            raise CommandError("\n".join(sentences(serializer.errors)))
        campaign: Campaign = serializer.save(owner=owner)
        if options["start"]:
            try:
                launching.start(campaign, owner)
            except launching.NotPossibleError as error:
                raise CommandError(str(error)) from error
        ready = campaign.tasks.cleared().count()
        self.stdout.write(
            f"Campaign {campaign.pk} ({campaign.name}): {campaign.state}, "
            f"{campaign.n_tasks} tasks, {ready} with consent."
        )

    def _owner(self, email: str | None) -> User:
        people = User.objects.filter(role__in=[Role.RESEARCHER, Role.ADMINISTRATOR])
        owner = (people.filter(email__iexact=email) if email else people.order_by("pk")).first()
        if owner is None:
            who = email or "Nobody here"
            raise CommandError(
                f"{who} is not a researcher; create_token EMAIL --role researcher makes one."
            )
        return owner
