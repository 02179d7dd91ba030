"""What is told after a clip of the training: how many see what, never that somebody is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from annotation import gold, training
from annotation.gold import Known
from annotation.models import Campaign
from consent import review
from consent.models import Consent
from tests.annotation.test_probing import names_of, work
from tests.factories import (
    answer_to,
    lease,
    make_campaign,
    make_clip,
    make_collection,
    make_consenting_participant,
    send,
)

pytestmark = pytest.mark.django_db


def teaching(reading: Any, **settings: Any) -> Campaign:
    campaign = make_campaign(**{"clips": 4, "training_clips": 1, **settings})
    known = Known(names_of(campaign)[0], reading, teaches=True)
    gold.mark(campaign, [known], campaign.owner)
    return campaign


def told(annotator: User, reading: Any, said: str) -> dict[str, Any]:
    campaign = teaching(reading)
    work(campaign, annotator, 1, said)
    found = training.feedback(campaign, campaign.labels.get())
    assert found
    return found


CLEAR = "Most people see “calm” in this clip (75%). "
DIVIDED = "People see different things in this clip, most often “calm” (40%). "


@pytest.mark.parametrize(
    ("said", "summary"),
    [
        ("calm", CLEAR + "You saw “calm”, too."),
        ("joy", CLEAR + "25% see “joy”, as you did."),
        ("anger", CLEAR + "You saw “anger”, which is a rarer reading."),
    ],
)
def test_it_says_how_many_see_what(annotator: User, said: str, summary: str) -> None:
    assert told(annotator, {"calm": 0.75, "joy": 0.25}, said)["summary"] == summary


def test_where_people_are_divided_it_says_so(annotator: User) -> None:
    reading = {"calm": 0.4, "joy": 0.3, "anger": 0.3}

    assert told(annotator, reading, "joy")["summary"] == DIVIDED + "30% see “joy”, as you did."


def test_of_two_readings_that_are_first_either_is(annotator: User) -> None:
    found = told(annotator, {"calm": 0.5, "joy": 0.5}, "calm")

    assert found["summary"].endswith("most often “joy” (50%). You saw “calm”, too.")


def test_nothing_is_told_of_a_clip_that_lost_its_consent(annotator: User) -> None:
    campaign = teaching("joy")
    work(campaign, annotator, 1)

    for consent in Consent.objects.all():
        review.withdraw(consent, None)

    assert training.feedback(campaign, campaign.labels.get()) is None


def test_nothing_is_told_before_the_last_step_is_answered(annotator: User) -> None:
    collection = make_collection()
    layers = {"setting": "At work"}
    for _ in range(2):
        make_clip(collection, make_consenting_participant(), layers=layers)
    campaign = teaching("joy", collection=collection, stages=["blind", "context"])
    results = []
    for step in range(2):
        (held,) = lease(campaign, annotator)
        results.append(send(campaign, annotator, answer_to(held, step=step)))

    told = [training.feedback(campaign, result.stored) for result in results]

    assert [found is not None for found in told] == [False, True]


def test_an_answer_stands_once_it_is_told_what_others_see(annotator: User) -> None:
    campaign = teaching("joy")
    (held,) = lease(campaign, annotator)
    first = answer_to(held, "anger")
    send(campaign, annotator, first)

    second = send(campaign, annotator, answer_to(held, "joy", supersedes=first.client_id))

    assert list(second.errors) == ["supersedes"]
