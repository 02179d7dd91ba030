"""What an expert decided about a task that the crowd could not settle. Only ever added to."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.task import Task


class AdjudicationQuerySet(models.QuerySet["Adjudication"]):
    def standing(self) -> Self:
        return self.filter(superseded_by=None)

    def consented(self) -> Self:
        """Decisions about clips whose people allow the campaign's purpose, now."""
        return self.filter(task__cleared_until__gt=timezone.now())


class Adjudication(models.Model):
    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="adjudications")
    expert = models.ForeignKey(User, on_delete=models.PROTECT, related_name="adjudications")
    # Empty where no one answer is right: the mixture stands as the labels have it.
    category = models.CharField(max_length=60, blank=True)
    rationale = models.TextField(_("why"), max_length=2000)
    # What was before the expert then: the labels, by key, the crowd's distribution and its fit.
    seen = models.JSONField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AdjudicationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task"], condition=Q(supersedes=None), name="one_first_adjudication_a_task"
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="adjudication_has_a_rationale"),
        ]

    def __str__(self) -> str:
        return f"{self.category or 'a mixture'} on task {self.task_id}"
