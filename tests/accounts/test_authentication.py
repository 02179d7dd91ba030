"""Who a script is: the person whose token it carries, or nobody."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.models.token import LIFETIME
from tests.factories import make_campaign, make_token

pytestmark = pytest.mark.django_db
PATH = "/api/v1/campaigns/"


def ask(header: str | None) -> Any:
    headers = {"Authorization": header} if header is not None else {}
    return Client(headers=headers).get(PATH)


def refusal(header: str | None) -> str:
    response = ask(header)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    detail: str = json.loads(response.content)["detail"]
    return detail


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_token_speaks_for_its_owner(annotator: User, scheme: str) -> None:
    campaign = make_campaign()

    response = ask(f"{scheme} {make_token(annotator)}")

    assert [row["id"] for row in response.json()["results"]] == [campaign.pk]


@pytest.mark.parametrize(
    "header",
    [
        *("Bearer", "Bearer ", "Bearer attune_", "Bearer attune_nobody", "Bearer x y z"),
        *("Bearer \xff", "Bearer " + "x" * 10_000),
    ],
)
def test_a_token_that_nobody_made_is_not_known(header: str) -> None:
    assert "not known" in refusal(header)


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Token x", "attune_x"])
def test_what_is_no_token_is_nobody(header: str | None) -> None:
    assert "credentials" in refusal(header)


def test_the_hash_of_a_token_is_no_token(annotator: User) -> None:
    make_token(annotator)

    assert "not known" in refusal(f"Bearer {ApiToken.objects.get().hash}")


def test_an_expired_token_says_when(annotator: User) -> None:
    secret = make_token(annotator)

    with time_machine.travel(timezone.now() + LIFETIME + timedelta(seconds=1)):
        assert "expired on" in refusal(f"Bearer {secret}")


def test_a_revoked_token_is_refused(annotator: User) -> None:
    secret = make_token(annotator)
    ApiToken.objects.update(revoked_at=timezone.now())

    assert "revoked" in refusal(f"Bearer {secret}")


def test_the_token_of_who_was_deactivated_is_refused(annotator: User) -> None:
    secret = make_token(annotator)
    User.objects.update(is_active=False)

    assert "revoked" in refusal(f"Bearer {secret}")


def test_a_role_that_was_taken_away_is_gone_at_once(researcher: User) -> None:
    secret = make_token(researcher)
    User.objects.update(role="annotator")

    assert (
        Client(headers={"Authorization": f"Bearer {secret}"})
        .get("/api/v1/participants/")
        .status_code
        == 403
    )


def test_a_page_uses_its_session(annotator: User) -> None:
    client = Client()
    client.force_login(annotator)

    assert client.get(PATH).status_code == 200


def test_a_session_without_the_page_changes_nothing(annotator: User) -> None:
    campaign = make_campaign()
    client = Client(enforce_csrf_checks=True)
    client.force_login(annotator)

    response = client.post(f"{PATH}{campaign.pk}/next/", "{}", content_type="application/json")

    assert response.status_code == 403
