"""What the API refuses of an answer: the field is named, and nothing is stored."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from accounts.models import User
from annotation.models import Campaign, Label
from tests.annotation.api.calling import Caller, problem
from tests.annotation.instruments.samples import SAMPLES, question
from tests.annotation.test_asking import make_films
from tests.factories import lease, make_campaign, make_collection, make_researcher

BACKWARDS = {"events": [[0, 0, 0], [1, 1000, 0], [0.5, 1500, 0]]}
ENDLESS = {"events": [[n / 1e5, n, 0] for n in range(100_000)]}


def send(kind: str, annotator: User, value: Any, languages: str = "") -> Any:
    campaign = make_campaign(make_films(), questions=[question(kind)])
    (assignment,) = lease(campaign, annotator)
    body = {"client_id": str(uuid4()), "value": {"q": value}}
    caller = Caller(annotator)
    caller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = languages
    return caller.post(f"assignments/{assignment.pk}/label/", body)


@pytest.mark.parametrize(
    ("kind", "value", "sentence"),
    [
        ("trace", BACKWARDS, "the media time runs backwards"),
        ("trace", {"events": [[0, 10, 0], [1, 9, 0]]}, "the clock runs backwards"),
        ("trace", ENDLESS, "at most 20000 events, not 100000"),
        ("distribution", {"joy": 60, "anger": 30}, "sum to 90"),
        ("single-choice", "fear", "is not an option"),
        ("graded-choices", {"fear": 1}, "was not shown"),
        ("segments", [{"start": 3, "end": 9, "category": "joy"}], "the clip lasts 4 s"),
        ("free-text", "<b>angry</b>", "looks like HTML"),
        ("free-text", "bell\a", "cannot be shown"),
    ],
)
@pytest.mark.django_db
def test_the_field_is_named_and_nothing_is_stored(
    kind: str, value: Any, sentence: str, annotator: User
) -> None:
    document = problem(send(kind, annotator, value), 422)

    assert sentence in str(document["errors"]["value.q"])
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("languages", "sentence"),
    [
        ("", "The points sum to 90. Share out 100, no more and no less."),
        ("de-AT,de;q=0.9", "Die Punkte ergeben zusammen 90. Verteilen Sie genau 100."),
        ("es", "Los puntos suman 90. Reparta 100, ni más ni menos."),
    ],
)
@pytest.mark.django_db
def test_a_refusal_is_in_the_language_that_is_asked_for(
    languages: str, sentence: str, annotator: User
) -> None:
    response = send("distribution", annotator, {"joy": 60, "anger": 30}, languages)

    assert problem(response, 422)["errors"] == {"value.q": [sentence]}


@pytest.mark.parametrize("language", ["en", "de", "es"])
@pytest.mark.django_db
def test_a_bad_question_is_at_its_field_in_any_language(language: str) -> None:
    caller = Caller(make_researcher())
    caller.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
    asked = {"question": "What?", "options": ["joy"]}
    body = {"name": "Smiles", "collection": make_collection(1).name, "scheme": asked}

    document = problem(caller.post("campaigns/", body), 422)

    assert list(document["errors"]["scheme"]) == ["options"]


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.django_db
def test_an_answer_of_any_kind_is_taken(kind: str, annotator: User) -> None:
    response = send(kind, annotator, SAMPLES[kind].answer)

    assert response.status_code == 201, response.content
    assert Label.objects.get().value == {"q": SAMPLES[kind].answer}


@pytest.mark.django_db
def test_a_campaign_about_time_over_pictures_is_refused() -> None:
    body = {
        "name": "Smiles",
        "collection": make_collection(1).name,
        "purpose": "research.noncommercial.affective_science",
        "scheme": {"questions": [question("segments")]},
    }

    document = problem(Caller(make_researcher()).post("campaigns/", body), 422)

    assert "pictures only" in str(document["errors"]["collection"])
    assert not Campaign.objects.exists()
