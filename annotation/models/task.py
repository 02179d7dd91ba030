"""A task: one clip in one campaign, or several to be compared, and its place in the queue."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
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
    TEST = "test", _("Chosen at random, of people whom the learner never sees")
    INFORMATIVE = "informative", _("The learner doubts")
    DIVERSE = "diverse", _("Unlike what has been labelled")
    SHORTFALL = "shortfall", _("Of people with few labels so far")
    COLD_START = "cold-start", _("Spread out, to give the learner a start")
    REPEAT = "repeat", _("The labels so far leave doubt")
    REST = "rest", _("Not chosen in this round")


# Picked by chance so that the learner is judged by them: labelled in full, whatever it says.
TO_CHECK = [Reason.RANDOM, Reason.AUDIT, Reason.TEST]


class Need(models.TextChoices):
    """What is missing where more labels of the crowd would not tell."""

    EXPERT = "expert", _("An expert")
    CONTEXT = "context", _("What the clip alone does not show")


class TaskQuerySet(GatedQuerySet["Task"]):
    def wanting_labels(self) -> Self:
        """Tasks with room for one more annotator, retired ones aside."""
        return self.filter(live__lt=F("target"), retired=False)

    def awaiting_experts(self) -> Self:
        """Tasks that the crowd could not settle, with room for one more expert."""
        return self.filter(need=Need.EXPERT, live__lt=F("target"))

    def lowered(self) -> Self:
        """Tasks of which one person alone is asked, because the learner is sure of them."""
        return self.exclude(foretold="")

    def untouched(self) -> Self:
        """Tasks that wait for all their labels, and that nobody has had in hand or knows."""
        return self.filter(live=0, target__gt=1, retired=False, need="", foretold="", gold=None)

    def to_be_lowered(self) -> Self:
        """Untouched tasks that are not there to check the learner by."""
        return self.untouched().exclude(reason__in=TO_CHECK)

    def asked_of(self, annotator: User) -> Self:
        """Tasks that are not closed for somebody: what the crowd left open is an expert's."""
        still = Q(retired=False)
        return self.filter(still | Q(need=Need.EXPERT) if annotator.is_expert else still)

    def unseen_by(self, annotator: User) -> Self:
        """Tasks that `annotator` neither holds, nor labelled, nor skipped."""
        from annotation.models.assignment import Assignment  # noqa: PLC0415 - rows refer to each other

        mine = Assignment.objects.kept().filter(task=OuterRef("pk"), annotator=annotator)
        return self.filter(~Exists(mine))

    def with_any_of(self, clips: Any) -> Self:
        """Tasks that show one of `clips`, in whatever place."""
        first = Task.objects.filter(clip__in=clips).order_by().values("pk")
        beside = TaskClip.objects.filter(clip__in=clips).order_by().values("task")
        # As a union: each half walks an index, which not every planner does for an "or" of both.
        return self.filter(pk__in=first.union(beside))

    def sparing(self, opt_outs: int) -> Self:
        """Tasks without any of the flags that somebody will not see."""
        if not opt_outs:
            return self
        return self.alias(unwanted=F("flags").bitand(opt_outs)).filter(unwanted=0)

    def most_wanted_first(self) -> Self:
        return self.order_by("-priority", "pk")


class Task(Gated):
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="tasks")
    # The clip it is about; of a comparison the first, whose `companions` are the others.
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="tasks")
    n_clips = models.PositiveSmallIntegerField(default=1)
    target = models.PositiveSmallIntegerField()
    # How many hold the task or have labelled it. The check below is what makes redundancy exact:
    # whoever takes a place adds one here, in the transaction that writes the assignment.
    live = models.PositiveSmallIntegerField(default=0)
    # Whether it is settled, as far as the campaign's crowd can; see `annotation.closing`.
    retired = models.BooleanField(default=False)
    need = models.CharField(max_length=10, choices=Need.choices, blank=True, default="")
    # Those of its clip as bits, so that serving can walk past them.
    flags = models.PositiveIntegerField(default=0)
    priority = models.FloatField(default=0.0)
    reason = models.CharField(max_length=12, choices=Reason.choices, default=Reason.RANDOM)
    probability = models.FloatField(null=True, blank=True)

    # What the learner is so sure of that one person alone is asked; see `annotation.lowering`.
    foretold = models.CharField(max_length=200, blank=True, default="")
    # What the learner would say, {option: share}; shown at the assisted stage alone.
    suggestion = models.JSONField(null=True, blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "clip"],
                condition=Q(n_clips=1),
                name="clip_once_in_a_campaign",
            ),
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
            ),
            models.Index(
                F("campaign"),
                F("priority").desc(),
                F("id"),
                name="task_experts_queue",
                condition=Q(live__lt=F("target"), need=Need.EXPERT),
            ),
            models.Index(fields=["campaign"], name="lowered_tasks", condition=~Q(foretold="")),
        ]

    def __str__(self) -> str:
        return f"task {self.pk}"

    @property
    def clips(self) -> list[Clip]:
        """All clips that the task shows, in their places; load `companions` ahead for many."""
        if self.n_clips == 1:
            return [self.clip]
        return [self.clip, *(companion.clip for companion in self.companions.all())]

    @classmethod
    def showing(cls, participants: Iterable[Participant]) -> models.QuerySet[Any]:
        people = [person.pk for person in participants]
        seen = Clip.participants.through.objects.filter(participant__in=people)
        return cls.objects.with_any_of(seen.values("clip"))

    @classmethod
    def people_and_purpose(
        cls, rows: models.QuerySet[Any]
    ) -> Iterable[tuple[int, frozenset[int], str]]:
        purposes = dict(rows.values_list("pk", "campaign__purpose"))
        people: dict[int, set[int | None]] = {}
        keys = sorted(purposes)
        # By key, so that a plan made for empty tables cannot go wrong on full ones.
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            tasks = cls.objects.filter(pk__in=batch).values_list("pk", "clip__participants")
            beside = TaskClip.objects.filter(task__in=batch)
            for task, person in chain(tasks, beside.values_list("task", "clip__participants")):
                people.setdefault(task, set()).add(person)
        return [(task, _everybody(people[task]), purpose) for task, purpose in purposes.items()]


def _everybody(people: set[int | None]) -> frozenset[int]:
    """Return the people of all clips; nobody, which is a no, where one clip shows nobody known."""
    known = frozenset(person for person in people if person is not None)
    return known if len(known) == len(people) else frozenset()


class TaskClip(models.Model):
    """A clip that is compared with its task's own; `place` 1 is the second of the comparison."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="companions")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="companions")
    place = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["task", "place"]
        constraints = [
            models.UniqueConstraint(fields=["task", "place"], name="place_once_in_a_task"),
            models.UniqueConstraint(fields=["task", "clip"], name="companion_once_in_a_task"),
            models.CheckConstraint(condition=Q(place__gte=1, place__lte=3), name="place_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"clip {self.clip_id} in task {self.task_id}"
