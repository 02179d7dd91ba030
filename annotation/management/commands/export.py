"""Exports a campaign to a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from annotation import export
from annotation.choosing import find_campaign
from audit.log import record


class Command(BaseCommand):
    help = "Export a campaign's labels, weights and consensus: all that consent allows, now."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", help="number or name")
        parser.add_argument("--format", required=True, choices=list(export.FORMATS))
        parser.add_argument("--out", required=True, type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        campaign = find_campaign(options["campaign"])
        path: Path = options["out"]
        if not path.parent.is_dir():
            raise CommandError(f"--out: the folder {path.parent} does not exist.")
        try:
            rows, clips, sha256 = export.write(campaign, options["format"], path)
        except export.ConsentChangedError as error:
            raise CommandError("A consent changed meanwhile. Run it again.") from error
        except OSError as error:
            raise CommandError(f"--out: {path} cannot be written ({error.strerror}).") from error
        with transaction.atomic():
            record(None, "export.made", campaign, rows=rows, clips=len(clips), sha256=sha256)
        self.stdout.write(f"{rows} rows of {len(clips)} clips in {path}")
        self.stdout.write(f"SHA-256 {sha256}")
