"""People, their roles, and the links that let them in."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import ApiToken, Invitation, Role, User
from accounts.models.invitation import LIFETIME
from tests.factories import make_annotator, make_researcher, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.ANNOTATOR, {"is_annotator"}),
        (Role.EXPERT, {"is_annotator", "is_expert"}),
        (Role.RESEARCHER, {"is_researcher"}),
        (Role.REVIEWER, {"is_consent_reviewer"}),
        (
            Role.ADMINISTRATOR,
            {"is_researcher", "is_consent_reviewer", "is_administrator", "is_staff"},
        ),
    ],
)
def test_a_role_says_what_a_person_may(role: Role, may: set[str]) -> None:
    user = make_user(role)
    names = ("annotator", "expert", "researcher", "consent_reviewer", "administrator", "staff")

    assert {f"is_{name}" for name in names if getattr(user, f"is_{name}")} == may


def test_an_address_is_one_person_however_it_is_written() -> None:
    user = User.objects.create_user("Ada@Example.org")

    assert user.email == "ada@example.org"
    assert User.objects.get_by_natural_key("ADA@example.ORG") == user
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="ADA@example.org")


def test_without_a_password_nobody_signs_in() -> None:
    assert not make_annotator().has_usable_password()


def test_an_invitation_keeps_only_a_hash_of_its_secret() -> None:
    invitation, secret = Invitation.objects.issue(make_researcher())

    assert secret not in str(Invitation.objects.values().get())
    assert Invitation.objects.with_secret(secret).get() == invitation
    assert not Invitation.objects.with_secret(secret + "x").exists()


def test_an_invitation_is_open_for_a_while() -> None:
    Invitation.objects.issue(make_researcher())
    assert Invitation.objects.open().exists()

    with time_machine.travel(timezone.now() + LIFETIME + timedelta(seconds=1)):
        assert not Invitation.objects.open().exists()


@pytest.mark.parametrize("change", [{"uses": 1}, {"revoked_at": timezone.now()}])
def test_an_invitation_that_is_used_up_or_revoked_is_closed(change: dict[str, object]) -> None:
    Invitation.objects.issue(make_researcher())

    Invitation.objects.update(**change)

    assert not Invitation.objects.open().exists()


def test_the_database_refuses_one_use_too_many() -> None:
    Invitation.objects.issue(make_researcher(), max_uses=2)
    Invitation.objects.update(uses=2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(uses=F("uses") + 1)


def test_a_token_is_kept_as_a_hash() -> None:
    token, secret = ApiToken.objects.issue(make_annotator())

    assert secret.startswith("attune_")
    assert len(secret) > 40
    assert secret not in str(ApiToken.objects.values().get())
    assert token.hint in str(token)


def test_only_tokens_that_are_good_are_usable() -> None:
    good, _secret = ApiToken.objects.issue(make_annotator())
    ApiToken.objects.issue(make_annotator(), lifetime=timedelta(0))
    ApiToken.objects.issue(make_annotator(is_active=False))
    revoked, _secret = ApiToken.objects.issue(make_annotator())
    ApiToken.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())

    assert list(ApiToken.objects.usable()) == [good]
