"""The demo's simulated annotators, who label through the HTTP API like anybody else."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Role
from active_learning.models import Round
from annotation import care
from annotation.demo import ANNOTATORS, OPTIONS, Annotator, demo_clips, simulated_answer
from annotation.models import Campaign
from audit.log import record
from config.demo.seeding import DOMAIN, person

# A quick start until the learner has its first round, then a pace that can be watched.
HURRY_SECONDS, CALM_SECONDS = 1.0, 12.0


def annotate(campaign: Campaign, url: str) -> None:
    """Label the campaign through the HTTP API, as all simulated annotators, until there is none."""
    readings = {clip.external_id: clip.blind for clip in demo_clips()}
    secrets = [_admit(annotator) for annotator in ANNOTATORS]

    def work(number: int) -> None:
        headers = {"Authorization": f"Bearer {secrets[number]}"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            for pause in _label(client, campaign, ANNOTATORS[number], readings):
                time.sleep(pause)

    with ThreadPoolExecutor(max_workers=len(ANNOTATORS)) as pool:
        list(pool.map(work, range(len(ANNOTATORS))))


def wait_for_round(campaign: Campaign, seconds: float) -> Round | None:
    """Return the first finished round, or None if there is none after `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done := Round.objects.done().filter(campaign=campaign).last():
            return done
        time.sleep(1)
    return None


def _admit(annotator: Annotator) -> str:
    user = person(f"{annotator.name}@{DOMAIN}", Role.ANNOTATOR, annotator.name)
    care.simulate(user)
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())
    token, secret_ = ApiToken.objects.issue(user, "simulated annotator", timedelta(days=7))
    with transaction.atomic():
        record(user, "token.created", token)
    return secret_


def _label(
    client: httpx.Client, campaign: Campaign, annotator: Annotator, readings: dict[str, Any]
) -> Iterator[float]:
    """Answer what is served, yielding the seconds to wait before the next answer."""
    rng = np.random.default_rng(annotator.seed)
    jitter = random.Random(annotator.seed)  # noqa: S311
    answers: list[dict[str, Any]] = []
    while True:
        try:
            reply = client.post(
                f"/api/v1/campaigns/{campaign.pk}/batch/", json={"answers": answers, "want": 1}
            ).raise_for_status()
        except httpx.HTTPError:
            yield 2.0
            continue
        answers = [
            _answer(assignment, annotator, readings, rng)
            for assignment in reply.json()["assignments"]
        ]
        hurried = answers and not Round.objects.filter(campaign=campaign).exists()
        yield (HURRY_SECONDS if hurried else CALM_SECONDS) * jitter.uniform(0.5, 1.5)


def _answer(
    assignment: dict[str, Any],
    annotator: Annotator,
    readings: dict[str, Any],
    rng: np.random.Generator,
) -> dict[str, Any]:
    said = simulated_answer(annotator, readings[assignment["clip"]["external_id"]], rng)
    return {
        "client_id": str(uuid4()),
        "assignment": assignment["assignment"],
        "value": {"emotion": OPTIONS[said.option], "confidence": said.confidence},
        "latency_ms": int(said.latency * 1000),
    }
