"""The events, and the head of the chain that holds them together.

The database itself refuses to change or delete an event (see the migrations); only the seal of
an unsealed one may be set, once.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.db.models import Q


class EventQuerySet(models.QuerySet["Event"]):
    def sealed(self) -> EventQuerySet:
        """Events that have their place in the chain."""
        return self.filter(seq__isnull=False)

    def unsealed(self) -> EventQuerySet:
        """Events that wait for their place in the chain."""
        return self.filter(seq__isnull=True)


class Event(models.Model):
    """Somebody did something to something."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=40, blank=True, help_text="The user's id; empty: the site.")
    actor_role = models.CharField(max_length=40, blank=True)
    verb = models.CharField(max_length=80)
    target = models.CharField(max_length=120, help_text="app.model:id")
    # Text in canonical form, not JSON: what was hashed must come back byte for byte.
    data_text = models.TextField(default="{}")
    seq = models.BigIntegerField(null=True, unique=True, editable=False)
    prev_hash = models.CharField(max_length=64, blank=True, editable=False)
    hash = models.CharField(max_length=64, blank=True, editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seq__isnull=True, hash="", prev_hash="") | Q(seq__gt=0),
                name="an_unsealed_event_has_no_hash",
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="unsealed_events"),
            models.Index(fields=["target", "id"], name="events_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.actor or 'the site'} {self.verb} {self.target}"

    @property
    def data(self) -> dict[str, Any]:
        """What else is known of the event."""
        data: dict[str, Any] = json.loads(self.data_text)
        return data


class ChainHead(models.Model):
    """How long the chain is and where it ends: one row, which the sealer locks."""

    count = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_chain"),
        ]

    def __str__(self) -> str:
        return f"{self.count} events up to {self.hash[:12]}"
