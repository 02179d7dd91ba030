from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invitation, Role, User
from tests import factories

WORDS = "four unrelated words here"
ME = {"name": "Mia", "email": "mia@example.org", "password": WORDS}


def issue(role: Role = Role.ANNOTATOR, max_uses: int = 1) -> tuple[Invitation, str]:
    creator = factories.make_researcher()
    invitation, secret = Invitation.objects.issue(creator, role, max_uses=max_uses)
    return invitation, reverse("accounts:invitation", args=[secret])


def test_somebody_new_gets_an_account_with_the_role_and_is_signed_in(
    client: Client, db: None
) -> None:
    invitation, link = issue(Role.EXPERT)

    answer = client.post(link, ME)

    person = User.objects.get(email="mia@example.org")
    assert answer["Location"] == reverse("home")
    assert person.role == Role.EXPERT
    assert person in invitation.guests.all()
    assert client.session["_auth_user_id"] == str(person.pk)


def test_a_link_for_one_lets_one_in(client: Client, db: None) -> None:
    _invitation, link = issue()
    client.post(link, ME)

    second = Client().post(link, ME | {"email": "max@example.org"})

    assert second.status_code == 404
    assert not User.objects.filter(email="max@example.org").exists()


def test_an_address_that_is_known_is_asked_to_sign_in(client: Client, db: None) -> None:
    factories.make_annotator(email="mia@example.org")
    invitation, link = issue()

    answer = client.post(link, ME | {"email": "MIA@example.org"})

    invitation.refresh_from_db()
    assert "Sign in first" in answer.content.decode()
    assert invitation.uses == 0


def test_a_weak_password_is_refused_with_the_reason(client: Client, db: None) -> None:
    _invitation, link = issue()

    answer = client.post(link, ME | {"password": "secret"})

    assert "at least 12 characters" in answer.content.decode()
    assert not User.objects.filter(email="mia@example.org").exists()


def test_who_is_signed_in_accepts_once_however_often_they_click(
    client: Client, annotator: User
) -> None:
    invitation, link = issue(max_uses=5)
    client.force_login(annotator)

    client.post(link)
    client.post(link)

    invitation.refresh_from_db()
    assert invitation.uses == 1
    assert list(invitation.guests.all()) == [annotator]


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/"])
def test_the_way_on_never_leads_off_the_site(elsewhere: str, client: Client, db: None) -> None:
    _invitation, link = issue()

    answer = client.post(f"{link}?next={elsewhere}", ME)

    assert answer["Location"] == reverse("home")


def test_a_link_made_on_the_page_works_and_is_shown_once(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    sent = {"role": "annotator", "max_uses": 1, "days": 7}

    page = client.post(reverse("accounts:people"), sent, follow=True).content.decode()

    found = re.search(r'value="(http://testserver/accounts/invitation/[^"]+)"', page)
    assert found
    assert Client().get(found.group(1)).status_code == 200
    assert found.group(1) not in client.get(reverse("accounts:people")).content.decode()


def test_a_researcher_cannot_let_in_an_administrator(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    sent = {"role": "administrator", "max_uses": 1, "days": 7}

    client.post(reverse("accounts:people"), sent)

    assert not Invitation.objects.exists()


def test_a_closed_invitation_lets_nobody_in(client: Client, db: None) -> None:
    invitation, link = issue()
    client.force_login(invitation.creator)

    client.post(reverse("accounts:invitation-revoke", args=[invitation.pk]))

    assert Client().post(link, ME).status_code == 404
