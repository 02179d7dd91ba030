"""The catalogues of translations in `locale/`: read from the sources, kept, compiled.

python -m tests.catalogues

Babel reads what gettext's own programs would, and needs nothing but Python.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("active_learning", "annotation", "platform", "templates")
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_noop": None,
    "gettext_lazy": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
    # Refusals: pure code raises them with the sentence as it stands here.
    "InvalidAnswer": None,
    "InvalidQuestion": None,
    "InvalidRow": None,
    "InvalidManifest": None,
    "UnknownFlag": None,
    "UnreadableMedia": None,
}
HEADER: dict[str, Any] = {
    "project": "Attune",
    "version": "1",
    "msgid_bugs_address": "see CONTRIBUTING.md",
    "last_translator": "Attune",
    "language_team": "Attune",
    "creation_date": datetime(2026, 11, 25, tzinfo=UTC),
    "revision_date": datetime(2026, 11, 25, tzinfo=UTC),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|(?<!%)%[sd]|%n\b|\{\w*\}")


def main() -> None:
    django.setup()
    found = from_sources()
    for language in languages():
        catalogue = read(language)
        catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
        write(language, catalogue)
        missing = sum(not all(strings_of(message)) for message in messages_of(catalogue))
        print(f"{language}: {len(catalogue)} texts, {missing} to be translated")


def languages() -> list[str]:
    """Return the languages that need a catalogue: all but the one the sources are written in."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path_of(language: str, ending: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{ending}"


def read(language: str) -> Catalog:
    """Return the catalogue as it stands in its .po file, an empty one where there is none."""
    path = path_of(language, "po")
    if not path.exists():
        return Catalog(language, header_comment="# Attune's texts.", fuzzy=False, **HEADER)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write(language: str, catalogue: Catalog) -> None:
    """Write the .po file, and the .mo file that Django reads beside it."""
    path_of(language, "po").parent.mkdir(parents=True, exist_ok=True)
    with path_of(language, "po").open("wb") as file:
        write_po(file, catalogue, width=100, ignore_obsolete=True, include_lineno=False)
    with path_of(language, "mo").open("wb") as file:
        write_mo(file, catalogue)


def from_sources() -> Catalog:
    """Return every text that the templates and the Python sources mark for translation."""
    catalogue = Catalog()
    for path in _files():
        source = path.read_text()
        if path.suffix == ".html":
            source = _as_python(source)
        place = str(path.relative_to(ROOT))
        for line, text, comments, context in extract(
            "python", io.BytesIO(source.encode()), KEYWORDS, comment_tags=["Translators:"]
        ):
            catalogue.add(text, None, [(place, line)], auto_comments=comments, context=context)
    return catalogue


def messages_of(catalogue: Catalog) -> Iterator[Message]:
    """Yield the texts of a catalogue; its first entry, without a text, holds its header."""
    return (message for message in catalogue if message.id)


def ids_of(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def strings_of(message: Message) -> tuple[str, ...]:
    string = message.string or ""
    return (string,) if isinstance(string, str) else tuple(string)


def placeholders(text: str) -> set[str]:
    """Return what code will put a value for.

    >>> sorted(placeholders("%(n)s of {all}, 95 % sure, %n waiting"))
    ['%(n)s', '%n', '{all}']
    """
    return set(PLACEHOLDER.findall(text))


def _files() -> list[Path]:
    found = [path for folder in SOURCES for path in (ROOT / folder).rglob("*")]
    wanted = [path for path in found if path.suffix in {".py", ".html"}]
    return sorted(path for path in wanted if "migrations" not in path.parts)


def _as_python(template: str) -> str:
    """Return a template as Django reads it for gettext, without what Python takes for nesting."""
    return "\n".join(line.strip() for line in templatize(template).splitlines())


if __name__ == "__main__":
    main()
