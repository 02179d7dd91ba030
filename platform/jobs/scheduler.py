"""The scheduler: Celery beat, which calls the registered functions itself."""

from datetime import timedelta
from typing import Any

from celery.beat import ScheduleEntry, Scheduler
from celery.schedules import schedule
from django.db import close_old_connections

from jobs.registry import periodic


class LocalScheduler(Scheduler):
    """Calls each periodic function in place instead of sending a message about it.

    A message would wait behind the jobs in the queue, and for as long as the broker is away.
    """

    # The base class would connect to the broker, and wait for it, before every call.
    producer: Any = None

    def setup_schedule(self) -> None:
        # As if last called long ago: everything is called at once when the scheduler starts.
        long_ago = self.app.now() - timedelta(days=1)
        self.schedule = {
            name: self.Entry(
                name=name,
                task=name,
                schedule=schedule(entry.seconds),
                app=self.app,
                last_run_at=long_ago,
            )
            for name, entry in periodic.items()
        }

    def apply_async(self, entry: ScheduleEntry, *_: Any, **__: Any) -> None:
        """Call the function. Whatever it raises, the caller logs it and goes on."""
        close_old_connections()
        periodic[str(entry.task)].function()

    @property
    def info(self) -> str:
        return f"    . functions -> {len(periodic)}"
