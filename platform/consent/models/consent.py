"""What one participant allowed on one form, and what a reviewer said to it."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from consent.models.form import ConsentForm, validate_purposes
from consent.models.participant import Participant


class State(models.TextChoices):
    PENDING = "pending", _("Waiting for review")
    APPROVED = "approved", _("Approved")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConsentQuerySet(models.QuerySet["Consent"]):
    def pending(self) -> Self:
        return self.filter(state=State.PENDING)

    def in_force(self, at: datetime | None = None) -> Self:
        """Approved and not yet expired."""
        return self.filter(state=State.APPROVED, expires_at__gt=at or timezone.now())


class Consent(models.Model):
    participant = models.ForeignKey(Participant, on_delete=models.PROTECT, related_name="consents")
    form = models.ForeignKey(ConsentForm, on_delete=models.PROTECT, related_name="consents")
    form_sha256 = models.CharField(max_length=64, editable=False)
    purposes = models.JSONField(validators=[validate_purposes])
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    given_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    state = models.CharField(
        max_length=12, choices=State.choices, default=State.PENDING, db_index=True
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="consent_decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("given_at")), name="consent_expires_after_it_is_given"
            ),
            models.CheckConstraint(
                condition=Q(state=State.PENDING) | Q(decided_at__isnull=False),
                name="consent_decision_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}: {self.get_state_display()}"
