"""Vectors of clips of several kinds in one space."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from django.conf import settings

from active_learning import rounds
from active_learning.features import EXTRACTORS
from active_learning.features.texts import TEXT_DIMENSION, TEXT_KEY
from active_learning.gathered import Gathered
from active_learning.gathering import gather
from active_learning.models import RoundState, Trigger
from active_learning.snapshots import Candidate, Snapshot
from annotation.models import Campaign, Clip
from tests.active_learning.making import draw_face, make_job, make_labels
from tests.factories import make_campaign, make_clip, make_collection, make_consenting_participant

pytestmark = pytest.mark.django_db


@pytest.fixture
def mixed(db: None) -> Campaign:
    """A campaign over eight pictures and eight sounds of two people."""
    collection = make_collection()
    for person in (make_consenting_participant(), make_consenting_participant()):
        for number in range(4):
            draw_face(make_clip(collection, person), light=number % 2 == 0, seed=number)
            sound = make_clip(collection, person, kind="audio", media=f"{person.pk}-{number}.wav")
            write_tone(sound, hertz=200 + 20 * number)
    return make_campaign(collection, options=["light", "dark"])


def write_tone(clip: Clip, hertz: int) -> None:
    path = Path(settings.MEDIA_ROOT) / clip.media
    samples = np.sin(np.arange(8000) / 16_000 * 2 * np.pi * hertz) * 20_000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())


def gathered(campaign: Campaign, **extractors: str) -> Gathered:
    tasks = campaign.tasks.select_related("clip").order_by("pk")
    pool = [
        Candidate(task.pk, task.clip.sha256, task.clip.kind, 1, None, begun=False)  # type: ignore[arg-type]
        for task in tasks
    ]
    extractors = {kind: one.key for kind, one in EXTRACTORS.items()} | extractors
    return gather(
        Snapshot([], 1, "logistic", "margin", 1.0, [], extractors, 5, 0.2, 50, [], pool),
        lambda _share, _what: None,
    )


def test_each_kind_has_its_own_columns_and_a_flag(mixed: Campaign) -> None:
    found = gathered(mixed)
    (picture, sound) = (
        mixed.tasks.filter(clip__kind=kind).first().pk  # type: ignore[union-attr]
        for kind in ("image", "audio")
    )

    rows = found.matrix([picture, sound])

    heard = EXTRACTORS["audio"].dimension
    assert rows.shape == (2, heard + EXTRACTORS["image"].dimension + 2)
    assert not rows[0, :heard].any()
    assert not rows[1, heard:-2].any()
    assert rows[:, -2:].tolist() == [[1.0, 0.0], [0.0, 1.0]]


def test_one_kind_alone_needs_no_flag(mixed: Campaign) -> None:
    mixed.tasks.filter(clip__kind="audio").delete()

    found = gathered(mixed)

    assert found.matrix(list(found.sources)).shape == (8, EXTRACTORS["image"].dimension)


def test_a_campaign_of_several_kinds_has_one_round_for_all(mixed: Campaign) -> None:
    make_labels(mixed, list(mixed.tasks.order_by("pk")[:10]))

    row = rounds.run(mixed, Trigger.HAND, make_job(mixed))

    assert row.state == RoundState.DONE
    assert set(row.manifest["extractors"]) == {"audio", "image"}
    assert row.metrics["unreadable"] == []


def test_a_transcript_has_a_block_beside_that_of_the_kind(mixed: Campaign) -> None:
    spoken = mixed.tasks.filter(clip__kind="audio").earliest("pk")
    spoken.clip.layers = {"transcript": "I am not angry!"}
    spoken.clip.save()
    make_labels(mixed, list(mixed.tasks.order_by("pk")[:10]))

    row = rounds.run(mixed, Trigger.HAND, make_job(mixed))

    assert row.manifest["extractors"]["text"] == TEXT_KEY
    found = gathered(mixed, text=TEXT_KEY)
    silent = mixed.tasks.filter(clip__kind="audio").latest("pk")
    with_text, without = found.matrix([spoken.pk, silent.pk])[:, -2 - TEXT_DIMENSION : -2]
    assert with_text.any()
    assert not without.any()
