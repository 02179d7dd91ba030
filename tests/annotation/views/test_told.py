"""What annotators are told without asking: on their first page, and before they begin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from accounts.models import Role, User
from annotation import alarms, gold
from annotation.gold import Known
from annotation.models import AlarmKind, Campaign, Member, Outcome
from audit.models import Event
from tests import factories
from tests.annotation.test_probing import names_of
from tests.annotation.views.test_standing import NO, WHY, decide, object_to, page, read, sound


@pytest.fixture
def signed_in(client: Client, annotator: User) -> Client:
    client.force_login(annotator)
    return client


@pytest.fixture
def seated(campaign: Campaign, annotator: User) -> Member:
    """An annotator who has labelled one clip."""
    factories.make_label(campaign.tasks.order_by("pk")[0], annotator)
    return campaign.members.get(user=annotator)


def home(client: Client) -> str:
    return client.get(reverse("home")).content.decode()


def test_the_first_page_is_silent_where_there_is_nothing_to_read(
    signed_in: Client, seated: Member
) -> None:
    sound(seated, kind=AlarmKind.COLLUSION)

    assert page(seated.campaign) not in home(signed_in)


def test_the_first_page_tells_of_a_decision_until_it_was_read(
    signed_in: Client, seated: Member
) -> None:
    decide(seated)
    assert "Please read how your work stands" in home(signed_in)

    read(signed_in, seated.campaign)

    html = home(signed_in)
    assert page(seated.campaign) in html
    assert "Please read" not in html


def test_a_second_decision_is_news_again(signed_in: Client, seated: Member) -> None:
    alarm = decide(seated)
    object_to(signed_in, alarm, NO)
    read(signed_in, seated.campaign)

    alarms.rule(alarm, seated.campaign.owner, Outcome.LEAVE_OUT, WHY)

    assert "Please read how your work stands" in home(signed_in)


def test_that_it_was_read_is_noted_once(signed_in: Client, seated: Member) -> None:
    decide(seated)

    for _ in range(2):
        read(signed_in, seated.campaign)

    event = Event.objects.get(verb="alarm.read")
    assert (event.actor, event.data) == (str(seated.user.pk), {"state": "decided"})


def test_who_is_paused_is_not_asked_to_go_on(signed_in: Client, seated: Member) -> None:
    sound(seated, pauses=True)

    html = home(signed_in)

    assert "badge-paused" in html
    assert reverse("annotation:label", args=[seated.campaign.pk]) not in html


TOLD = {
    "gold": "clips of which it is known how people see them",
    "repeat": "clips that you have met before",
    "attention": "clips that tell you which answer to choose",
    "training": "The first clip is practice",
}


def told_on(client: Client, campaign: Campaign, name: str) -> set[str]:
    html = client.get(reverse(f"annotation:{name}", args=[campaign.pk])).content.decode()
    return {kind for kind, text in TOLD.items() if escape(text) in html}


def make_probing(**settings: Any) -> Campaign:
    campaign = factories.make_campaign(
        clips=8, training_clips=3, repeat_every=10, attention_every=10, **settings
    )
    names = names_of(campaign)
    known = [Known(names[0], "joy"), Known(names[1], "joy", teaches=True)]
    gold.mark(campaign, known, campaign.owner)
    return campaign


@pytest.mark.parametrize("name", ["join", "label", "standing"])
def test_annotators_are_told_beforehand_of_what_there_is(signed_in: Client, name: str) -> None:
    assert told_on(signed_in, make_probing(), name) == set(TOLD)


@pytest.mark.parametrize("name", ["join", "label", "standing"])
def test_nothing_is_told_of_probes_that_a_campaign_has_not(
    signed_in: Client, campaign: Campaign, name: str
) -> None:
    assert told_on(signed_in, campaign, name) == set()


def test_experts_are_told_of_what_they_meet(client: Client, db: None) -> None:
    client.force_login(factories.make_user(Role.EXPERT))

    assert told_on(client, make_probing(), "join") == {"repeat", "training"}


def test_clips_in_context_are_neither_met_again_nor_instructed(signed_in: Client) -> None:
    campaign = make_probing()
    campaign.stages = ["blind", "context"]
    campaign.save()

    assert told_on(signed_in, campaign, "join") == {"gold", "training"}
