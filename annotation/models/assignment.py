"""A task leased to an annotator, until it is answered or the lease runs out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation import flags
from annotation.models.campaign import Campaign
from annotation.models.task import Task
from annotation.staging import BLIND


class AssignmentState(models.TextChoices):
    LEASED = "leased", _("In hand")
    LABELLED = "labelled", _("Labelled")
    SKIPPED = "skipped", _("Skipped")
    EXPIRED = "expired", _("Lease ran out")
    WITHDRAWN = "withdrawn", _("Consent withdrawn")


class Probe(models.TextChoices):
    """What an assignment is for, where it is not to label a clip for its consensus."""

    NONE = "", _("A label")
    TRAINING = "training", _("Training, with feedback")
    GOLD = "gold", _("A clip whose reading is known")
    REPEAT = "repeat", _("A clip met before")
    ATTENTION = "attention", _("An instruction to follow")


# Those in which somebody meets a clip that they have answered before.
AGAIN = (Probe.REPEAT, Probe.ATTENTION)
FIRST = (Probe.NONE, Probe.TRAINING, Probe.GOLD)

# Reasons of a skip by which somebody spares themselves the rest of a clip.
STOPS = ("stopped", "distressing")
KEPT = (AssignmentState.LEASED, AssignmentState.LABELLED, AssignmentState.SKIPPED)


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def kept(self) -> Self:
        """Assignments after which the annotator does not get the task again."""
        return self.filter(state__in=KEPT)

    def leased(self) -> Self:
        return self.filter(state=AssignmentState.LEASED)

    def sparing(self, opt_outs: int) -> Self:
        """Assignments of tasks without any of the flags that somebody will not see."""
        if not opt_outs:
            return self
        return self.alias(unwanted=F("task__flags").bitand(opt_outs)).filter(unwanted=0)

    def showing(self, opt_outs: int) -> Self:
        """Assignments of tasks with any of these flags."""
        return self.alias(unwanted=F("task__flags").bitand(opt_outs)).exclude(unwanted=0)

    def overdue(self, at: datetime | None = None) -> Self:
        """Leases that ran out and were not yet given back."""
        return self.leased().filter(lease_expires_at__lte=at or timezone.now())

    def live(self, at: datetime | None = None) -> Self:
        return self.leased().filter(lease_expires_at__gt=at or timezone.now())


class Assignment(models.Model):
    State = AssignmentState

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="assignments")
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="assignments")
    annotator = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    state = models.CharField(
        max_length=10, choices=AssignmentState.choices, default=AssignmentState.LEASED
    )
    leased_at = models.DateTimeField(default=timezone.now)
    lease_expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    position = models.PositiveIntegerField(default=0)
    options_order = models.JSONField(default=dict, blank=True)
    # What is shown step by step, see `annotation.staging`; `step` is the one that is open, and
    # as many as there are once the last was answered. No steps: the clip alone, once.
    arm = models.CharField(max_length=20, blank=True)
    steps = models.JSONField(default=list, blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    # A probe takes no place of its task: redundancy is about labels that count.
    probe = models.CharField(max_length=10, choices=Probe.choices, blank=True, default="")
    # What a check of attention asks for, as an option of the categorical question.
    asked_for = models.CharField(max_length=60, blank=True, default="")
    reason = models.CharField(max_length=12)
    probability = models.FloatField(null=True, blank=True)
    skip_reason = models.CharField(max_length=40, blank=True)
    # What the annotator was exposed to: the clip's flags then, and whether they saw it unveiled.
    flags = models.PositiveIntegerField(default=0)
    revealed = models.BooleanField(default=False)
    # The client's id of the answer that ended it without a label: a skip, or work that came after
    # the consent was gone. A label carries its own.
    closing_client_id = models.UUIDField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "annotator"],
                condition=Q(state__in=KEPT, probe__in=FIRST),
                name="annotator_once_on_a_task",
            ),
            models.UniqueConstraint(
                fields=["task", "annotator", "probe"],
                condition=Q(state__in=KEPT, probe__in=AGAIN),
                name="annotator_once_again_on_a_task",
            ),
            models.UniqueConstraint(
                fields=["annotator", "closing_client_id"],
                condition=Q(closing_client_id__isnull=False),
                name="assignment_closed_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "annotator"],
                name="assignment_in_hand",
                condition=Q(state=AssignmentState.LEASED),
            ),
            models.Index(
                fields=["lease_expires_at"],
                name="assignment_overdue",
                condition=Q(state=AssignmentState.LEASED),
            ),
            models.Index(
                fields=["campaign", "task"],
                name="assignment_stopped",
                condition=Q(skip_reason__in=STOPS),
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"

    @property
    def plan(self) -> list[dict[str, Any]]:
        return self.steps or [{"stage": BLIND, "layers": []}]

    @property
    def is_through(self) -> bool:
        """Whether the last step was answered in time."""
        return self.step >= len(self.plan)

    @property
    def state_when_late(self) -> str:
        """How it ends with a late answer: what was answered in time keeps its place."""
        return AssignmentState.LABELLED if self.step else AssignmentState.EXPIRED

    @property
    def flags_told(self) -> str:
        return flags.told(flags.words(self.flags))

    def is_live(self, at: datetime | None = None) -> bool:
        return self.state == AssignmentState.LEASED and self.lease_expires_at > (
            at or timezone.now()
        )
