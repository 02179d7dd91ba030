"""Takes a researcher's own vectors for the clips of a collection."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from active_learning import own_vectors
from active_learning.vector_files import VectorFileError
from annotation.models import Collection

FORMS = """\
FILE is one of
  .npz      numpy.savez(path, ids=..., vectors=...): ids (n,) text, vectors (n, d) numbers
  Parquet   a column external_id, and one column of lists or any numeric columns
The ids are the clips' external ids. Any mistake in the file refuses all of it. The same name
again makes a new version: rounds from then on learn from it, earlier ones keep theirs.
"""


class Command(BaseCommand):
    help = "Import your own vectors for a collection's clips, for campaigns to learn from."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.formatter_class = RawDescriptionHelpFormatter
        parser.epilog = FORMS
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--collection", required=True, metavar="NAME")
        parser.add_argument("--name", required=True, help="what campaigns call these vectors")

    def handle(self, *args: Any, **options: Any) -> None:
        collection = Collection.objects.filter(name=options["collection"]).first()
        if collection is None:
            raise CommandError(f"There is no collection {options['collection']!r}.")
        try:
            row, without = own_vectors.bring(collection, options["name"], options["file"], None)
        except (VectorFileError, OSError) as error:
            raise CommandError(f"{error} Nothing was imported.") from error
        self.stdout.write(f"{row.key}: {row.n} vectors of {row.dimension} numbers.")
        if without:
            some = ", ".join(without[: own_vectors.MANY])
            more = " ..." if len(without) > own_vectors.MANY else ""
            self.stdout.write(f"{len(without)} clips have no vector: {some}{more}")
