"""`create_token` prints a token once, or says what is wrong."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.models.token import fingerprint
from audit.models import Event
from tests.factories import make_annotator

pytestmark = pytest.mark.django_db


def create(capsys: pytest.CaptureFixture[str], *args: Any, **options: Any) -> str:
    call_command("create_token", *args, **options)
    return capsys.readouterr().out


def test_it_prints_the_secret_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    said = create(capsys, "ada@example.org")

    assert said.endswith("\n")
    assert ApiToken.objects.get().hash == fingerprint(said.strip())


def test_somebody_new_is_an_annotator(capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys, "ada@example.org")

    assert User.objects.get().role == "annotator"


def test_somebody_new_gets_the_role_that_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys, "ada@example.org", role="researcher")

    assert User.objects.get().is_researcher


def test_somebody_known_is_found_however_it_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    user = make_annotator(email="ada@example.org")

    create(capsys, "ADA@Example.org")

    assert ApiToken.objects.get().user == user


def test_it_expires_when_it_was_told_to(capsys: pytest.CaptureFixture[str]) -> None:
    create(capsys, "ada@example.org", days=1)

    left = ApiToken.objects.get().expires_at - timezone.now()
    assert timedelta(hours=23) < left <= timedelta(days=1)


def test_it_is_in_the_log_without_its_secret(capsys: pytest.CaptureFixture[str]) -> None:
    said = create(capsys, "ada@example.org")

    assert list(Event.objects.values_list("verb", flat=True)) == ["user.created", "token.created"]
    assert said.strip() not in str(list(Event.objects.values()))


@pytest.mark.parametrize(
    ("email", "options", "reason"),
    [
        ("nobody", {}, "'nobody' is not an e-mail address"),
        ("", {}, "not an e-mail address"),
        (f"{'x' * 60}@{'y.' * 110}org", {}, "not an e-mail address"),
        ("new@example.org", {"days": 0}, "--days: 1 to"),
        ("new@example.org", {"days": 10**10}, "--days: 1 to"),
        ("new@example.org", {"name": "x" * 81}, "--name: at most 80"),
        ("known@example.org", {"role": "expert"}, "is there already, as annotator"),
        ("gone@example.org", {}, "was deactivated"),
    ],
)
def test_a_mistake_makes_neither_a_person_nor_a_token(
    email: str, options: dict[str, Any], reason: str
) -> None:
    make_annotator(email="known@example.org")
    make_annotator(email="gone@example.org", is_active=False)

    with pytest.raises(CommandError, match=reason):
        call_command("create_token", email, **options)

    assert User.objects.count() == 2
    assert not ApiToken.objects.exists()


def test_an_unknown_role_is_named() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'king'"):
        call_command("create_token", "ada@example.org", "--role", "king")
