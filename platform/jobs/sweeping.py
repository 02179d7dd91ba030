"""What the scheduler does for the jobs themselves: the sweep, the pulse, the broom."""

import logging
from datetime import timedelta
from typing import Any

from celery import current_app
from django.utils import timezone
from kombu.exceptions import OperationalError

from jobs import claims
from jobs.health import beat
from jobs.models import Job
from jobs.queue import nudge
from jobs.registry import DEFAULT_QUEUE, every

logger = logging.getLogger(__name__)

SWEEP_SECONDS = 10
NUDGES_PER_SWEEP = 100
# With so many messages waiting the workers have enough to do; more would only be more.
ENOUGH_MESSAGES = 200
KEEP_DONE = timedelta(days=30)


@every(seconds=SWEEP_SECONDS)
def sweep() -> int:
    """Send again whatever is due and not begun; return how many nudges were sent."""
    beat("scheduler")
    claims.park_abandoned()
    sent = 0
    for job in Job.objects.due().order_by("available_at")[:NUDGES_PER_SWEEP]:
        if sent == 0 and _has_enough(job.queue):
            break
        if not nudge(job):
            break
        sent += 1
    return sent


@every(seconds=SWEEP_SECONDS)
def send_pulse() -> None:
    """Ask the workers for a sign of life; a worker can be connected and yet deaf."""
    try:
        current_app.send_task("jobs.pulse", queue=DEFAULT_QUEUE, retry=False, expires=SWEEP_SECONDS)
    except OperationalError as error:
        logger.warning("The broker does not answer: %s", error)


@every(seconds=3600)
def forget_old() -> int:
    """Delete what was done long ago; failed and parked jobs stay until someone has looked."""
    old = Job.objects.filter(state=Job.State.DONE, finished_at__lt=timezone.now() - KEEP_DONE)
    return old.delete()[0]


def _has_enough(queue: str) -> bool:
    connection: Any = current_app.connection_for_write()
    known = (*connection.connection_errors, *connection.channel_errors)
    away: tuple[type[Exception], ...] = (OperationalError, *known)
    try:
        with connection:
            declared = connection.default_channel.queue_declare(queue, passive=True)
    except away:
        return False
    return int(declared.message_count) >= ENOUGH_MESSAGES
