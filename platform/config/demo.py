"""The demo: a collection of drawn clips, a campaign, people to sign in as, annotators at work."""

from __future__ import annotations

import csv
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import numpy as np
from accounts.models import ApiToken, Role, User
from active_learning.models import Round
from annotation import ingest, launching, manifest
from annotation.demo import (
    ANNOTATORS,
    OPTIONS,
    PERSONS,
    Annotator,
    DemoClip,
    demo_clips,
    render_all,
    simulated_answer,
)
from annotation.models import Campaign, ClipImport, Collection
from audit.log import record
from consent.models import ConsentForm, Purpose
from config.environment import secret
from django.conf import settings
from django.db import transaction
from django.utils import timezone

Say = Callable[[str], None]

NAME = "What do these people feel?"
COLLECTION = "Drawn faces"
DOMAIN = "demo.example"
# One person's consent waits for the reviewer, so that there is something to decide.
PENDING = PERSONS[-1].code
FORM_TEXT = """\
These people are drawn. The form stands here so that the demo goes the way of real clips: what is
recorded and why, who sees it, that it can be withdrawn at any time, and whom to ask.
"""
QUESTIONS: list[dict[str, Any]] = [
    {
        "name": "emotion",
        "instrument": "single-choice",
        "prompt": "What does this person feel most?",
        "options": [{"value": option, "text": option.capitalize()} for option in OPTIONS],
    },
    {"name": "confidence", "instrument": "confidence", "prompt": "How sure are you?"},
]
INSTRUCTIONS = """\
Watch the whole clip, with sound if you can. Say what the person feels, not what you would feel.
Faces can mislead, and people mix feelings: there is no right answer, only what you see and hear.
"""
# A quick start until the learner has its first round, then a pace that can be watched.
HURRY_SECONDS, CALM_SECONDS = 1.0, 12.0


@dataclass(frozen=True)
class Login:
    role: Role
    email: str


LOGINS = [
    Login(Role.ANNOTATOR, f"annotator@{DOMAIN}"),
    Login(Role.EXPERT, f"expert@{DOMAIN}"),
    Login(Role.RESEARCHER, f"researcher@{DOMAIN}"),
    Login(Role.REVIEWER, f"reviewer@{DOMAIN}"),
    Login(Role.ADMINISTRATOR, f"administrator@{DOMAIN}"),
]


def password() -> str:
    """Return the password of all the demo's logins: made once, kept beside the data."""
    return secret("ATTUNE_DEMO_PASSWORD", settings.VAR_DIR / "secrets")[:16]


def seed(say: Say) -> Campaign:
    """Make what the demo needs, as far as it is not there, and return its campaign."""
    people = {login.role: _person(login.email, login.role) for login in LOGINS}
    clips = demo_clips()
    folder = settings.VAR_DIR / "demo"
    _draw(clips, folder, say)
    collection = _collection(clips, folder, people[Role.REVIEWER], say)
    campaign = Campaign.objects.filter(name=NAME).first()
    if campaign is None:
        campaign = _launch(collection, people[Role.RESEARCHER])
    say(f"Campaign {campaign.pk}: {campaign.tasks.cleared().count()} of {campaign.n_tasks} clips")
    return campaign


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


def _person(email: str, role: Role) -> User:
    user = User.objects.filter(email=email).first()
    if user is None:
        name = f"Demo {role.label.lower()}"
        user = User.objects.create_user(email, password(), role=role, name=name)
    return user


def _draw(clips: list[DemoClip], folder: Path, say: Say) -> None:
    missing = [clip for clip in clips if not (folder / f"{clip.external_id}.mp4").exists()]
    if missing:
        say(f"Drawing {len(missing)} clips of {len(PERSONS)} invented people ...")
        drafts = folder / "drafts"
        drafts.mkdir(parents=True, exist_ok=True)
        for path in render_all(missing, drafts):
            path.replace(folder / path.name)


def _collection(clips: list[DemoClip], folder: Path, reviewer: User, say: Say) -> Collection:
    collection, _created = Collection.objects.get_or_create(
        name=COLLECTION, defaults={"description": "Animated faces, drawn for the demo."}
    )
    if collection.clips.count() < len(clips):
        say("Importing the clips, with the consents of the people in them ...")
        form, _created = ConsentForm.objects.get_or_create(
            key="demo",
            version=1,
            language="en",
            defaults={
                "title": "Taking part in the demo",
                "text": FORM_TEXT,
                "purposes": [Purpose.AFFECTIVE_SCIENCE, Purpose.METHOD_DEVELOPMENT],
            },
        )
        entries = manifest.read(_manifest(clips, folder, form))
        report = ClipImport.objects.create(
            collection=collection, created_by=reviewer, source="the demo's manifest"
        )
        ingest.import_clips(entries, report, ingest.Options("", reviewer, may_approve=True))
    return collection


def _manifest(clips: list[DemoClip], folder: Path, form: ConsentForm) -> Path:
    person_of = {person.code: person for person in PERSONS}
    path = folder / "manifest.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["file", "external_id", "participant", "consent", "consent_form", "context"]
            + ["age_band", "sex", "kind"]
        )
        for clip in clips:
            person = person_of[clip.person]
            consent = "pending" if clip.person == PENDING else "approved"
            writer.writerow(
                [f"{clip.external_id}.mp4", clip.external_id, clip.person, consent, form.key]
                + [clip.context, person.age_band, person.sex, clip.kind]
            )
    return path


@transaction.atomic
def _launch(collection: Collection, owner: User) -> Campaign:
    choices = {
        "name": NAME,
        "collection": collection,
        "instructions": INSTRUCTIONS,
        "purpose": Purpose.AFFECTIVE_SCIENCE,
        # Room for every simulated annotator and for the visitor.
        "redundancy": len(ANNOTATORS) + 3,
        "round_every": 120,
    }
    campaign = launching.create_campaign(choices, QUESTIONS, owner)
    launching.start(campaign, owner)
    return campaign


def _admit(annotator: Annotator) -> str:
    user = _person(f"{annotator.name}@{DOMAIN}", Role.ANNOTATOR)
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
