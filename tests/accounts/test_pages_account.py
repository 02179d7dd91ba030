from __future__ import annotations

import re

from django.test import Client
from django.urls import reverse

from accounts.models import ApiToken, User
from accounts.models.token import PREFIX
from audit.models import Event
from tests import factories

ACCOUNT = "/accounts/"


def made_token(client: Client) -> str:
    answer = client.post(ACCOUNT, {"name": "upload script", "days": "30"}, follow=True)
    found = re.search(rf'value="({PREFIX}[^"]+)"', answer.content.decode())
    assert found
    return found.group(1)


def test_a_token_works_and_is_shown_once(client: Client, researcher: User) -> None:
    client.force_login(researcher)

    secret = made_token(client)
    call = Client().get("/api/v1/campaigns/", headers={"Authorization": f"Bearer {secret}"})

    assert call.status_code == 200
    assert secret not in client.get(ACCOUNT).content.decode()
    assert Event.objects.filter(verb="token.created").count() == 1


def test_a_revoked_token_is_refused_at_once(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    secret = made_token(client)
    token = ApiToken.objects.get()

    client.post(reverse("accounts:token-revoke", args=[token.pk]))
    call = Client().get("/api/v1/campaigns/", headers={"Authorization": f"Bearer {secret}"})

    assert call.status_code == 401


def test_nobody_revokes_the_token_of_somebody_else(client: Client, researcher: User) -> None:
    token, _secret = ApiToken.objects.issue(factories.make_annotator())
    client.force_login(researcher)

    answer = client.post(reverse("accounts:token-revoke", args=[token.pk]))

    token.refresh_from_db()
    assert answer.status_code == 404
    assert token.revoked_at is None


def test_signing_in_leads_to_the_first_page(client: Client, db: None) -> None:
    factories.make_annotator(email="ann@example.org", password="four unrelated words here")
    sent = {"login": "ann@example.org", "password": "four unrelated words here"}

    answer = client.post(reverse("account_login"), sent)

    assert answer.status_code == 302
    assert answer["Location"] == reverse("home")


def test_nobody_signs_up_without_an_invitation(client: Client, db: None) -> None:
    sent = {"email": "me@example.org", "password1": "four unrelated words here"}

    answer = client.post(reverse("account_signup"), sent)

    assert "invitation" in answer.content.decode()
    assert not User.objects.exists()
