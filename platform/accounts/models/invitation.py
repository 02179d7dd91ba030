"""A link that lets people in with a role, for as long and as often as it says."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models.token import fingerprint
from accounts.models.user import Role, User

LIFETIME = timedelta(days=14)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime | None = None) -> Self:
        """Invitations that still let somebody in."""
        return self.filter(
            expires_at__gt=at or timezone.now(), uses__lt=models.F("max_uses"), revoked_at=None
        )

    def with_secret(self, secret: str) -> Self:
        return self.filter(hash=fingerprint(secret))

    def issue(
        self,
        creator: User,
        role: Role = Role.ANNOTATOR,
        *,
        subject: str = "",
        max_uses: int = 1,
        lifetime: timedelta = LIFETIME,
    ) -> tuple[Invitation, str]:
        """Make an invitation and return it with the secret of its link."""
        secret = secrets.token_urlsafe(24)
        invitation = self.create(
            creator=creator,
            role=role,
            subject=subject,
            max_uses=max_uses,
            hash=fingerprint(secret),
            expires_at=timezone.now() + lifetime,
        )
        return invitation, secret


class Invitation(models.Model):
    creator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.ANNOTATOR)
    # What the guest is invited to, such as "campaign:12"; whoever owns that thing reads it.
    subject = models.CharField(max_length=80, blank=True, db_index=True)
    hash = models.CharField(max_length=64, unique=True)
    max_uses = models.PositiveIntegerField(default=1)
    uses = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    guests = models.ManyToManyField(User, related_name="accepted_invitations", blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(uses__lte=models.F("max_uses")), name="invitation_not_overused"
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk} ({self.role})"
