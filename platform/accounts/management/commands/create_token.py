"""Makes an API token and prints it, once."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import ApiToken, Role, User
from audit.log import record

MOST_DAYS = 10 * 365
LONGEST_NAME = 80


class Command(BaseCommand):
    help = "Print an API token for a person, shown once. Unknown people are created with ROLE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--role",
            choices=Role.values,
            help="role of a person who is new (default: annotator)",
        )
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=90, help="days until it expires")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= MOST_DAYS:
            raise CommandError(f"--days: 1 to {MOST_DAYS}, not {options['days']}.")
        if len(options["name"]) > LONGEST_NAME:
            raise CommandError(f"--name: at most {LONGEST_NAME} characters.")
        user = self._person(options["email"], options["role"])
        token, secret = ApiToken.objects.issue(
            user, options["name"], timedelta(days=options["days"])
        )
        record(user, "token.created", token, expires_at=token.expires_at.isoformat())
        self.stdout.write(secret)

    def _person(self, email: str, role: str | None) -> User:
        try:
            User._meta.get_field("email").clean(email, None)
        except ValidationError as error:
            raise CommandError(f"{email!r} is not an e-mail address.") from error
        user = User.objects.filter(email__iexact=email).first()
        if user is not None and not user.is_active:
            raise CommandError(f"{email} was deactivated; a token would be refused.")
        if user is None:
            user = User.objects.create_user(email, role=role or Role.ANNOTATOR)
            record(user, "user.created", user, role=user.role)
        elif role and user.role != role:
            raise CommandError(f"{email} is there already, as {user.role}. Leave --role out.")
        return user
