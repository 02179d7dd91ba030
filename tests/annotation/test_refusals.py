"""Why something is not taken: one sentence, in every language, whatever is quoted in it."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator

import pytest
from django.utils import translation

from annotation import scheme
from annotation.instruments import InvalidAnswer
from annotation.refusals import Refusal
from annotation.saying import said
from tests import catalogues
from tests.annotation.instruments.samples import CLIP, question

# What the API takes for the name of a field, and must find in every language.
FIELD = re.compile(r"(\w+|\{\w+\}): ")


def classes(trees: dict[str, ast.Module]) -> set[str]:
    """Return the names of all classes of refusals, as the sources define them."""
    return {Refusal.__name__} | {
        node.name
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
        and any(getattr(base, "id", "") == Refusal.__name__ for base in node.bases)
    }


def raised() -> Iterator[tuple[str, ast.Call]]:
    """Yield every place in the sources that makes a refusal."""
    paths = sorted((catalogues.ROOT / "annotation").rglob("*.py"))
    trees = {str(path): ast.parse(path.read_text()) for path in paths}
    names = classes(trees)
    for name, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield f"{name}:{node.lineno}", node


def message_of(call: ast.Call) -> str:
    """Return the message of a refusal, "" if it is anything but a text as it stands."""
    (first, *_rest) = call.args
    return str(first.value) if isinstance(first, ast.Constant) else ""


def test_every_message_is_a_text_with_a_value_for_each_place() -> None:
    wrong = {
        place
        for place, call in raised()
        if not message_of(call)
        or set(re.findall(r"\{(\w+)\}", message_of(call))) != {one.arg for one in call.keywords}
    }

    assert not wrong


@pytest.mark.parametrize("language", catalogues.languages())
def test_every_message_is_in_the_catalogues(language: str) -> None:
    catalogue = catalogues.read(language)
    messages = {message_of(call) for _place, call in raised()}

    assert len(messages) > 140
    assert not {text for text in messages if not (catalogue.get(text) and catalogue[text].string)}


@pytest.mark.parametrize("language", catalogues.languages())
def test_a_translation_names_the_same_field(language: str) -> None:
    catalogue = catalogues.read(language)
    messages = {message_of(call) for _place, call in raised()}
    named = [text for text in messages if FIELD.match(text)]

    assert named
    assert not [
        text
        for text in named
        if not str(catalogue[text].string).startswith(text[: text.index(": ") + 2])
    ]


def test_it_is_said_in_the_language_of_the_reader() -> None:
    refusal = InvalidAnswer("Segment {n} starts before the clip, at {start} s.", n=2, start=-0.5)

    with translation.override("de"):
        assert said(refusal) == "Abschnitt 2 beginnt vor dem Clip, bei -0,5 s."
    assert str(refusal) == said(refusal) == "Segment 2 starts before the clip, at -0.5 s."


def test_a_refusal_inside_another_is_said_in_the_same_language() -> None:
    segment = {"start": 0, "end": 1, "category": "nonsense"}

    with pytest.raises(scheme.InvalidValue) as caught, translation.override("es"):
        scheme.clean([question("segments")], {"q": [segment]}, CLIP)
    with translation.override("es"):
        sentence = said(caught.value.errors["q"])

    assert sentence.startswith("Tramo 1: 'nonsense' no es una opción. Elija una de estas: ")


@pytest.mark.parametrize(
    "given", ["{", "}", "{0}", "{known}", "{given!r:>99999999}", "%(n)s", "\\1"]
)
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_value_is_never_read_as_a_message(given: str, language: str) -> None:
    with pytest.raises(scheme.InvalidValue) as caught:
        scheme.clean([question("single-choice")], {"q": given})

    with translation.override(language):
        assert said(caught.value.errors["q"]).startswith(f"{given!r} ")


def test_a_refusal_goes_to_another_process_whole() -> None:
    refusal = InvalidAnswer("{given} is not a text.", given="{given}")

    again = InvalidAnswer.of(*json.loads(json.dumps([refusal.message, refusal.values])))

    assert (type(again), str(again)) == (InvalidAnswer, "{given} is not a text.")
