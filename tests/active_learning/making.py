"""Campaigns with drawn clips and labels by the hundred, for rounds to learn from."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import numpy as np
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from PIL import Image, ImageDraw

from accounts.models import User
from active_learning.management.commands.run_round import claimed_job
from annotation.models import Assignment, Campaign, Clip, Label, Reason, Task
from jobs.models import Job
from tests.factories import make_annotator, make_campaign, make_collection

LIGHT, DARK = "light", "dark"


def draw_face(clip: Clip, *, light: bool, seed: int) -> None:
    """Write a picture of 64 x 64: a bright disc or a dark cross, never quite the same."""
    path = Path(settings.MEDIA_ROOT) / clip.media
    path.parent.mkdir(parents=True, exist_ok=True)
    chance = np.random.default_rng(seed)
    noise = chance.normal(128, 25, (64, 64)).clip(0, 255).astype(np.uint8)
    image = Image.fromarray(noise)
    pen = ImageDraw.Draw(image)
    at = int(chance.integers(-6, 7))
    if light:
        pen.ellipse([16 + at, 16, 48 + at, 48], fill=230 - int(chance.integers(30)))
    else:
        pen.line([10 + at, 10, 54, 54], fill=20, width=9)
        pen.line([54, 10, 10 + at, 54], fill=20, width=9)
    image.save(path)


def make_seen_campaign(*, clips: int = 60, people: int = 6, **fields: object) -> Campaign:
    """Make a running campaign over pictures, every second of which is light."""
    fields.setdefault("redundancy", 3)
    collection = make_collection(clips, people=people)
    for number, clip in enumerate(collection.clips.order_by("pk")):
        draw_face(clip, light=is_light(number), seed=number)
    return make_campaign(collection, options=[LIGHT, DARK], **fields)  # type: ignore[arg-type]


def is_light(number: int) -> bool:
    """Say whether the clip with this number is light; every person has both kinds."""
    return number // 2 % 2 == 0


def make_labels(
    campaign: Campaign,
    tasks: list[Task],
    *,
    each: int = 3,
    reason: str = Reason.RANDOM,
    value: str = "",
) -> None:
    """Label the tasks truly, or all with `value`, by way of closed assignments."""
    crowd = list(User.objects.filter(email__startswith="crowd"))
    crowd += [make_annotator(email=f"crowd{i}@example.org") for i in range(len(crowd), each)]
    first = campaign.tasks.order_by("clip").values_list("clip", flat=True)[0]
    assignments = Assignment.objects.bulk_create(
        Assignment(
            campaign=campaign,
            task=task,
            annotator=annotator,
            state=Assignment.State.LABELLED,
            lease_expires_at=timezone.now(),
            reason=reason,
            probability=task.probability,
        )
        for task in tasks
        for annotator in crowd[:each]
    )
    Label.objects.bulk_create(
        Label(
            campaign=campaign,
            task=assignment.task,
            annotator=assignment.annotator,
            assignment=assignment,
            scheme=campaign.scheme,
            client_id=uuid4(),
            body_hash="0" * 64,
            value={"emotion": value or _truth(assignment.task, first)},
            perspective=campaign.scheme.perspective,
            population="crowd",
            reason=reason,
            probability=assignment.probability,
        )
        for assignment in assignments
    )
    Task.objects.filter(pk__in=[task.pk for task in tasks]).update(live=F("live") + each)


def make_job(campaign: Campaign) -> Job:
    """Make a claimed job for a round."""
    return claimed_job(campaign)


def _truth(task: Task, first: int) -> str:
    return LIGHT if is_light(task.clip_id - first) else DARK
