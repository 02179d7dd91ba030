"""A task: one clip in one campaign, and its place in the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.campaign import Campaign
from annotation.models.clip import Clip
from consent.models import Gated, GatedQuerySet, Participant

BATCH = 500


class Reason(models.TextChoices):
    """Why a clip stands where it stands in the queue."""

    RANDOM = "random", _("Chosen at random, before the first round")
    AUDIT = "audit", _("Chosen at random, to check the learner")
    INFORMATIVE = "informative", _("The learner doubts")
    DIVERSE = "diverse", _("Unlike what has been labelled")
    COLD_START = "cold-start", _("Spread out, to give the learner a start")
    REPEAT = "repeat", _("The labels so far leave doubt")
    REST = "rest", _("Not chosen in this round")


class TaskQuerySet(GatedQuerySet["Task"]):
    def wanting_labels(self) -> Self:
        """Tasks with room for one more annotator, retired ones aside."""
        return self.filter(live__lt=F("target"), retired=False)

    def unseen_by(self, annotator: User) -> Self:
        """Tasks that `annotator` neither holds, nor labelled, nor skipped."""
        from annotation.models.assignment import Assignment  # noqa: PLC0415 - rows refer to each other

        mine = Assignment.objects.kept().filter(task=OuterRef("pk"), annotator=annotator)
        return self.filter(~Exists(mine))

    def sparing(self, opt_outs: int) -> Self:
        """Tasks without any of the flags that somebody will not see."""
        if not opt_outs:
            return self
        return self.alias(unwanted=F("flags").bitand(opt_outs)).filter(unwanted=0)

    def most_wanted_first(self) -> Self:
        return self.order_by("-priority", "pk")


class Task(Gated):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="tasks")
    target = models.PositiveSmallIntegerField()
    # How many hold the task or have labelled it. The check below is what makes redundancy exact:
    # whoever takes a place adds one here, in the transaction that writes the assignment.
    live = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)
    # Those of its clip as bits, so that serving can walk past them.
    flags = models.PositiveIntegerField(default=0)
    priority = models.FloatField(default=0.0)
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.RANDOM)
    probability = models.FloatField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["campaign", "clip"], name="clip_once_in_a_campaign"),
            models.CheckConstraint(
                condition=Q(live__gte=0, live__lte=F("target")), name="task_never_over_its_target"
            ),
            models.CheckConstraint(
                condition=Q(probability=None) | Q(probability__gt=0, probability__lte=1),
                name="selection_probability_above_zero",
            ),
        ]
        indexes = [
            models.Index(
                F("campaign"),
                F("priority").desc(),
                F("id"),
                name="task_queue",
                condition=Q(live__lt=F("target"), retired=False, cleared_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @classmethod
    def showing(cls, participants: Iterable[Participant]) -> models.QuerySet[Any]:
        people = [person.pk for person in participants]
        seen = Clip.participants.through.objects.filter(participant__in=people)
        return cls.objects.filter(clip__in=seen.values("clip"))

    @classmethod
    def people_and_purpose(
        cls, rows: models.QuerySet[Any]
    ) -> Iterable[tuple[int, frozenset[int], str]]:
        purposes = dict(rows.values_list("pk", "campaign__purpose"))
        people: dict[int, set[int]] = {}
        keys = sorted(purposes)
        # By key, so that a plan made for empty tables cannot go wrong on full ones.
        for start in range(0, len(keys), BATCH):
            tasks = cls.objects.filter(pk__in=keys[start : start + BATCH])
            for task, person in tasks.values_list("pk", "clip__participants"):
                people.setdefault(task, set()).update([person] if person else [])
        return [(task, frozenset(people[task]), purpose) for task, purpose in purposes.items()]
