"""Clips looked at in parts, by whomever; what is deadly, missing or damaged stops no round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from active_learning import extracting, rounds
from active_learning.features import EXTRACTORS, looking
from active_learning.models import Round, RoundState, Step, Trigger
from annotation.media.worker import Reader
from annotation.models import Campaign, Clip
from jobs import claims
from jobs.models import Job
from jobs.queue import enqueue
from jobs.running import run_due
from tests.active_learning.features.deadly import MODULE
from tests.active_learning.features.test_networks import needs_torch, script
from tests.active_learning.making import make_job, make_seen_campaign
from tests.active_learning.test_gathering import gathered
from tests.active_learning.test_rounds import Killed, killer, withdraw

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning"),
]

CLIPS = 7


@pytest.fixture
def seen(db: None, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    """A campaign over seven clips, which are looked at in three parts."""
    monkeypatch.setattr(extracting, "PART", 3)
    return make_seen_campaign(clips=CLIPS)


@pytest.fixture
def risky(monkeypatch: pytest.MonkeyPatch) -> Iterator[Reader]:
    reader = Reader(MODULE)
    monkeypatch.setattr(looking, "reader", reader)
    yield reader
    reader.drop()


def run(campaign: Campaign, job: Job | None = None) -> Round:
    return rounds.run(campaign, Trigger.HAND, job or make_job(campaign))


def tasks(campaign: Campaign) -> list[int]:
    return list(campaign.tasks.order_by("pk").values_list("pk", flat=True))


def vectors() -> list[Path]:
    return sorted(Path(settings.FEATURE_ROOT).rglob("*.npy"))


def page(row: Round) -> str:
    client = Client()
    client.force_login(row.campaign.owner)
    address = reverse("active_learning:round", args=[row.campaign_id, row.number])
    return client.get(address).content.decode()


def rename(clip: Clip, name: str) -> Clip:
    """Call a clip's file what the risky reader knows."""
    old = clip.media_path
    clip.media = str(Path(clip.media).with_name(name))
    clip.save()
    old.rename(clip.media_path)
    return clip


def test_a_clip_that_ends_its_reader_is_named_and_all_others_have_vectors(
    seen: Campaign, risky: Reader
) -> None:
    bad = rename(seen.tasks.order_by("pk")[4].clip, "deadly.png")

    row = run(seen)

    assert row.state == RoundState.DONE
    assert row.metrics["unreadable"] == [bad.external_id]
    assert "deadly.png brought the reader down" in row.manifest["unreadable"][bad.external_id]
    assert "deadly.png brought the reader down" in page(row)
    assert len(vectors()) == CLIPS - 1


