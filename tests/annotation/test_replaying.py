"""A recorded worker meets probes as a person who answered the recording would have."""

from __future__ import annotations

import random

import httpx
import pytest
from django.test import Client

from accounts.models import User
from annotation import alarms
from annotation.models import AlarmKind, Campaign, Label, Probe
from annotation.replaying import Log, Player
from tests.annotation.test_probing import names_of
from tests.factories import make_campaign, make_label, make_token

pytestmark = pytest.mark.django_db


def forward(request: httpx.Request) -> httpx.Response:
    """Bring a request to the site in this process, within the test's transaction."""
    said = Client().generic(
        request.method,
        request.url.path,
        request.content,
        request.headers["Content-Type"],
        headers={"Authorization": request.headers["Authorization"]},
    )
    return httpx.Response(said.status_code, content=said.content)


def play(campaign: Campaign, annotator: User) -> Log:
    headers = {"Authorization": f"Bearer {make_token(annotator)}"}
    site = httpx.MockTransport(forward)
    log = Log()
    with httpx.Client(transport=site, base_url="http://testserver", headers=headers) as client:
        recorded = dict.fromkeys(names_of(campaign), "joy")
        chance = random.Random(0)  # noqa: S311 - which request is sent twice
        Player(client, campaign.pk, recorded, log, chance, resend=0.0).play()
    return log


def test_instructions_are_followed_and_repeats_answered_alike(annotator: User) -> None:
    campaign = make_campaign(clips=50, attention_every=10, repeat_every=10)

    play(campaign, annotator)

    followed = Label.objects.probes(Probe.ATTENTION).select_related("assignment")
    assert followed.count() > 0
    assert all(one.value["emotion"] == one.assignment.asked_for for one in followed)
    again = Label.objects.probes(Probe.REPEAT)
    assert {one.value["emotion"] for one in again} == {"joy"}
    assert Label.objects.standing().count() == 50


def test_who_is_held_back_stops_and_is_counted(annotator: User) -> None:
    campaign = make_campaign(clips=3)
    make_label(campaign.tasks.order_by("pk")[0], annotator)
    alarms.sound(campaign, annotator, AlarmKind.GOLD, {}, pauses=True)

    log = play(campaign, annotator)

    assert log.held_back == 1
    assert not log.acknowledged
