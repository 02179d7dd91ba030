"""What one annotator said about one task. Labels are only ever added."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.assignment import FIRST, Assignment, Probe
from annotation.models.campaign import Campaign
from annotation.models.scheme import LabelScheme, Perspective
from annotation.models.task import Task


class Stage(models.TextChoices):
    BLIND = "blind", _("Blind")
    CONTEXT = "context", _("With context")
    ASSISTED = "assisted", _("With a suggestion")


class Population(models.TextChoices):
    CROWD = "crowd", _("Crowd")
    EXPERT = "expert", _("Experts")
    SELF = "self", _("The person themselves")


class LabelQuerySet(models.QuerySet["Label"]):
    def standing(self) -> Self:
        """Labels that count: neither superseded nor late, and no probe."""
        return self.filter(late=False, superseded_by=None, probe=Probe.NONE)

    def probes(self, *kinds: Probe) -> Self:
        """First answers to probes of these kinds, as they stand."""
        return self.filter(late=False, superseded_by=None, step=0, probe__in=kinds)

    def consented(self) -> Self:
        """Labels about clips whose people allow the campaign's purpose, now."""
        return self.filter(task__cleared_until__gt=timezone.now())


class Label(models.Model):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="labels")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="labels")
    annotator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="labels")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="labels")
    scheme = models.ForeignKey(LabelScheme, on_delete=models.PROTECT, related_name="labels")
    client_id = models.UUIDField()
    body_hash = models.CharField(max_length=64)
    value = models.JSONField()
    perspective = models.CharField(max_length=10, choices=Perspective.choices)
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.BLIND)
    population = models.CharField(max_length=10, choices=Population.choices)
    step = models.PositiveSmallIntegerField(default=0)
    # Whether it says the same as the step before; null at the first.
    kept = models.BooleanField(null=True)
    position = models.PositiveIntegerField(default=0)
    options_order = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(default=dict, blank=True)
    playback = models.JSONField(default=dict, blank=True)
    latency_ms = models.PositiveIntegerField(null=True, blank=True)
    active_ms = models.PositiveIntegerField(null=True, blank=True)
    # What was done to the answer after it was first given; a run of typing in a field, or of
    # dragging a slider, is one change, however long.
    changes = models.PositiveIntegerField(default=0)
    probe = models.CharField(max_length=10, choices=Probe.choices, blank=True, default="")
    reason = models.CharField(max_length=12)
    probability = models.FloatField(null=True, blank=True)
    late = models.BooleanField(default=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LabelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["annotator", "client_id"], name="submission_stored_once"
            ),
            models.UniqueConstraint(
                fields=["task", "annotator", "stage", "step"],
                condition=Q(late=False, supersedes=None, probe__in=FIRST),
                name="label_once_by_an_annotator",
            ),
            models.UniqueConstraint(
                fields=["assignment", "stage", "step"],
                condition=Q(supersedes=None),
                name="label_once_on_an_assignment",
            ),
        ]
        indexes = [models.Index(fields=["campaign", "id"], name="label_in_campaign")]

    def __str__(self) -> str:
        return f"label {self.pk}"
