"""Practice, instructions and checks on the labelling page as a plain form, and who gets no clip."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import alarms, gold
from annotation.gold import Known
from annotation.models import AlarmKind, Campaign, Label, Outcome
from tests import factories
from tests.annotation.views.test_label import filled_in, page


@pytest.fixture
def asked(client: Client, annotator: User) -> Campaign:
    client.force_login(annotator)
    return factories.make_campaign(clips=3, confidence=True)


def test_an_instruction_is_on_the_page_of_its_clip_alone(client: Client, annotator: User) -> None:
    client.force_login(annotator)
    campaign = factories.make_campaign(clips=40, attention_every=5)
    said = {}
    for _ in range(20):
        html = client.get(page(campaign)).content.decode()
        (held,) = factories.lease(campaign, annotator)
        said[held.pk] = (held.asked_for, instruction_in(html))
        factories.send(campaign, annotator, factories.answer_to(held))

    assert any(asked for asked, _ in said.values())
    assert all(asked == shown for asked, shown in said.values())


def instruction_in(html: str) -> str:
    """Return the answer that the page asks for, empty where it asks for none."""
    found = re.search(r"data-instruction\s*>.*?data-asked>(\w+)<", html, re.DOTALL)
    return found.group(1) if found else ""


def test_a_check_and_a_repeat_look_like_any_other_clip(client: Client, annotator: User) -> None:
    client.force_login(annotator)
    campaign = factories.make_campaign(clips=40, check_every=5, repeat_every=6, entry_checks=0)
    names = campaign.tasks.order_by("pk").values_list("clip__external_id", flat=True)[:8]
    gold.mark(campaign, [Known(name, "joy") for name in names], campaign.owner)
    seen: dict[str, set[str]] = {}
    for _ in range(30):
        html = client.get(page(campaign)).content.decode()
        (held,) = factories.lease(campaign, annotator)
        seen.setdefault(held.probe, set()).add(without_names(html))
        factories.send(campaign, annotator, factories.answer_to(held))

    assert set(seen) == {"", "gold", "repeat"}
    assert len(set.union(*seen.values())) == 1


def without_names(html: str) -> str:
    """Return the words of a page and the keys of its document: all but numbers and orders."""
    (document,) = re.findall(r'application/json">(.*?)</script>', html, re.DOTALL)
    words = re.sub(r"<script.*?</script>|<[^>]*>|\d+", " ", html, flags=re.DOTALL)
    return " ".join(sorted(json.loads(document)) + sorted(words.split()))


@pytest.fixture
def lesson(client: Client, annotator: User) -> Campaign:
    client.force_login(annotator)
    campaign = factories.make_campaign(clips=4, training_clips=1)
    name = campaign.tasks.earliest("pk").clip.external_id
    reading = {"calm": 0.75, "joy": 0.25}
    known = Known(name, reading, teaches=True, explanation="See the hands.")
    gold.mark(campaign, [known], campaign.owner)
    return campaign


def test_practice_says_so_and_leads_to_what_others_see(client: Client, lesson: Campaign) -> None:
    html = client.get(page(lesson)).content.decode()
    assert re.search(r"data-practice\s*>", html)

    answer = client.post(page(lesson), filled_in(client, lesson, emotion="joy"), follow=True)

    assert answer.redirect_chain[0][0] == address_of(Label.objects.get())
    shown = answer.content.decode()
    assert "25% see “joy”, as you did." in shown
    assert "See the hands." in shown
    assert 'value="0.75"' in shown


def address_of(label: Label) -> str:
    return reverse("annotation:lesson", args=[label.campaign_id, label.pk])


def test_practice_is_said_of_no_other_clip(client: Client, asked: Campaign) -> None:
    html = client.get(page(asked)).content.decode()

    assert re.search(r"data-practice\s+hidden", html)
    assert re.search(r"data-instruction\s+hidden", html)


def test_a_lesson_is_open_to_its_annotator_alone(client: Client, lesson: Campaign) -> None:
    client.post(page(lesson), filled_in(client, lesson, emotion="joy"))
    stranger = Client()
    stranger.force_login(factories.make_annotator())

    assert stranger.get(address_of(Label.objects.get())).status_code == 404


def test_a_label_that_was_no_practice_has_no_lesson(client: Client, asked: Campaign) -> None:
    client.post(page(asked), filled_in(client, asked, emotion="joy"))

    assert client.get(address_of(Label.objects.get())).status_code == 404


def test_a_lesson_about_a_clip_without_consent_is_gone(client: Client, lesson: Campaign) -> None:
    client.post(page(lesson), filled_in(client, lesson, emotion="joy"))
    lesson.tasks.update(cleared_until=None)

    assert client.get(address_of(Label.objects.get())).status_code == 404


@pytest.mark.parametrize(
    ("outcome", "shown"), [(None, "paused"), (Outcome.STOP, "stopped"), (Outcome.NOTHING, "")]
)
def test_who_is_paused_or_stopped_reads_why_there_is_no_clip(
    client: Client, asked: Campaign, annotator: User, outcome: Outcome | None, shown: str
) -> None:
    factories.make_label(asked.tasks.earliest("pk"), annotator)
    alarm = alarms.sound(asked, annotator, AlarmKind.GOLD, {"answers": 4}, pauses=True)
    if alarm and outcome:
        alarms.rule(alarm, asked.owner, outcome, "I have looked at every answer.")

    html = client.get(page(asked)).content.decode()

    assert re.findall(r'data-reason="(\w+)"\s*>', html) == ([shown] if shown else [])
    assert bool(shown) == bool(re.search(r'data-slot="empty"\s*>', html))
