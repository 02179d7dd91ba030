"""Lets people in by invitation: who made it, who used it, how often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Invitation, Role, User
from audit.log import record


class InvitationError(Exception):
    """The invitation cannot be used like that; the message says why."""


@dataclass(frozen=True)
class Newcomer:
    """What somebody says of themselves who has no account yet."""

    name: str
    email: str
    password: str


@transaction.atomic
def invite(
    creator: User, role: Role, *, subject: str = "", max_uses: int = 1, days: int = 14
) -> tuple[Invitation, str]:
    """Make an invitation and return it with the secret of its link, which is kept nowhere."""
    invitation, secret = Invitation.objects.issue(
        creator, role, subject=subject, max_uses=max_uses, lifetime=timedelta(days=days)
    )
    record(creator, "invitation.created", invitation, role=str(role), max_uses=max_uses)
    return invitation, secret


@transaction.atomic
def revoke(invitation: Invitation, actor: User) -> None:
    """Close an invitation for whoever has not used it yet."""
    open_ones = Invitation.objects.filter(pk=invitation.pk, revoked_at=None)
    if open_ones.update(revoked_at=timezone.now()):
        record(actor, "invitation.revoked", invitation)


@transaction.atomic
def welcome(invitation: Invitation, newcomer: Newcomer) -> User:
    """Make the account of somebody who comes in by `invitation`."""
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                newcomer.email, newcomer.password, name=newcomer.name, role=invitation.role
            )
    except IntegrityError as error:
        raise InvitationError(_("This address has an account. Sign in first.")) from error
    record(person, "user.created", person, role=person.role, invitation=invitation.pk)
    accept(invitation, person)
    return person


@transaction.atomic
def accept(invitation: Invitation, person: User) -> None:
    """Note that `person` accepted; a second time costs nothing."""
    if invitation.guests.filter(pk=person.pk).exists():
        return
    taken = Invitation.objects.open().filter(pk=invitation.pk).update(uses=F("uses") + 1)
    if not taken:
        raise InvitationError(_("This invitation is closed: it was used up, or its time is over."))
    invitation.guests.add(person)
    record(person, "invitation.accepted", invitation)