def test_a_clip_that_was_refused_is_not_looked_at_again(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen.tasks.order_by("pk")[4].clip.media_path.write_text("no picture")
    first = run(seen)
    monkeypatch.setattr(looking.reader, "ask", pytest.fail)

    second = run(seen)

    assert len(second.manifest["unreadable"]) == 1
    assert second.manifest["unreadable"] == first.manifest["unreadable"]


def test_a_clip_whose_file_is_away_is_named_and_looked_at_in_the_next_round(
    seen: Campaign,
) -> None:
    clip = seen.tasks.order_by("pk")[4].clip
    content = clip.media_path.read_bytes()
    clip.media_path.unlink()
    first = run(seen)
    clip.media_path.write_bytes(content)

    second = run(seen)

    assert "cannot be opened" in first.manifest["unreadable"][clip.external_id]
    assert second.manifest["unreadable"] == {}
    assert len(vectors()) == CLIPS


def test_a_round_that_cannot_use_the_network_fails_clearly_and_the_next_one_succeeds(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(seen)
    monkeypatch.setitem(settings.NETWORKS, "face", "/nowhere/face.pt")
    with pytest.raises(rounds.RoundFailedError, match="no network at /nowhere"):
        run(seen, job)
    monkeypatch.undo()

    assert run(seen, job).state == RoundState.DONE


def test_a_round_whose_features_are_replaced_meanwhile_fails_clearly_and_the_next_one_succeeds(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make_job(seen)
    with pytest.raises(Killed):
        rounds.run(seen, Trigger.HAND, job, killer(Step.FEATURES))
    with monkeypatch.context() as patched:
        newer = replace(EXTRACTORS["image"], version=99)
        patched.setitem(EXTRACTORS, "image", newer)
        with pytest.raises(rounds.RoundFailedError, match="face-image-1 are no longer here"):
            run(seen, job)

    assert run(seen, job).state == RoundState.DONE


def test_a_worker_whose_reader_is_of_another_version_leaves_its_part_to_the_round(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = replace(EXTRACTORS["image"], version=0)
    monkeypatch.setitem(EXTRACTORS, "image", older)
    job = enqueue(extracting.KIND, tasks=tasks(seen))

    run_due()

    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "was replaced meanwhile. Restart the workers" in job.error
    assert not vectors()


@needs_torch
def test_a_round_learns_from_what_a_network_sees(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    network = script(tmp_path / "face.pt", "return x.flatten(1)[:, :9]")
    monkeypatch.setitem(settings.NETWORKS, "face", str(network))

    row = run(seen)

    assert row.manifest["extractors"]["image"].startswith("torch-image-")
    assert {np.load(path).shape for path in vectors()} == {(9,)}


def test_a_damaged_vector_is_counted_and_made_anew(seen: Campaign) -> None:
    sound = run(seen)
    flipped, cut = vectors()[0], vectors()[3]
    whole = flipped.read_bytes()
    flipped.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    cut.write_bytes(cut.read_bytes()[:1000])

    row = run(seen)

    assert (sound.manifest["damaged"], row.manifest["damaged"]) == (0, 2)
    assert flipped.read_bytes() == whole
    assert "The features of 2 clips were damaged" in page(row)


def test_a_round_killed_between_parts_keeps_what_is_done(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = looking.reader.ask
    looked: list[str] = []

    def dying(request: dict[str, Any], seconds: float) -> Any:
        looked.append(request["path"])
        if len(looked) == 5:
            raise Killed
        return ask(request, seconds)

    job = make_job(seen)
    monkeypatch.setattr(looking.reader, "ask", dying)
    with pytest.raises(Killed):
        run(seen, job)
    assert Round.objects.get().step == Step.FEATURES
    Job.objects.filter(kind=extracting.KIND, state=Job.State.RUNNING).update(state=Job.State.FAILED)

    row = run(seen, job)

    assert (row.state, row.metrics["unreadable"]) == (RoundState.DONE, [])
    assert len(looked) == CLIPS + 1  # The one that was being looked at, twice.


def test_other_workers_take_parts(seen: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, taken = claims.claim, []

    def elsewhere(pk: int) -> Job | None:
        """Let another worker be quicker with everything."""
        monkeypatch.setattr(claims, "claim", claim)
        run_due()
        taken.extend(vectors())
        return None

    monkeypatch.setattr(claims, "claim", elsewhere)

    extracting.extract(tasks(seen), lambda _done: None)

    assert len(taken) == CLIPS
    assert set(Job.objects.values_list("kind", "state")) == {(extracting.KIND, Job.State.DONE)}


def test_how_far_it_is_is_told_in_clips(seen: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(rounds, "report_progress", lambda _job, _share, what: told.append(what))

    run(seen)

    looking_at = [what for what in told if what.startswith("Looking at the clips:")]
    assert looking_at[0] == "Looking at the clips: 0 of 7"
    assert looking_at[-1] == "Looking at the clips: 7 of 7"
    assert "Looking at the clips: 3 of 7" in looking_at


def test_nobody_looks_at_a_clip_whose_people_take_their_consent_back_meanwhile(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = seen.tasks.latest("pk")
    ask = looking.reader.ask
    looked: list[str] = []

    def withdrawn_after_the_first(request: dict[str, Any], seconds: float) -> Any:
        if not looked:
            withdraw(last)
        looked.append(request["path"])
        return ask(request, seconds)

    monkeypatch.setattr(looking.reader, "ask", withdrawn_after_the_first)

    found = gathered(seen)

    assert str(last.clip.media_path) not in looked
    assert len(looked) == CLIPS - 1
    assert last.pk in found.withheld
