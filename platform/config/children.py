"""The processes of the site: `python -m config.children PARENT ROLE ...`.

Each one dies with its parent, the supervisor behind `manage.py up`.
"""

import os
import runpy
import sys
from pathlib import Path

import django

from config.celery import app
from jobs import parent, registry

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes its own, private file there


def web(arguments: list[str]) -> None:
    """Serve the site with gunicorn; `arguments` are gunicorn's own."""
    sys.argv = ["gunicorn", *_gunicorn_defaults(), *arguments, "config.wsgi:application"]
    runpy.run_module("gunicorn", run_name="__main__")


def worker(arguments: list[str]) -> None:
    """Run jobs from every queue that some kind of job needs."""
    app.loader.import_default_modules()
    queues = ",".join(registry.queues())
    # The workers of one machine need not know each other.
    alone = ["--without-gossip", "--without-mingle"]
    app.start(["--quiet", "worker", "--pool", "prefork", "--queues", queues, *alone, *arguments])


def scheduler(arguments: list[str]) -> None:
    """Call what is to be done again and again."""
    app.start(["--quiet", "beat", "--pidfile", "", *arguments])


def _gunicorn_defaults() -> list[str]:
    # Preloaded: the workers share the memory of one import, and one that dies is back at once.
    # Nothing opens a connection or starts a thread at import, so the fork carries none along.
    options = ["--preload", "--worker-class", "gthread", "--graceful-timeout", "5"]
    options += ["--no-control-socket", "--log-level", "warning"]
    if SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK):
        # The sign of life of a worker must not wait for a busy disk.
        options += ["--worker-tmp-dir", str(SHARED_MEMORY)]
    return options


def annotators(arguments: list[str]) -> None:
    """Label the demo's campaign as its simulated annotators; `arguments`: campaign, address."""
    django.setup()
    from annotation.models import Campaign  # noqa: PLC0415 - Django has to be set up first
    from config import demo  # noqa: PLC0415

    campaign, url = arguments
    demo.annotate(Campaign.objects.get(pk=int(campaign)), url)


ROLES = {"web": web, "worker": worker, "scheduler": scheduler, "annotators": annotators}


if __name__ == "__main__":
    parent.die_with(int(sys.argv[1]))
    ROLES[sys.argv[2]](sys.argv[3:])
