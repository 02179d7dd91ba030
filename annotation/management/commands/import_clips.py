"""Imports a folder of clips, or what a manifest lists."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from annotation import ingest, manifest
from annotation.models import ClipImport, Collection

MANIFEST = """\
A manifest is a CSV file (UTF-8, with a header) or JSON Lines (.jsonl). Columns:
  file              the clip, relative to the manifest or to --media-root   (needed)
  external_id       your own name for the clip                  (default: the file's name)
  participant       pseudonym of the person in it; several are separated by ;
  consent           approved, pending (given, yes), or no; without one the clip is never shown
  consent_form      key, or key@version, of the form            (default: dataset-attestation)
  consent_purposes  purposes allowed, separated by ;            (default: all the form offers)
  consent_expires   a date like 2030-12-31                      (default: a year from now)
  evidence          where the signed form is kept
  context           the setting; also context_before, context_after, context_relationship
  transcript        what is said, as text or as WebVTT; captions are made of it
  baseline          external_id of a clip of the same person in a neutral moment
Any other column is kept with the clip as an attribute, for slices.
Running it again imports what is missing and leaves the rest alone, but for people and consents
that the first time did not name. Refused files are listed and do not stop the others; the exit
status is 1 only when nothing could be imported.
"""


class Command(BaseCommand):
    help = "Import clips from a folder or a manifest. Refused files are listed with the reason."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = MANIFEST
        parser.add_argument("source", type=Path, metavar="FOLDER_OR_MANIFEST")
        parser.add_argument("--collection", required=True, metavar="NAME")
        parser.add_argument("--media-root", type=Path, help="folder of the manifest's files")
        parser.add_argument(
            "--participant", default="", help="the person in every clip of a folder"
        )
        parser.add_argument(
            "--as",
            dest="email",
            metavar="EMAIL",
            help="consent reviewer who answers for consents that are imported as approved",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        actor = self._reviewer(options["email"])
        try:
            entries = manifest.read(options["source"], options["media_root"])
        except manifest.InvalidManifest as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        collection = self._collection(options["collection"])
        report = ClipImport.objects.create(
            collection=collection, created_by=actor, source=str(options["source"].name)
        )
        choices = ingest.Options(options["participant"], actor, may_approve=True)
        ingest.import_clips(entries, report, choices, self._say)
        self._conclude(report)

    def _collection(self, name: str) -> Collection:
        longest = Collection._meta.get_field("name").max_length or 0
        if not 0 < len(name) <= longest:
            raise CommandError(f"--collection: a name has 1 to {longest} characters.")
        return Collection.objects.get_or_create(name=name)[0]

    def _reviewer(self, email: str | None) -> User | None:
        if email is None:
            return None
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        if user is None or not user.is_consent_reviewer:
            raise CommandError(f"{email} is not a consent reviewer here.")
        return user

    def _say(self, number: int, total: int, what: str) -> None:
        if number % 50 == 0 or number == total or "refused" in what:
            self.stdout.write(f"{number:>6} of {total}  {what}")
            self.stdout.flush()

    def _conclude(self, report: ClipImport) -> None:
        self.stdout.write(
            f"{report.accepted} imported, {report.already_there} there already, "
            f"{len(report.refused)} refused."
        )
        if report.refused and not report.accepted and not report.already_there:
            raise CommandError("Every file was refused.")
