"""The labelling page as a plain form, which is all it is without scripts."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import launching
from annotation.models import Assignment, Campaign, Label
from consent import review
from tests import factories


@pytest.fixture
def asked(client: Client, annotator: User) -> Campaign:
    client.force_login(annotator)
    return factories.make_campaign(clips=3, confidence=True)


def page(campaign: Campaign) -> str:
    return reverse("annotation:label", args=[campaign.pk])


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', html)
    assert found, name
    return found.group(1)


def filled_in(client: Client, campaign: Campaign, **fields: str) -> dict[str, str]:
    html = client.get(page(campaign)).content.decode()
    ids = {name: hidden(html, name) for name in ("assignment", "client_id")}
    return ids | fields


def test_an_answer_is_stored_and_the_next_clip_comes(client: Client, asked: Campaign) -> None:
    sent = filled_in(client, asked, emotion="joy", confidence="4")

    answer = client.post(page(asked), sent, follow=True)

    label = Label.objects.get()
    assert label.value == {"emotion": "joy", "confidence": 4}
    assert "Saved." in answer.content.decode()
    assert hidden(answer.content.decode(), "assignment") != sent["assignment"]


def test_confidence_left_alone_is_null(client: Client, asked: Campaign) -> None:
    client.post(page(asked), filled_in(client, asked, emotion="joy"))

    assert Label.objects.get().value == {"emotion": "joy", "confidence": None}


def test_sending_the_same_form_twice_stores_one_label(client: Client, asked: Campaign) -> None:
    sent = filled_in(client, asked, emotion="joy")

    client.post(page(asked), sent)
    client.post(page(asked), sent)

    assert Label.objects.count() == 1


def test_a_skip_keeps_its_reason(client: Client, asked: Campaign) -> None:
    client.post(page(asked), filled_in(client, asked, skip="distressing"))

    assert Assignment.objects.get(state="skipped").skip_reason == "distressing"
    assert not Label.objects.exists()


@pytest.mark.parametrize(
    "broken",
    [{"client_id": "x"}, {"assignment": "x"}, {"assignment": "9" * 30}, {"confidence": "x"}],
)
def test_a_broken_form_gets_a_message_and_stores_nothing(
    broken: dict[str, str], client: Client, asked: Campaign
) -> None:
    sent = filled_in(client, asked, emotion="joy") | broken

    answer = client.post(page(asked), sent, follow=True)

    assert "Nothing was stored" in answer.content.decode()
    assert not Label.objects.exists()


def test_an_answer_outside_the_scheme_is_named(client: Client, asked: Campaign) -> None:
    answer = client.post(page(asked), filled_in(client, asked, emotion="hunger"), follow=True)

    assert "hunger" in answer.content.decode()
    assert not Label.objects.exists()


def test_a_strangers_assignment_is_refused(client: Client, asked: Campaign) -> None:
    (theirs,) = factories.lease(asked, factories.make_annotator())
    sent = {"assignment": str(theirs.pk), "client_id": str(uuid4()), "emotion": "joy"}

    answer = client.post(page(asked), sent, follow=True)

    assert "no such assignment" in answer.content.decode()
    assert not Label.objects.exists()


def test_coming_back_shows_the_same_clip(client: Client, asked: Campaign) -> None:
    first = hidden(client.get(page(asked)).content.decode(), "assignment")
    again = hidden(client.get(page(asked)).content.decode(), "assignment")

    assert first == again
    assert Assignment.objects.count() == 1


def test_options_stand_in_the_annotators_own_order(client: Client, asked: Campaign) -> None:
    html = client.get(page(asked)).content.decode()

    shown = re.findall(r'name="emotion"\s+value="(\w+)"', html)

    assert shown == Assignment.objects.get().options_order["emotion"]


def test_when_all_is_labelled_the_page_says_so(client: Client, annotator: User) -> None:
    client.force_login(annotator)
    campaign = factories.make_campaign(clips=1)
    client.post(page(campaign), filled_in(client, campaign, emotion="joy"))

    html = client.get(page(campaign)).content.decode()

    assert re.search(r'data-reason="done"\s*>', html)


def test_a_paused_campaign_asks_to_wait(client: Client, asked: Campaign) -> None:
    launching.pause(asked, asked.owner)

    html = client.get(page(asked)).content.decode()

    assert "The campaign is paused" in html


def test_a_draft_is_not_there_yet(client: Client, annotator: User) -> None:
    client.force_login(annotator)
    draft = factories.make_campaign(running=False)

    assert client.get(page(draft)).status_code == 404


def test_a_clip_without_consent_is_not_on_the_page(
    client: Client, annotator: User, reviewer: User
) -> None:
    client.force_login(annotator)
    campaign = factories.make_campaign(clips=1)
    client.get(page(campaign))
    consent = campaign.tasks.get().clip.participants.get().consents.get()
    review.withdraw(consent, reviewer)

    html = client.get(page(campaign)).content.decode()

    assert "/media/" not in html
