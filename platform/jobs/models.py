"""The work itself, and the signs of life of those who do it."""

from __future__ import annotations

from datetime import timedelta

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils import timezone

# A worker that dies is noticed after the lease and a sweep: 30 seconds together.
LEASE = timedelta(seconds=15)
MAX_ATTEMPTS = 5


class JobQuerySet(models.QuerySet["Job"]):
    def abandoned(self) -> JobQuerySet:
        """Running jobs whose worker gave no sign of life for a whole lease."""
        now = timezone.now()
        # A lease further ahead than any can be was written before the clock was set back.
        lapsed = Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE)
        return self.filter(lapsed, state=Job.State.RUNNING)

    def due(self) -> JobQuerySet:
        """Jobs that a worker could begin now."""
        ready = Q(state=Job.State.READY, available_at__lte=timezone.now())
        begun = Q(pk__in=Job.objects.abandoned().values("pk"))
        return self.filter(ready | begun, attempts__lt=MAX_ATTEMPTS)


class Job(models.Model):
    """One piece of work: created with what caused it, finished with what it made."""

    class State(models.TextChoices):
        READY = "ready"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed", "Failed: trying again would not help"
        PARKED = "parked", "Parked after too many attempts"

    kind = models.CharField(max_length=100)
    args = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    queue = models.CharField(max_length=50, default="default")
    dedupe_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    available_at = models.DateTimeField(default=timezone.now)
    claim = models.CharField(max_length=32, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    progress = models.FloatField(default=0.0)
    message = models.CharField(max_length=200, blank=True)
    result = models.JSONField(null=True, blank=True, encoder=DjangoJSONEncoder)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dedupe_key"], condition=Q(state="ready"), name="one_ready_job_per_key"
            ),
            models.UniqueConstraint(
                fields=["dedupe_key"], condition=Q(state="running"), name="one_running_job_per_key"
            ),
            models.CheckConstraint(
                condition=Q(progress__gte=0, progress__lte=1), name="progress_is_a_share"
            ),
        ]
        indexes = [
            models.Index(
                fields=["available_at"], condition=Q(state="ready"), name="ready_jobs_by_time"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="running"), name="running_jobs_by_lease"
            ),
            models.Index(fields=["kind", "-created_at"], name="jobs_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_over(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED, self.State.PARKED}


class Heartbeat(models.Model):
    """When a kind of process (worker, scheduler) was last seen at work."""

    process = models.CharField(max_length=30, primary_key=True)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} seen at {self.seen_at:%Y-%m-%d %H:%M:%S}"
