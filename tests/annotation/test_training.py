"""What is told after a clip of the training: how many see what, never that somebody is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from annotation import gold, training
from annotation.gold import Known
from tests.annotation.test_probing import names_of, work
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


def told(annotator: User, reading: Any, said: str) -> dict[str, Any]:
    campaign = make_campaign(clips=4, training_clips=1)
    known = Known(names_of(campaign)[0], reading, teaches=True)
    gold.mark(campaign, [known], campaign.owner)
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
