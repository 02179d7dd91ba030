"""The pages that look after annotators, and what a researcher is told there."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accounts.models import User
from annotation import care, flags
from annotation.models import Assignment, Campaign, Care, Clip, Member
from tests import factories


@pytest.fixture
def flagged(db: None) -> Campaign:
    collection = factories.make_collection(clips=2)
    (first, _second) = collection.clips.all()
    care.flag(first, ["violence", "death"], None)
    return factories.make_campaign(collection, support_url="https://help.example/")


def address(name: str, campaign: Campaign) -> str:
    return reverse(f"annotation:{name}", args=[campaign.pk])


def opt_outs(user: User) -> list[str]:
    return flags.words(Care.objects.get(user=user).opt_outs)


def test_before_the_first_clip_people_are_told_of_the_flags(
    client: Client, annotator: User, flagged: Campaign
) -> None:
    client.force_login(annotator)

    answer = client.get(address("label", flagged), follow=True)

    html = answer.content.decode()
    assert answer.redirect_chain == [(address("join", flagged), 302)]
    assert "Violence or threats" in html
    assert "Injury" not in html
    assert "https://help.example/" in html
    assert not Assignment.objects.exists()


def test_what_is_chosen_there_holds_and_is_not_asked_again(
    client: Client, annotator: User, flagged: Campaign
) -> None:
    client.force_login(annotator)
    care.opt_out(annotator, ["hate"])

    client.post(address("join", flagged), {"flags": ["death"]})

    assert opt_outs(annotator) == ["death", "hate"]
    assert client.get(address("label", flagged)).status_code == 200
    assert Assignment.objects.get().task.flags == 0


def test_a_new_flag_is_told_before_the_next_clip(
    client: Client, annotator: User, flagged: Campaign
) -> None:
    client.force_login(annotator)
    client.post(address("join", flagged), {"flags": []})

    care.flag(Clip.objects.earliest("pk"), ["sexual"], None)

    assert client.get(address("label", flagged))["Location"] == address("join", flagged)


def test_where_nothing_is_flagged_nobody_is_asked(
    client: Client, annotator: User, campaign: Campaign
) -> None:
    client.force_login(annotator)

    assert client.get(address("label", campaign)).status_code == 200
    assert "hard to see" not in client.get(address("join", campaign)).content.decode()


def test_an_unknown_flag_is_refused(client: Client, annotator: User, flagged: Campaign) -> None:
    client.force_login(annotator)

    answer = client.post(address("join", flagged), {"flags": ["hate"]})

    assert answer.status_code == 200
    assert not Member.objects.exists()


def test_annotators_choose_and_see_their_own_ledger(
    client: Client, annotator: User, flagged: Campaign
) -> None:
    client.force_login(annotator)
    factories.lease(flagged, annotator, 2)

    answer = client.post(reverse("annotation:care"), {"flags": ["death"]}, follow=True)

    html = answer.content.decode()
    assert opt_outs(annotator) == ["death"]
    assert "Violence or threats" in html
    assert str(flagged) in html
    assert "checked" in html


def test_the_ledger_is_part_of_the_account_page(client: Client, annotator: User) -> None:
    client.force_login(annotator)

    account = client.get(reverse("accounts:account")).content.decode()
    part = client.get(reverse("annotation:care"), headers={"HX-Request": "true"})

    assert f'hx-get="{reverse("annotation:care")}"' in account
    assert "<html" not in part.content.decode()


def test_a_researcher_flags_a_clip(client: Client, flagged: Campaign) -> None:
    clip = Clip.objects.latest("pk")
    client.force_login(flagged.owner)

    answer = client.post(reverse("annotation:clip-flags", args=[clip.pk]), {"flags": ["hate"]})

    clip.refresh_from_db()
    assert answer["Location"] == reverse("annotation:collection", args=[clip.collection_id])
    assert clip.flags == ["hate"]
    assert "Hate or slurs" in client.get(answer["Location"]).content.decode()


def test_a_researcher_sees_totals_and_stopped_clips_and_no_names(
    client: Client, flagged: Campaign
) -> None:
    annotator = factories.make_annotator(name="Mia Unmistakable")
    for held in factories.lease(flagged, annotator, 2):
        factories.send(flagged, annotator, factories.answer_to(held, None, skip="stopped"))
    client.force_login(flagged.owner)

    html = client.get(address("campaign", flagged)).content.decode()

    assert "stopped by 1 person" in html
    assert "shown 1 times, 0 of them without a veil" in html
    assert "Mia Unmistakable" not in html


def test_a_campaign_without_support_of_its_own_names_the_site_s(
    client: Client, annotator: User, campaign: Campaign, settings: Settings
) -> None:
    settings.SUPPORT_URL = "https://site.example/support"
    client.force_login(annotator)

    html = client.get(reverse("annotation:care")).content.decode()

    assert "https://site.example/support" in html


def test_stopping_works_without_scripts(
    client: Client, annotator: User, campaign: Campaign
) -> None:
    client.force_login(annotator)
    client.get(address("label", campaign))
    held = Assignment.objects.get()
    sent = {
        "assignment": str(held.pk),
        "client_id": "7b0b7b8e-93c7-4b39-8f3f-1d9a4f2f7c11",
        "skip": "stopped",
    }

    client.post(address("label", campaign), sent)

    held.refresh_from_db()
    assert (held.state, held.skip_reason) == ("skipped", "stopped")
