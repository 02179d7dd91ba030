"""Where a clip stands among those it was compared with."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from annotation.models.campaign import Campaign
from annotation.models.clip import Clip
from annotation.models.consensus import Fit
from annotation.models.label import Population
from annotation.models.task import Task, TaskClip


class ScoreQuerySet(models.QuerySet["Score"]):
    def consented(self) -> Self:
        """Scores of clips that a comparison may still show, now."""
        first = Task.objects.cleared().filter(campaign=OuterRef("campaign"), clip=OuterRef("clip"))
        beside = TaskClip.objects.filter(
            clip=OuterRef("clip"),
            task__campaign=OuterRef("campaign"),
            task__cleared_until__gt=timezone.now(),
        )
        return self.filter(Q(Exists(first)) | Q(Exists(beside)))

    def highest_first(self) -> Self:
        return self.order_by("-value", "pk")


class Score(models.Model):
    """The log-strength of a clip in one population, around zero, with its interval."""

    fit = models.ForeignKey(Fit, on_delete=models.CASCADE, related_name="clip_scores")
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="clip_scores")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="scores")
    population = models.CharField(max_length=10, choices=Population.choices)
    value = models.FloatField()
    # None where there are so many clips that their intervals are not computed.
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    # How often the clip was chosen, less how often it was passed over, of the times it was judged.
    balance = models.FloatField()
    n_labels = models.PositiveIntegerField()
    n_comparisons = models.PositiveIntegerField()

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "clip", "population"], name="one_score_a_clip_and_population"
            )
        ]

    def __str__(self) -> str:
        return f"{self.clip}: {self.value:.2f}"
