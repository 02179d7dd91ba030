"""What travels over the broker: nudges, and the pulse that shows that workers hear them."""

from typing import Any

from celery import shared_task

from jobs import running
from jobs.health import beat
from jobs.models import Job
from jobs.queue import nudge
from jobs.registry import kinds


@shared_task(name="jobs.run", bind=True)
def run_job(self: Any, pk: int) -> None:
    """Run the job, unless the nudge came from a process that does not know its kind.

    Such a process (a web worker) cannot say which queue the job belongs to nor how long it may
    take, and Celery wants to hear both with the message: then the message is sent once more.
    """
    job = Job.objects.filter(pk=pk).only("kind", "queue").first()
    if job is None:
        return
    known = kinds.get(job.kind)
    if known and not any(self.request.timelimit or ()):
        job.queue = known.queue
        Job.objects.filter(pk=pk).update(queue=known.queue)
        nudge(job)
        return
    running.run(pk)


@shared_task(name="jobs.pulse")
def pulse() -> None:
    """Show that a worker takes what is sent."""
    beat("worker")
