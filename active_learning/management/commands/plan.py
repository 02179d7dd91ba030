"""Says what a campaign would reach and cost, from a file."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from active_learning import plan_words, plans
from active_learning.plan_serializers import AskSerializer, may_ask_of, settings_of
from annotation.management.files import read_settings, sentences

FIGURES = (
    ("labels", ",.0f"), ("cost", ",.2f"), ("days", ",.1f"), ("alpha", ".3f"),
    ("accuracy", ".1%"), ("majority", ".1%"), ("divergence", ".3f"), ("open", ".0%"),
)  # fmt: skip


class Command(BaseCommand):
    help = (
        "Simulate a campaign before anybody is paid: what agreement and what model, at what cost "
        "and by when. FILE is YAML or JSON of the API's shape (see docs/planning.md)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--json", action="store_true", help="print the whole answer instead")

    def handle(self, *args: Any, **options: Any) -> None:
        from active_learning.foreseeing import foresee  # noqa: PLC0415 - needs scikit-learn

        asked = AskSerializer(data=read_settings(options["file"]), context=may_ask_of(None))
        if not asked.is_valid():
            raise CommandError("\n".join(sentences(asked.errors)))
        question, pilot = settings_of(asked.validated_data), asked.validated_data["pilot"]
        try:
            result = foresee(question, pilot, self._watch())
        except plans.PlanFailedError as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(result, sort_keys=True))
            return
        self._show(result)

    def _watch(self) -> Callable[[float, str], None]:
        """Say what is being done, once for each part."""
        said: set[str] = set()

        def watch(_share: float, message: str) -> None:
            if message not in said:
                said.add(message)
                self.stderr.write(message)

        return watch

    def _show(self, result: dict[str, Any]) -> None:
        table = Table("way", *(name for name, _form in FIGURES))
        for one in result["scenarios"]:
            cells = (_figure(one[name], form) for name, form in FIGURES)
            table.add_row(plan_words.way(one["least"], one["most"]), *cells)
        self._print(table)
        if result["learner"]:
            self._show_learner(result)
        for tell in (plan_words.advice, plan_words.beside, plan_words.aside):
            if sentence := tell(result):
                self.stdout.write(sentence)

    def _print(self, table: Table) -> None:
        console = Console(width=160)
        with console.capture() as printed:
            console.print(table)
        self.stdout.write(printed.get())

    def _show_learner(self, result: dict[str, Any]) -> None:
        table = Table("way", "picked by", "labels", "learner right", "labels of those of chance")
        for curve in result["learner"]["curves"]:
            way = result["scenarios"][curve["scenario"]]
            table.add_row(
                plan_words.way(way["least"], way["most"]),
                curve["strategy"],
                f"{curve['labels'][-1]:,.0f}",
                _figure(curve["accuracy"][-1], ".1%"),
                _figure(curve["of_random"], ".2f") if curve["of_random"] else "",
            )
        self._print(table)


def _figure(figure: dict[str, float | None], form: str) -> str:
    value, low, high = figure["value"], figure["low"], figure["high"]
    if value is None or low is None or high is None:
        return "-"
    return f"{value:{form}} ({low:{form}} to {high:{form}})"
