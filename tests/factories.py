"""Makes the rows a test needs, with what does not matter filled in."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from PIL import Image

from accounts.models import ApiToken, Role, User
from active_learning.models import VectorSet
from annotation import launching, serving
from annotation.answers import Answer, Result
from annotation.labelling import exchange
from annotation.models import (
    Assignment,
    Campaign,
    Care,
    Clip,
    Collection,
    Label,
    Member,
    Task,
)
from annotation.probing import Turn
from annotation.storing import population
from consent import review
from consent.models import Consent, ConsentForm, Participant, Purpose

EMOTIONS = ["joy", "sadness", "anger", "calm"]
_numbers = itertools.count(1)


def make_user(role: Role = Role.ANNOTATOR, **fields: Any) -> User:
    fields.setdefault("email", f"person{next(_numbers)}@example.org")
    return User.objects.create_user(role=role, **fields)


def make_annotator(**fields: Any) -> User:
    return make_user(Role.ANNOTATOR, **fields)


def make_researcher(**fields: Any) -> User:
    return make_user(Role.RESEARCHER, **fields)


def make_reviewer(**fields: Any) -> User:
    return make_user(Role.REVIEWER, **fields)


def make_administrator(**fields: Any) -> User:
    return make_user(Role.ADMINISTRATOR, **fields)


def make_token(user: User) -> str:
    return ApiToken.objects.issue(user)[1]


def make_participant() -> Participant:
    return Participant.objects.create(code=f"P{next(_numbers)}")


def make_form(purposes: list[str] | None = None) -> ConsentForm:
    return ConsentForm.objects.create(
        key=f"form-{next(_numbers)}",
        title="Taking part",
        text="You are filmed.",
        purposes=purposes or [Purpose.AFFECTIVE_SCIENCE],
    )


def make_consent(participant: Participant | None = None, **fields: Any) -> Consent:
    form = fields.pop("form", None) or make_form(fields.get("purposes"))
    fields.setdefault("expires_at", timezone.now() + timedelta(days=30))
    return Consent.objects.create(
        participant=participant or make_participant(),
        form=form,
        form_sha256=form.sha256,
        purposes=fields.pop("purposes", form.purposes),
        **fields,
    )


def make_consenting_participant(purposes: list[str] | None = None) -> Participant:
    consent = make_consent(purposes=purposes or [Purpose.AFFECTIVE_SCIENCE])
    review.approve(consent, make_reviewer())
    return consent.participant


def make_collection(clips: int = 0, people: int = 1) -> Collection:
    """Make a collection whose clips show consenting people, in turn."""
    collection = Collection.objects.create(name=f"collection {next(_numbers)}")
    persons = [make_consenting_participant() for _ in range(people)] if clips else []
    for number in range(clips):
        make_clip(collection, persons[number % people])
    return collection


def make_clip(collection: Collection, *people: Participant, **fields: Any) -> Clip:
    number = next(_numbers)
    clip = Clip.objects.create(
        collection=collection,
        external_id=fields.pop("external_id", f"clip{number}"),
        kind=fields.pop("kind", "image"),
        sha256=f"{number:064x}",
        media=fields.pop("media", f"clips/{number}.jpg"),
        mime=fields.pop("mime", "image/jpeg"),
        **fields,
    )
    clip.participants.set(people)
    return clip


def draw_media(clip: Clip, shade: int = 128) -> Path:
    """Write a small picture as the clip's media."""
    path = Path(settings.MEDIA_ROOT) / clip.media
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (64, 64), shade).save(path)
    return path


def make_vector_set(collection: Collection, **fields: Any) -> VectorSet:
    """Store the row of a set of vectors, without its file."""
    defaults = {"name": "own", "version": 1, "dimension": 2, "n": 1, "sha256": "0" * 64}
    return VectorSet.objects.create(collection=collection, **(defaults | fields))


def make_questions(options: list[str] | None = None, *, confidence: bool = False) -> list[Any]:
    asked = {
        "name": "emotion",
        "instrument": "single-choice",
        "prompt": "What does the person feel?",
        "options": options or EMOTIONS,
    }
    sure = {"name": "confidence", "instrument": "confidence", "prompt": "How sure are you?"}
    return [asked, sure] if confidence else [asked]


def make_campaign(
    collection: Collection | None = None,
    *,
    clips: int = 3,
    running: bool = True,
    owner: User | None = None,
    confidence: bool = False,
    options: list[str] | None = None,
    questions: list[Any] | None = None,
    **settings: Any,
) -> Campaign:
    """Make a campaign, running, over clips of consenting people."""
    owner = owner or make_researcher()
    settings.setdefault("purpose", Purpose.AFFECTIVE_SCIENCE)
    settings.setdefault("name", f"campaign {next(_numbers)}")
    settings["collection"] = collection or make_collection(clips)
    campaign = launching.create_campaign(
        settings, questions or make_questions(options, confidence=confidence), owner
    )
    if running:
        launching.start(campaign, owner)
    return campaign


COMPARISONS = {
    "pairwise": {"name": "happier", "instrument": "pairwise", "prompt": "Who is happier?"},
    "best-worst": {"name": "calm", "instrument": "best-worst", "prompt": "Who is most calm?"},
}


def make_comparison(kind: str = "pairwise", clips: int = 4, **settings: Any) -> Campaign:
    """Make a campaign, running, that compares clips of consenting people, one a clip."""
    settings.setdefault("collection", make_collection(clips, people=clips))
    return make_campaign(questions=[dict(COMPARISONS[kind])], **settings)


def lease(campaign: Campaign, annotator: User, want: int = 1) -> list[Assignment]:
    return exchange(campaign, annotator, [], want).assignments


def send(campaign: Campaign, annotator: User, answer: Answer) -> Result:
    return exchange(campaign, annotator, [answer], 0).results[0]


def answer_to(assignment: Assignment, value: Any = "joy", **fields: Any) -> Answer:
    return Answer(client_id=uuid4(), assignment=assignment.pk, value=value, **fields)


def make_label(
    task: Task, annotator: User | None = None, value: Any = "joy", **fields: Any
) -> Label:
    """Label `task` by way of a lease on just that task."""
    annotator = annotator or make_annotator()
    with transaction.atomic():
        member = serving.seat(task.campaign, annotator)
        (assignment,) = serving.assign(task.campaign, member, [Turn(task)], timezone.now())
    result = send(task.campaign, annotator, answer_to(assignment, value, **fields))
    assert result.stored
    return result.stored


def store_labels(
    tasks: Sequence[Task], annotator: User, values: Sequence[Any], **fields: Any
) -> list[Label]:
    """Store one label for each task as if it had been served and sent, in two writes."""
    campaign = tasks[0].campaign
    Member.objects.get_or_create(campaign=campaign, user=annotator)
    Care.objects.get_or_create(user=annotator)
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=task,
            annotator=annotator,
            state=Assignment.State.LABELLED,
            step=1,
            lease_expires_at=timezone.now(),
            closed_at=timezone.now(),
            position=place,
            reason=task.reason,
        )
        for place, task in enumerate(tasks, start=1)
    )
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(live=F("live") + 1)
    name = campaign.scheme.questions[0]["name"]
    return Label.objects.bulk_create(
        Label(
            campaign=campaign,
            task=assignment.task,
            annotator=annotator,
            assignment=assignment,
            scheme=campaign.scheme,
            client_id=uuid4(),
            body_hash="0" * 64,
            value={name: value},
            perspective=campaign.scheme.perspective,
            population=population(annotator),
            position=assignment.position,
            reason=assignment.reason,
            **fields,
        )
        for assignment, value in zip(assignments, values, strict=True)
    )
