"""The Celery application: workers and the scheduler run `celery -A config`."""

import os

from celery import Celery
from celery.signals import worker_process_init

from jobs import broker, parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

broker.register()

app = Celery("attune")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(related_name="jobs")


@worker_process_init.connect
def _die_with_worker(**_: object) -> None:
    """A pool process must not go on alone when its worker is killed."""
    parent.watch(os.getppid())
