"""A token that a script carries: shown once, kept as a hash, good until it expires."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models.user import User

PREFIX = "attune_"
LIFETIME = timedelta(days=90)


def fingerprint(secret: str) -> str:
    """Return what is stored of a secret. It is random and long: a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, at: datetime | None = None) -> Self:
        """Tokens that are neither expired nor revoked."""
        return self.filter(
            expires_at__gt=at or timezone.now(), revoked_at=None, user__is_active=True
        )

    def issue(
        self, user: User, name: str = "", lifetime: timedelta = LIFETIME
    ) -> tuple[ApiToken, str]:
        """Make a token and return it with its secret, which is kept nowhere."""
        secret = PREFIX + secrets.token_urlsafe(32)
        token = self.create(
            user=user,
            name=name,
            hint=secret[len(PREFIX) :][:4],
            hash=fingerprint(secret),
            expires_at=timezone.now() + lifetime,
        )
        return token, secret


class ApiToken(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80, blank=True)
    hint = models.CharField(max_length=8)
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name or 'token'} ({PREFIX}{self.hint}…)"
