"""The processes of a site of the tests' own: `python -m tests.active_learning.site_process ROLE`.

A worker is the project's own, but stops at a place in a round when a file asks it to, so that the
tests can kill it just there; leases are short, so that they need not wait long for its heir.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django
import numpy as np

# Where a worker can stop, in the order of a round: before the function is called.
PLACES = {
    "snapshot": "active_learning.records:keep_snapshot",
    "weights": "active_learning.training_set:training_weights",
    "features": "active_learning.gathering:gather",
    "fit": "active_learning.records:keep_learner",
    "evaluate": "active_learning.judging:judge",
    # Its own part of the predicting, or one that it does for another worker.
    "part": "jobs.sharing:KeptAlive",
    "helping": "active_learning.chunking:take_part",
    "rank": "active_learning.ranking:places",
    # Half of the order is written, in a transaction that nobody will end.
    "write": "active_learning.ranking:_give",
    # All is in force; what was only needed on the way is still there.
    "done": "active_learning.records:drop_chunks",
}
# Who waits while another is to be stopped at a place, so that it gets there.
WAITING = {
    "jobs.sharing:_take_part": "helping",
    "active_learning.chunking:take_part": "part",
}
LEASE_SECONDS = 2.0
CHUNK = 30
CLIPS, LABELLED = 130, 40


def shortened() -> None:
    """Shorten the leases, and what keeps them, and cut the candidates into parts."""
    for address, value in {
        "jobs.models:LEASE": timedelta(seconds=LEASE_SECONDS),
        "jobs.claims:LEASE": timedelta(seconds=LEASE_SECONDS),
        "jobs.running:HEARTBEAT_SECONDS": LEASE_SECONDS / 6,
        "jobs.broker:LEASE_SECONDS": LEASE_SECONDS,
        "jobs.broker_store:LEASE_SECONDS": LEASE_SECONDS,
        "active_learning.predicting:CHUNK": CHUNK,
    }.items():
        _put(address, value)


def worker(arguments: list[str]) -> None:
    """Be a worker of the site, as `config.children` starts it, that stops where it is told."""
    from config import children  # noqa: PLC0415 - Django has to be set up first

    for place, address in PLACES.items():
        _put(address, _stopping(place, _find(address)))
    for address, place in WAITING.items():
        _put(address, _waiting(place, _find(address)))
    children.worker([*arguments, "--concurrency", "1"])


def _find(address: str) -> Any:
    module, name = address.split(":")
    return getattr(importlib.import_module(module), name)


def _put(address: str, value: object) -> None:
    module, name = address.split(":")
    patch.object(importlib.import_module(module), name, value).start()


def _stopping(place: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function, updated=())
    def stopping(*args: Any, **kwargs: Any) -> Any:
        folder = Path(os.environ["ATTUNE_VAR"])
        try:
            # Of all who come here, one alone can rename it.
            (folder / f"stop-{place}").rename(folder / "stopping")
        except FileNotFoundError:
            return function(*args, **kwargs)
        (folder / "stopping").write_text(str(os.getppid()))
        (folder / "stopping").rename(folder / "stopped")
        time.sleep(600)
        raise TimeoutError(f"Nobody killed the worker that stopped at {place}.")

    return stopping


def _waiting(place: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def waiting(*args: Any, **kwargs: Any) -> Any:
        while (Path(os.environ["ATTUNE_VAR"]) / f"stop-{place}").exists():
            time.sleep(0.05)
        return function(*args, **kwargs)

    return waiting


def driver(_arguments: list[str]) -> None:
    """Do what each line on the standard input says, and answer it with a line of JSON."""
    for line in sys.stdin:
        name, *arguments = line.split()
        print(json.dumps(COMMANDS[name](*arguments)), flush=True)  # noqa: T201


def make() -> None:
    """Make a campaign with own vectors, so that no clip has to be read, and its labels."""
    from django.db import transaction  # noqa: PLC0415 - Django has to be set up first

    with transaction.atomic():
        _make_campaign()


def _make_campaign() -> None:
    from active_learning import own_vectors  # noqa: PLC0415
    from tests.active_learning.making import is_light, make_labels  # noqa: PLC0415
    from tests.factories import make_campaign, make_collection  # noqa: PLC0415

    collection = make_collection(CLIPS, people=10)
    vectors = np.random.default_rng(1).normal(0, 0.5, (CLIPS, 4))
    vectors[:, 0] += [2 * is_light(number) for number in range(CLIPS)]
    file = Path(os.environ["ATTUNE_VAR"]) / "own.npz"
    ids = list(collection.clips.order_by("pk").values_list("external_id", flat=True))
    np.savez(file, ids=np.array(ids), vectors=vectors)
    own_vectors.bring(collection, "mine", file, None)
    campaign = make_campaign(
        collection, options=["light", "dark"], redundancy=4, vectors="mine", warm_up=10
    )
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:LABELLED]), each=3)


def ask() -> int:
    """Ask for a round, and return the number it will have."""
    from active_learning import triggering  # noqa: PLC0415

    found = _campaign()
    triggering.request(found, found.owner)
    return int(found.rounds.count()) + 1


def look() -> dict[str, Any]:
    """Return the order of the queue and the rounds, as they are at one moment."""
    from django.db import transaction  # noqa: PLC0415

    from active_learning.models import Round  # noqa: PLC0415
    from jobs.models import Job  # noqa: PLC0415

    with transaction.atomic():
        tasks = _campaign().tasks.order_by("pk")
        return {
            "order": list(tasks.values_list("pk", "priority", "reason", "probability")),
            "rounds": list(
                Round.objects.order_by("number").values(
                    "number", "state", "step", "output_sha256", "learner_sha256", "error"
                )
            ),
            "jobs": list(Job.objects.order_by("pk").values("kind", "args", "state", "attempts")),
        }


def sweep() -> None:
    """Do what the scheduler does every ten seconds."""
    from active_learning.jobs import notice_due_rounds  # noqa: PLC0415
    from jobs import sweeping  # noqa: PLC0415

    notice_due_rounds()
    sweeping.sweep()


def run() -> None:
    """Run a round here, undisturbed."""
    from active_learning.management.commands.run_round import claimed_job  # noqa: PLC0415
    from active_learning.models import Trigger  # noqa: PLC0415
    from active_learning.rounds import run  # noqa: PLC0415

    run(_campaign(), Trigger.HAND, claimed_job(_campaign()))


def replay(number: str) -> bool:
    """Say whether a round, repeated from its record, gives the bytes that it gave."""
    from active_learning.replaying import replay  # noqa: PLC0415

    return replay(_campaign(), int(number), lambda _said: None).matches


def _campaign() -> Any:
    from annotation.models import Campaign  # noqa: PLC0415

    return Campaign.objects.select_related("scheme", "owner").get()


COMMANDS: dict[str, Callable[..., Any]] = {
    one.__name__: one for one in (make, ask, look, sweep, run, replay)
}
ROLES = {"worker": worker, "driver": driver}


if __name__ == "__main__":
    django.setup()
    shortened()
    ROLES[sys.argv[1]](sys.argv[2:])
