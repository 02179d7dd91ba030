"""Dying with the parent: nobody stops a process whose supervisor is gone."""

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
POLL_SECONDS = 1.0


def die_with(parent: int) -> None:
    """End this process as soon as `parent`, its parent, ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        watch(parent)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def watch(parent: int) -> None:
    """Poll for the end of `parent`: for systems without prctl, and for children of threads.

    Linux sends the signal of `die_with` when the *thread* that forked ends, and Celery forks its
    workers from a thread that ends before they have finished their last job.
    """
    threading.Thread(target=_poll, args=(parent,), daemon=True).start()


def _poll(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(POLL_SECONDS)
    os.kill(os.getpid(), signal.SIGKILL)
