"""Clips whose reading is known beforehand, by which annotators learn or are tested."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.campaign import Campaign
from annotation.models.task import Task


class GoldSource(models.TextChoices):
    """Who says so."""

    RESEARCHER = "researcher", _("The researcher")
    CROWD = "crowd", _("What many annotators said")
    EXPERTS = "experts", _("What experts said")


class GoldQuerySet(models.QuerySet["Gold"]):
    def testing(self) -> Self:
        return self.filter(teaches=False)

    def teaching(self) -> Self:
        return self.filter(teaches=True)


class Gold(models.Model):
    """The distribution of a task's answers as it is known; its task leaves the queue."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="gold")
    task = models.OneToOneField(Task, on_delete=models.CASCADE, related_name="gold")
    # As long as the scheme has categories, in their order, summing to 1.
    distribution = models.JSONField()
    # The category that is first, by which gold is spread over the categories.
    stratum = models.PositiveSmallIntegerField()
    # Shown with feedback before the work begins, and to nobody as a test.
    teaches = models.BooleanField(default=False)
    explanation = models.TextField(_("what there is to see"), blank=True, max_length=1000)
    source = models.CharField(max_length=10, choices=GoldSource.choices)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = GoldQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["campaign", "teaches"], name="gold_in_campaign")]

    def __str__(self) -> str:
        return f"gold of task {self.task_id}"
