from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Campaign, Member
from tests import factories

ME = {"name": "Mia", "email": "mia@example.org", "password": "four unrelated words here"}


def invitation_link(client: Client, campaign: Campaign) -> str:
    client.force_login(campaign.owner)
    address = reverse("annotation:invite", args=[campaign.pk])
    html = client.post(address, {"max_uses": 3}, follow=True).content.decode()
    found = re.search(r'value="http://testserver(/accounts/invitation/[^"]+)"', html)
    assert found
    return found.group(1)


def test_a_link_leads_through_the_door_to_a_seat(client: Client, db: None) -> None:
    campaign = factories.make_campaign(audience="invited")
    guest = Client()

    accepted = guest.post(invitation_link(client, campaign), ME)
    joined = guest.post(accepted["Location"])

    assert accepted["Location"] == reverse("annotation:join", args=[campaign.pk])
    assert joined["Location"] == reverse("annotation:label", args=[campaign.pk])
    assert guest.get(joined["Location"]).status_code == 200
    assert Member.objects.get().user.email == "mia@example.org"


def test_without_the_link_there_is_no_seat(client: Client, annotator: User) -> None:
    campaign = factories.make_campaign(audience="invited")
    client.force_login(annotator)

    answer = client.post(reverse("annotation:join", args=[campaign.pk]))

    assert answer.status_code == 404
    assert not Member.objects.exists()


def test_the_link_of_one_campaign_opens_no_other(client: Client, annotator: User) -> None:
    campaign, other = (factories.make_campaign(audience="invited") for _ in range(2))
    guest = Client()
    guest.force_login(annotator)
    guest.post(invitation_link(client, campaign))

    answer = guest.post(reverse("annotation:join", args=[other.pk]))

    assert answer.status_code == 404


def test_joining_twice_makes_one_seat(client: Client, annotator: User) -> None:
    campaign = factories.make_campaign()
    client.force_login(annotator)

    for _ in range(2):
        client.post(reverse("annotation:join", args=[campaign.pk]))

    assert Member.objects.count() == 1


def test_the_first_page_lists_what_is_open_and_what_was_done(
    client: Client, annotator: User
) -> None:
    campaign = factories.make_campaign()
    factories.make_campaign(audience="expert", name="For experts")
    factories.make_label(campaign.tasks.first() or campaign.tasks.get(), annotator)
    client.force_login(annotator)

    html = client.get(reverse("home")).content.decode()

    assert "1 clip labelled by you" in html
    assert "For experts" not in html
