"""A Celery application over the embedded broker, for workers that the tests kill."""

import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from celery import Celery

from jobs import broker, parent

broker.register()

FOLDER = Path(os.environ.get("BROKER_TEST_FOLDER", tempfile.gettempdir()))

app = Celery("broker_test")
app.conf.update(
    broker_url=f"sqlitebroker:///{FOLDER / 'broker.sqlite3'}",
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
)


@app.task(name="note")
def note(line: str, seconds: float = 0.0) -> None:
    """Work for `seconds`, then add a line with the time to the notes."""
    began = time.time()
    time.sleep(seconds)
    with (FOLDER / "notes").open("a") as file:
        file.write(f"{line} {began}\n")


@app.task(name="kill_worker")
def kill_worker() -> None:
    """Take the whole worker down, as running out of memory does."""
    with (FOLDER / "kills").open("a") as file:
        file.write("killed\n")
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(60)


if __name__ == "__main__":
    from celery.signals import worker_process_init

    worker_process_init.connect(lambda **_: parent.watch(os.getppid()), weak=False)
    app.start(["--quiet", "worker", "--without-gossip", "--without-mingle", *sys.argv[1:]])
