"""`manage.py audit verify`: walk the chain of events."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import chain


class Command(BaseCommand):
    help = "Looks after the log of events. `verify` walks the chain: exit status 1 if it is broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("action", choices=["verify"], help="what to do")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, **options: Any) -> None:
        verdict = chain.verify()
        if options["json"]:
            self.stdout.write(json.dumps({"ok": verdict.ok, **verdict._asdict()}))
            sys.exit(0 if verdict.ok else 1)
        if not verdict.ok:
            raise CommandError(f"The log is not whole. {verdict.fault}")
        self.stdout.write(
            f"{verdict.sealed:,} events are chained without a break;"
            f" {verdict.waiting:,} wait to be sealed."
        )
