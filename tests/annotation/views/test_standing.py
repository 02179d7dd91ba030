"""How an annotator's work stands: what they are told, and that they can object."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from annotation import alarms
from annotation.models import Alarm, AlarmKind, AlarmState, Campaign, Member, Outcome, Probe
from annotation.views.alarm_words import SENTENCES, sentence
from tests import factories
from tests.annotation.test_probing import work

WHY = "The answers do not follow the clips."
NO = "I looked at every clip, twice."
GOLD = {"answers": 9, "tested": 9, "score": 4.2, "labels": []}


@pytest.fixture
def signed_in(client: Client, annotator: User) -> Client:
    client.force_login(annotator)
    return client


@pytest.fixture
def seated(campaign: Campaign, annotator: User) -> Member:
    """An annotator who has labelled one clip."""
    factories.make_label(campaign.tasks.order_by("pk")[0], annotator)
    return campaign.members.get(user=annotator)


def sound(member: Member, evidence: dict[str, Any] | None = None, **fields: Any) -> Alarm:
    kind = fields.pop("kind", AlarmKind.GOLD)
    alarm = alarms.sound(member.campaign, member.user, kind, evidence or GOLD, **fields)
    assert alarm
    return alarm


def decide(member: Member, outcome: Outcome = Outcome.STOP) -> Alarm:
    alarm = sound(member, pauses=True)
    alarms.rule(alarm, member.campaign.owner, outcome, WHY)
    return alarm


def page(campaign: Campaign) -> str:
    return reverse("annotation:standing", args=[campaign.pk])


def read(client: Client, campaign: Campaign) -> str:
    return client.get(page(campaign)).content.decode()


def test_it_is_open_to_whom_the_campaign_asks(signed_in: Client, campaign: Campaign) -> None:
    assert signed_in.get(page(campaign)).status_code == 200


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.REVIEWER])
def test_it_is_nobody_elses(client: Client, campaign: Campaign, role: Role) -> None:
    client.force_login(factories.make_user(role))

    assert client.get(page(campaign)).status_code == 404


def test_a_stranger_is_led_to_the_door(client: Client, campaign: Campaign) -> None:
    assert client.get(page(campaign))["Location"].startswith(reverse("account_login"))


def test_an_uninvited_annotator_does_not_find_it(signed_in: Client) -> None:
    assert signed_in.get(page(factories.make_campaign(audience="invited"))).status_code == 404


def test_it_counts_what_one_did_and_says_that_it_is_paid(signed_in: Client, seated: Member) -> None:
    (held,) = factories.lease(seated.campaign, seated.user)
    skipped = factories.answer_to(held, None, skip="cannot-tell")
    factories.send(seated.campaign, seated.user, skipped)

    response = signed_in.get(page(seated.campaign))

    member = response.context["member"]
    assert (member.labelled, member.skipped) == (1, 1)
    html = response.content.decode()
    assert "Work done is paid, whatever is decided." in html
    assert "never against anybody" in html


def test_an_alarm_that_is_only_a_reason_to_look_is_not_told(
    signed_in: Client, seated: Member
) -> None:
    sound(seated, kind=AlarmKind.COLLUSION)

    assert str(AlarmKind.COLLUSION.label) not in read(signed_in, seated.campaign)


def test_a_pause_is_told_with_its_figures_and_nothing_to_object_to(
    signed_in: Client, seated: Member
) -> None:
    sound(seated, pauses=True)

    html = read(signed_in, seated.campaign)

    assert "Your work is paused until somebody has looked at it." in html
    assert "9 of your answers were about clips of which it is known" in html
    assert "Nothing is decided." in html
    assert "<textarea" not in html


def test_a_decision_is_told_with_its_reasons(signed_in: Client, seated: Member) -> None:
    decide(seated)

    html = read(signed_in, seated.campaign)

    assert str(Outcome.STOP.label) in html
    assert WHY in html
    assert "Decided on" in html
    assert "There are no more clips for you in this campaign." in html


def object_to(client: Client, alarm: Alarm, text: str) -> Any:
    sent = {"alarm": alarm.pk, f"alarm-{alarm.pk}-text": text}
    return client.post(page(alarm.campaign), sent)


def test_an_objection_is_stored_and_shown(signed_in: Client, seated: Member) -> None:
    alarm = decide(seated)

    response = object_to(signed_in, alarm, NO)

    assert response["Location"] == page(seated.campaign)
    alarm.refresh_from_db()
    assert (alarm.state, alarm.objection) == (AlarmState.OBJECTED, NO)
    html = read(signed_in, seated.campaign)
    assert NO in html
    assert "<textarea" not in html


@pytest.mark.parametrize(("text", "said"), [("no", "Say in a sentence"), ("", "required")])
def test_an_objection_without_words_is_refused_at_its_field(
    signed_in: Client, seated: Member, text: str, said: str
) -> None:
    alarm = decide(seated)

    response = object_to(signed_in, alarm, text)

    (told,) = response.context["alarms"]
    assert said in str(told["form"].errors["text"])
    assert 'aria-invalid="true"' in response.content.decode()
    alarm.refresh_from_db()
    assert alarm.state == AlarmState.DECIDED


def test_what_was_decided_meanwhile_is_said_at_the_field(signed_in: Client, seated: Member) -> None:
    alarm = decide(seated)
    object_to(signed_in, alarm, NO)

    response = object_to(signed_in, alarm, NO)

    assert "nothing to object" in response.content.decode()


def test_nobody_objects_for_somebody_else(signed_in: Client, campaign: Campaign) -> None:
    other = factories.make_annotator()
    factories.make_label(campaign.tasks.order_by("pk")[1], other)
    alarm = decide(campaign.members.get(user=other))

    assert object_to(signed_in, alarm, NO).status_code == 404


def test_instructions_are_told_with_what_was_chosen(signed_in: Client, annotator: User) -> None:
    campaign = factories.make_campaign(clips=40, attention_every=5)
    while not campaign.labels.probes(Probe.ATTENTION).exists():
        work(campaign, annotator, 1)
    label = campaign.labels.probes(Probe.ATTENTION).get()
    asked = label.assignment.asked_for
    evidence = {"answers": 2, "failed": 2, "labels": [label.pk]}
    member = campaign.members.get(user=annotator)
    sound(member, evidence, kind=AlarmKind.ATTENTION, pauses=True)

    response = signed_in.get(page(campaign))

    (told,) = response.context["alarms"]
    (one,) = told["instructions"]
    assert (one.asked, one.chosen) == (asked, "joy")
    assert "On 2 of them, another one was chosen." in response.content.decode()


def test_an_instruction_on_a_clip_without_consent_is_not_told(
    signed_in: Client, seated: Member
) -> None:
    label = seated.campaign.labels.get()
    evidence = {"answers": 2, "failed": 2, "labels": [label.pk]}
    sound(seated, evidence, kind=AlarmKind.ATTENTION, pauses=True)
    seated.campaign.tasks.update(cleared_until=None)

    (told,) = signed_in.get(page(seated.campaign)).context["alarms"]

    assert told["instructions"] == []


@pytest.mark.parametrize("kind", AlarmKind)
def test_every_kind_has_a_sentence_and_figures_it_does_not_know_do_no_harm(
    seated: Member, kind: AlarmKind
) -> None:
    assert kind in SENTENCES
    alarm = Alarm(campaign=seated.campaign, annotator=seated.user, kind=kind, evidence={"x": 1})

    assert sentence(alarm) in (str(kind.label), str(SENTENCES[kind]))
