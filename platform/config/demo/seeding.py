"""What the demo starts with: drawn clips, consents, a campaign, people to sign in as."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Role, User
from annotation import ingest, launching, manifest
from annotation.demo import (
    ANNOTATORS,
    OPTIONS,
    PERSONS,
    DemoClip,
    demo_clips,
    render_all,
)
from annotation.models import Campaign, ClipImport, Collection
from config.environment import secret
from consent.models import ConsentForm, Purpose

Say = Callable[[str], None]

NAME = "What do these people feel?"
COLLECTION = "Drawn faces"
DOMAIN = "demo.example"
# One person's consent waits for the reviewer, so that there is something to decide.
PENDING = PERSONS[-1].code
COLUMNS = [
    "file", "external_id", "participant", "consent", "consent_form", "context",
    "age_band", "sex", "kind",
]  # fmt: skip
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
    people = {login.role: person(login.email, login.role) for login in LOGINS}
    clips = demo_clips()
    folder = settings.VAR_DIR / "demo"
    _draw(clips, folder, say)
    collection = _collection(clips, folder, people[Role.REVIEWER], say)
    campaign = Campaign.objects.filter(name=NAME).first()
    if campaign is None:
        campaign = _launch(collection, people[Role.RESEARCHER])
    say(f"Campaign {campaign.pk}: {campaign.tasks.cleared().count()} of {campaign.n_tasks} clips")
    return campaign


def person(email: str, role: Role, name: str = "") -> User:
    """Return the demo's person with this address, made unless there is one."""
    user = User.objects.filter(email=email).first()
    if user is None:
        name = name or f"Demo {role.label.lower()}"
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
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for clip in clips:
            shown = person_of[clip.person]
            writer.writerow(
                {
                    "file": f"{clip.external_id}.mp4",
                    "external_id": clip.external_id,
                    "participant": clip.person,
                    "consent": "pending" if clip.person == PENDING else "approved",
                    "consent_form": form.key,
                    "context": clip.context,
                    "age_band": shown.age_band,
                    "sex": shown.sex,
                    "kind": clip.kind,
                }
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
        # A small collection: let the learner choose early, so that it can be seen at work.
        "warm_up": 8,
    }
    campaign = launching.create_campaign(choices, QUESTIONS, owner)
    launching.start(campaign, owner)
    return campaign
