"""Questions of any kind, asked of real clips: launched, heard and summed up."""

from __future__ import annotations

from typing import Any

import pytest

from annotation import consensus, heard, launching, scheme
from annotation.models import Campaign, Collection, Consensus, Population, Summary
from annotation.views import figures
from tests.annotation.instruments.samples import SAMPLES, question
from tests.factories import (
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    make_consenting_participant,
    make_label,
)


def make_films(films: int = 1, pictures: int = 0) -> Collection:
    """Make a collection of clips that play for four seconds, and of pictures."""
    collection = make_collection(0)
    person = make_consenting_participant()
    for _ in range(films):
        make_clip(collection, person, kind="video", mime="video/mp4", duration=4.0)
    for _ in range(pictures):
        make_clip(collection, person)
    return collection


def asked_of_a_film(kind: str) -> Campaign:
    return make_campaign(make_films(), questions=[question(kind)])


def counts(campaign: Campaign) -> list[list[float]]:
    return heard.listen(campaign, Population.CROWD).answers.counts().tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", SAMPLES)
@pytest.mark.django_db
def test_an_answer_of_any_kind_is_stored_and_summed_up(kind: str) -> None:
    campaign = asked_of_a_film(kind)
    task = campaign.tasks.get()

    for _ in range(2):
        make_label(task, make_annotator(), {"q": SAMPLES[kind].answer})
    consensus.refresh(campaign, settle=True)

    assert {label.value["q"] == SAMPLES[kind].answer for label in campaign.labels.all()} == {True}
    at = scheme.instrument_of(campaign.scheme.questions[0]).CATEGORY_AT
    assert Summary.objects.count() == 1
    assert Consensus.objects.count() == (at is not None)


@pytest.mark.django_db
def test_the_steps_of_a_scale_are_heard_as_categories() -> None:
    campaign = asked_of_a_film("ordinal")

    for step in (1, 3, 3):
        make_label(campaign.tasks.get(), make_annotator(), {"q": step})

    assert counts(campaign) == [[1, 0, 2]]
    assert [share.n for share in figures.distribution(campaign)] == [1, 0, 2]


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("primary-secondary", {"primary": "joy", "secondary": "anger"}),
        ("single-choice", "joy"),
        ("ordinal", 1),
    ],
)
@pytest.mark.django_db
def test_a_question_that_was_left_out_is_not_heard(kind: str, answer: Any) -> None:
    optional = {**question(kind), "required": False}
    needed = {"name": "sure", "instrument": "confidence", "prompt": "?", "required": True}
    campaign = make_campaign(make_films(), questions=[optional, needed])

    make_label(campaign.tasks.get(), make_annotator(), {"sure": 3})
    make_label(campaign.tasks.get(), make_annotator(), {"q": answer, "sure": 3})

    assert sum(counts(campaign)[0]) == counts(campaign)[0][0] == 1
    assert sum(share.n for share in figures.distribution(campaign)) == 1


@pytest.mark.parametrize("kind", ["segments", "trace"])
@pytest.mark.django_db
def test_questions_about_time_are_not_asked_of_pictures_alone(kind: str) -> None:
    with pytest.raises(launching.NotPossibleError, match="has pictures only"):
        make_campaign(make_films(0, pictures=2), questions=[question(kind)])


@pytest.mark.django_db
def test_where_some_clips_play_the_pictures_have_no_task() -> None:
    campaign = make_campaign(make_films(1, pictures=2), questions=[question("trace")])

    assert campaign.tasks.get().clip.duration == 4.0
    assert campaign.n_tasks == 1


@pytest.mark.django_db
def test_a_question_about_time_that_may_be_left_out_is_asked_of_pictures_too() -> None:
    optional = {**question("segments"), "name": "when", "required": False}

    campaign = make_campaign(make_films(1, pictures=2), questions=[question("ordinal"), optional])

    assert campaign.n_tasks == 3
