"""Next and submit against a running site, beside the least that Django can do.

    python -m benchmarks.serving --url http://127.0.0.1:8000 --annotators 32 --seconds 20

It uses the site's own database settings to make a campaign of its own (clips without media, one
consenting participant) and tokens for its annotators, loads the site through HTTP, and then holds
what the site acknowledged against the rows. Run it on the machine and with the environment of the
site.
"""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import django
import numpy as np

from benchmarks._load import Body, Load, Step, run
from benchmarks._report import print_json, print_table

REDUNDANCY = 5
OPTIONS = ["joy", "sadness", "anger", "calm"]


def main() -> int:
    choices = _arguments()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    campaign, tokens = _prepare(choices.annotators, choices.tasks)
    acknowledged: list[UUID] = []
    steps = [(token, _annotator(acknowledged)) for token in tokens]
    address = f"/api/v1/campaigns/{campaign.pk}/batch/"
    site = run(choices.url, address, steps, choices.seconds)
    if not acknowledged:
        print(f"{choices.url} took no label: is the site of this installation running there?")
        return 2
    figures = _figures("Attune", site, len(acknowledged)) | _soundness(campaign, acknowledged)
    _dismiss(tokens)
    rows = [figures]
    if not choices.without_bare:
        bare = _bare(choices.annotators, choices.seconds)
        rows.append(dict.fromkeys(figures) | bare)
        figures |= {"bare": bare, "cpu_ratio": round(figures["cpu_ms"] / bare["cpu_ms"], 2)}
    print_table([{name: row[name] for name in rows[-1]} for row in rows])
    print_json(figures)
    return 1 if any(figures[name] for name in ("lost", "doubled", "over", "errors")) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--annotators", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--tasks", type=int, default=5000, help="clips in the campaign")
    parser.add_argument("--without-bare", action="store_true", help="leave out the bare Django")
    return parser.parse_args()


def _prepare(annotators: int, tasks: int) -> tuple[Any, list[str]]:
    """Make a running campaign and the annotators' tokens."""
    from accounts.models import ApiToken, Role, User  # noqa: PLC0415
    from annotation import care, launching  # noqa: PLC0415
    from consent.models import Purpose  # noqa: PLC0415

    stamp = uuid4().hex[:8]
    owner = User.objects.create_user(f"bench-{stamp}@bench.invalid", role=Role.RESEARCHER)
    choices = {
        "name": f"benchmark {stamp}",
        "collection": _collection(stamp, tasks),
        "purpose": Purpose.AFFECTIVE_SCIENCE,
        "redundancy": REDUNDANCY,
        "round_every": 0,
    }
    question = {"name": "emotion", "instrument": "single-choice", "prompt": "?", "options": OPTIONS}
    campaign = launching.create_campaign(choices, [question], owner)
    launching.start(campaign, owner)
    people = [
        User.objects.create_user(f"bench-{stamp}-{n}@bench.invalid", role=Role.ANNOTATOR)
        for n in range(annotators)
    ]
    for person in people:
        care.simulate(person)
    return campaign, [ApiToken.objects.issue(person, "benchmark")[1] for person in people]


def _collection(stamp: str, tasks: int) -> Any:
    from django.utils import timezone  # noqa: PLC0415

    from annotation.models import Clip, Collection  # noqa: PLC0415
    from consent import recording, review  # noqa: PLC0415
    from consent.models import Participant  # noqa: PLC0415

    participant = Participant.objects.create(code=f"bench-{stamp}")
    form = recording.attestation_form()
    until = timezone.now() + recording.LIFETIME
    consent = recording.give(participant, recording.Grant(form, form.purposes, until), None)
    review.approve(consent, None, "Invented, for a benchmark.")
    collection = Collection.objects.create(name=f"benchmark {stamp}")
    clips = Clip.objects.bulk_create(
        (
            Clip(
                collection=collection,
                external_id=str(n),
                kind="image",
                sha256=f"{n:064x}",
                mime="image/jpeg",
            )
            for n in range(tasks)
        ),
        batch_size=2000,
    )
    through = Clip.participants.through
    links = [through(clip_id=clip.pk, participant_id=participant.pk) for clip in clips]
    through.objects.bulk_create(links, batch_size=2000)
    return collection


def _annotator(acknowledged: list[UUID]) -> Step:
    """Return an annotator: the answer to one request carries the clip that the next one labels."""

    def step(reply: Body | None) -> Body | None:
        if reply is None:
            return {"answers": [], "want": 1}
        acknowledged.extend(
            UUID(result["client_id"])
            for result in reply["results"]
            if result["status"] in ("created", "duplicate")
        )
        if not reply["assignments"]:
            return None if reply["reason"] == "done" else {"answers": [], "want": 1}
        held = reply["assignments"][0]
        value = OPTIONS[held["task"] % len(OPTIONS)]
        answer = {"client_id": str(uuid4()), "assignment": held["assignment"], "value": value}
        return {"answers": [answer], "want": 1}

    return step


def _figures(name: str, load: Load, count: int) -> dict[str, Any]:
    p50, p95, p99 = np.quantile(load.latencies, [0.5, 0.95, 0.99]) * 1000
    return {
        "server": name,
        "labels": count,
        "labels_per_s": round(count / load.seconds, 1),
        "p50_ms": round(float(p50), 1),
        "p95_ms": round(float(p95), 1),
        "p99_ms": round(float(p99), 1),
        "cpu_ms": round(load.server_cpu / max(count, 1) * 1000, 2),
        "errors": load.errors,
    }


def _soundness(campaign: Any, acknowledged: list[UUID]) -> dict[str, int]:
    from annotation import soundness  # noqa: PLC0415

    found = soundness.examine(campaign, acknowledged)
    return {
        "lost": found.lost,
        "doubled": found.doubled + found.labelled_twice,
        "over": found.over_filled,
        "under": found.miscounted,
    }


def _bare(annotators: int, seconds: float) -> dict[str, Any]:
    with _bare_server() as url:
        tokens = [f"t{n % 64}" for n in range(annotators)]
        load = run(
            url, "/", [(token, lambda _reply: {"value": "joy"}) for token in tokens], seconds
        )
    return _figures("bare Django", load, len(load.latencies))


@contextmanager
def _bare_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        process = subprocess.Popen(  # noqa: S603 - our own command line
            [sys.executable, "-m", "benchmarks.bare", str(port), folder]
        )
        try:
            _await(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait()


def _await(port: int) -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("The bare server did not start.")


def _dismiss(tokens: list[str]) -> None:
    from accounts.models import ApiToken  # noqa: PLC0415
    from accounts.models.token import fingerprint  # noqa: PLC0415

    ApiToken.objects.filter(hash__in=[fingerprint(token) for token in tokens]).delete()


if __name__ == "__main__":
    sys.exit(main())
