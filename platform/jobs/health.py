"""Whether the workers and the scheduler are alive, for the health page."""

from datetime import timedelta
from typing import NamedTuple

from django.utils import timezone

from jobs.models import Heartbeat, Job

SILENCE = timedelta(seconds=30)
STALLED = timedelta(minutes=2)
PROCESSES = {"worker": "The worker", "scheduler": "The scheduler"}


class Finding(NamedTuple):
    """One line of the health page."""

    name: str
    ok: bool
    sentence: str


def beat(process: str) -> None:
    """Note that a process of this kind is at work."""
    now = timezone.now()
    if not Heartbeat.objects.filter(pk=process).update(seen_at=now):
        Heartbeat.objects.bulk_create(
            [Heartbeat(process=process, seen_at=now)],
            update_conflicts=True,
            unique_fields=["process"],
            update_fields=["seen_at"],
        )


def is_silent(process: str) -> bool:
    """Return whether no process of this kind has been at work for too long."""
    return not Heartbeat.objects.filter(pk=process, seen_at__gt=timezone.now() - SILENCE).exists()


def report() -> list[Finding]:
    """Return what is known of every kind of process, and of the work that waits."""
    seen = dict(Heartbeat.objects.values_list("process", "seen_at"))
    now = timezone.now()
    findings = []
    for process, title in PROCESSES.items():
        if process not in seen:
            findings.append(Finding(process, ok=False, sentence=f"{title} was never seen."))
            continue
        silence = now - seen[process]
        sentence = f"{title} was seen {max(silence.total_seconds(), 0):.0f} seconds ago."
        findings.append(Finding(process, silence <= SILENCE, sentence))
    return [*findings, _work()]


def _work() -> Finding:
    due = Job.objects.due().order_by("available_at")
    oldest = due.values_list("available_at", flat=True).first()
    parked = Job.objects.filter(state=Job.State.PARKED).count()
    sentence = f"{due.count()} jobs wait, {parked} are parked."
    stalled = oldest is not None and timezone.now() - oldest > STALLED
    return Finding("jobs", ok=not stalled, sentence=sentence)
