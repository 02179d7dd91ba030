"""Reasons to look at somebody's work, and what a person decided about each.

An alarm is a figure, never a verdict: a person decides, with reasons, and the annotator may object
once to what was decided. Decisions are only ever added to.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.campaign import Campaign


class AlarmKind(models.TextChoices):
    GOLD = "gold", _("Answers to clips of known reading")
    ATTENTION = "attention", _("Instructions that were not followed")
    REPEATS = "repeats", _("Other answers to the same clips")
    PACE = "pace", _("Answers faster than a look")
    SAME_ANSWER = "same-answer", _("The same answer again and again")
    FATIGUE = "fatigue", _("Answers that fit less and less")
    COLLUSION = "collusion", _("The same answers as somebody else")
    COPYING = "copying", _("The same answers as the learner")


class AlarmState(models.TextChoices):
    OPEN = "open", _("Waits for somebody to look")
    DECIDED = "decided", _("Decided")
    OBJECTED = "objected", _("The annotator objects")
    CLOSED = "closed", _("Closed")


class Outcome(models.TextChoices):
    """What follows. Work that was done is paid in every case."""

    NOTHING = "nothing", _("Nothing follows")
    ADVICE = "advice", _("Advice, then on with the work")
    STOP = "stop", _("No more clips; the labels count by their weight")
    LEAVE_OUT = "leave-out", _("No more clips, and the labels do not count")


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def waiting(self) -> Self:
        """Alarms that a person has to look at."""
        return self.filter(state__in=WAITING)


WAITING = (AlarmState.OPEN, AlarmState.OBJECTED)


class Alarm(models.Model):
    Kind = AlarmKind
    State = AlarmState

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="alarms")
    annotator = models.ForeignKey(User, on_delete=models.CASCADE, related_name="alarms")
    kind = models.CharField(max_length=12, choices=AlarmKind.choices)
    state = models.CharField(max_length=10, choices=AlarmState.choices, default=AlarmState.OPEN)
    # The figures it stands on, newest while it is open.
    evidence = models.JSONField()
    # The newest label that was looked at: after a decision only later ones raise another alarm.
    last_label = models.BigIntegerField(default=0)
    # Whether the annotator gets no clips until somebody has looked.
    pauses = models.BooleanField(default=False)
    objection = models.TextField(_("your objection"), blank=True, max_length=2000)
    objected_at = models.DateTimeField(null=True, blank=True)
    raised_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "annotator", "kind"],
                # An objection to an earlier one may wait beside it.
                condition=Q(state=AlarmState.OPEN),
                name="one_open_alarm_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} alarm about {self.annotator}"

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING

    @property
    def ruling(self) -> Ruling | None:
        """What was decided last."""
        return next(iter(self.rulings.all()), None)


class Ruling(models.Model):
    """What somebody decided about an alarm, and why; after an objection there may be a second."""

    alarm = models.ForeignKey(Alarm, on_delete=models.PROTECT, related_name="rulings")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reasons = models.TextField(_("why"), max_length=2000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="rulings")
    # What was before them: the figures, and the objection if there was one.
    seen = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reasons=""), name="ruling_has_reasons"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} on alarm {self.alarm_id}"
