"""The catalogues of translations: whole, up to date, and compiled as they stand."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo

from tests import catalogues

LANGUAGES = catalogues.languages()


@pytest.fixture(scope="module")
def found() -> Catalog:
    return catalogues.from_sources()


def keys(catalogue: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    messages = catalogues.messages_of(catalogue)
    return {(message.context, catalogues.ids_of(message)) for message in messages}


def said(catalogue: Catalog) -> dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]:
    return {
        (message.context, catalogues.ids_of(message)): catalogues.strings_of(message)
        for message in catalogues.messages_of(catalogue)
        if all(catalogues.strings_of(message))
    }


def keeps_its_placeholders(message: Message) -> bool:
    """Whether every form has the values of the text; only forms of one may leave some out."""
    wanted = catalogues.placeholders(catalogues.ids_of(message)[-1])
    given = [catalogues.placeholders(text) for text in catalogues.strings_of(message)]
    return given[-1] == wanted and all(names <= wanted for names in given)


def test_texts_are_found_in_templates_and_in_python(found: Catalog) -> None:
    assert found.get("Skip to the content")
    assert found.get(("%(n)s clip", "%(n)s clips"))
    assert found.get("Audio")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_texts_of_the_sources(language: str, found: Catalog) -> None:
    catalogue = catalogues.read(language)

    assert keys(catalogue) == keys(found), "run make messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_translated_whole(language: str) -> None:
    messages = catalogues.messages_of(catalogues.read(language))

    left = [m.id for m in messages if m.fuzzy or not all(catalogues.strings_of(m))]

    assert not left


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_placeholders(language: str) -> None:
    messages = catalogues.messages_of(catalogues.read(language))
    translated = [message for message in messages if all(catalogues.strings_of(message))]

    broken = [message.id for message in translated if not keeps_its_placeholders(message)]

    assert not broken


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_says_the_same(language: str) -> None:
    with catalogues.path_of(language, "mo").open("rb") as file:
        compiled = read_mo(file)

    assert said(compiled) == said(catalogues.read(language)), "run make messages"
