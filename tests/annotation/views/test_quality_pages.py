"""The researcher's pages of known readings and of alarms."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import alarms, gold, quality
from annotation.gold import Known
from annotation.models import Alarm, AlarmKind, Campaign, Outcome, Standing
from tests.annotation.test_probing import names_of
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_comparison,
    make_label,
    make_researcher,
    send,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine(researcher: User, client: Client) -> Campaign:
    client.force_login(researcher)
    return make_campaign(owner=researcher, clips=8)


def page_of(name: str, campaign: Campaign, *more: int) -> str:
    return reverse(f"annotation:{name}", args=[campaign.pk, *more])


def mark(client: Client, campaign: Campaign, **fields: Any) -> str:
    shares = {"share_0": "60", "share_1": "", "share_2": "", "share_3": "40"}
    form = {"clip": names_of(campaign)[0], "use": "test", **shares, **fields}
    html: str = client.post(page_of("gold", campaign), form, follow=True).content.decode()
    return html


def test_a_clip_is_marked_with_shares_in_percent(client: Client, mine: Campaign) -> None:
    assert "1 clip is known now." in mark(client, mine)

    (row,) = mine.gold.all()
    assert (row.distribution, row.teaches) == ([0.6, 0, 0, 0.4], False)


def test_one_to_teach_keeps_what_there_is_to_see(client: Client, mine: Campaign) -> None:
    mark(client, mine, use="teach", explanation="Look at the hands.")

    (row,) = mine.gold.all()
    assert (row.teaches, row.explanation) == (True, "Look at the hands.")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"clip": "nowhere"}, "This campaign has no clip nowhere."),
        ({"share_0": "30"}, "The shares sum to 0.7, not to 1."),
        ({"share_0": "-1"}, "greater than or equal to 0"),
    ],
)
def test_a_mistake_is_said_and_nothing_marked(
    client: Client, mine: Campaign, fields: dict[str, str], said: str
) -> None:
    assert said in mark(client, mine, **fields)
    assert not mine.gold.exists()


def test_settled_clips_cannot_be_taken_before_there_are_some(
    client: Client, mine: Campaign
) -> None:
    html = client.post(page_of("gold", mine), {"settled": "5", "use": "test"}).content.decode()

    assert "No clip has settled on 5 labels or more yet." in html


def test_a_mark_is_taken_back(client: Client, mine: Campaign) -> None:
    mark(client, mine)

    client.post(page_of("gold-unmark", mine, mine.gold.get().task_id))

    assert not mine.gold.exists()


def test_a_reading_that_most_do_not_share_is_pointed_out(client: Client, mine: Campaign) -> None:
    gold.mark(mine, [Known(names_of(mine)[0], "joy")], mine.owner)
    for _ in range(10):
        annotator = make_annotator()
        (check,) = lease(mine, annotator)
        send(mine, annotator, answer_to(check, "calm"))

    html = client.get(page_of("gold", mine)).content.decode()

    assert "Most see something else." in html


def test_a_campaign_that_compares_says_why_it_has_none(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    campaign = make_comparison(owner=researcher)

    html = client.get(page_of("gold", campaign)).content.decode()

    assert "No question of this campaign has categories" in html
    assert 'name="settled"' not in html


def raised(campaign: Campaign, annotator: User) -> Alarm:
    """Let the annotator say joy of clips known to show something else."""
    known = [Known(name, "anger") for name in names_of(campaign)[:6]]
    gold.mark(campaign, known, campaign.owner)
    for _ in range(6):
        for check in lease(campaign, annotator):
            send(campaign, annotator, answer_to(check, "joy"))
    quality.review(campaign, annotator)
    return campaign.alarms.get()


def test_an_alarm_waits_on_the_campaigns_page(
    client: Client, mine: Campaign, annotator: User
) -> None:
    raised(mine, annotator)

    assert (
        "1 alarm about an annotator waits" in client.get(page_of("campaign", mine)).content.decode()
    )
    html = client.get(page_of("alarms", mine)).content.decode()
    assert "clips of known reading, the answers are far likelier" in html


def test_an_alarm_shows_the_answers_it_is_about(
    client: Client, mine: Campaign, annotator: User
) -> None:
    alarm = raised(mine, annotator)

    html = client.get(page_of("alarm", mine, alarm.pk)).content.decode()

    assert html.count("anger 100%") == len(alarm.evidence["labels"])


def test_answers_about_people_who_withdrew_are_not_shown(
    client: Client, mine: Campaign, annotator: User
) -> None:
    alarm = raised(mine, annotator)
    mine.tasks.update(cleared_until=None)

    html = client.get(page_of("alarm", mine, alarm.pk)).content.decode()

    assert "anger 100%" not in html


def test_a_decision_follows_with_its_reasons(
    client: Client, mine: Campaign, annotator: User
) -> None:
    alarm = raised(mine, annotator)
    form = {"outcome": Outcome.STOP, "reasons": "The answers do not follow the clips."}

    html = client.post(page_of("alarm", mine, alarm.pk), form, follow=True).content.decode()

    assert "Decided. The annotator can read it." in html
    assert mine.members.get(user=annotator).standing == Standing.STOPPED


def test_without_reasons_nothing_is_decided(
    client: Client, mine: Campaign, annotator: User
) -> None:
    alarm = raised(mine, annotator)

    html = client.post(page_of("alarm", mine, alarm.pk), {"outcome": Outcome.STOP}).content.decode()

    assert "This field is required." in html
    assert not alarm.rulings.exists()


def test_what_was_decided_meanwhile_is_not_decided_again(
    client: Client, mine: Campaign, annotator: User
) -> None:
    make_label(mine.tasks.order_by("pk")[0], annotator)
    alarm = alarms.sound(mine, annotator, AlarmKind.PACE, {})
    assert alarm
    alarms.rule(alarm, mine.owner, Outcome.STOP, "It was all too fast.")
    form = {"outcome": Outcome.NOTHING, "reasons": "It was fine after all."}

    html = client.post(page_of("alarm", mine, alarm.pk), form, follow=True).content.decode()

    assert "decided meanwhile" in html


@pytest.mark.parametrize("name", ["gold", "alarms"])
def test_the_pages_are_the_researchers_own(client: Client, mine: Campaign, name: str) -> None:
    client.force_login(make_researcher())
    assert client.get(page_of(name, mine)).status_code == 404
    client.force_login(make_annotator())
    assert client.get(page_of(name, mine)).status_code == 404
