"""Clips looked at in parts, by whomever; what is deadly, missing or damaged stops no round."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from active_learning import extracting, rounds
from active_learning.features import looking
from active_learning.models import Round, RoundState, Step, Trigger
from annotation.media.worker import Reader
from annotation.models import Campaign, Clip
from jobs import claims
from jobs.models import Job
from jobs.running import run_due
from tests.active_learning.features.deadly import MODULE
from tests.active_learning.making import make_job, make_seen_campaign
from tests.active_learning.test_gathering import gathered
from tests.active_learning.test_rounds import withdraw

pytestmark = pytest.mark.django_db

CLIPS = 7


class Killed(BaseException):
    """The process ends here."""


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


def test_a_damaged_vector_is_counted_and_made_anew(seen: Campaign) -> None:
    sound = run(seen)
    flipped, cut = vectors()[0], vectors()[3]
    whole = flipped.read_bytes()
    flipped.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    cut.write_bytes(cut.read_bytes()[:1000])

    row = run(seen)

    assert (sound.manifest["damaged"], row.manifest["damaged"]) == (0, 2)
    assert flipped.read_bytes() == whole
    client = Client()
    client.force_login(seen.owner)
    page = client.get(reverse("active_learning:round", args=[seen.pk, row.number]))
    assert "The features of 2 clips were damaged" in page.content.decode()


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
