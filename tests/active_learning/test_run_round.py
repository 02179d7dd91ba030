"""The command: a round here and now, and a round repeated to the last bit."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from active_learning.features import EXTRACTORS
from active_learning.models import Round, RoundState
from annotation.models import Campaign
from consent import review
from consent.models import Consent
from jobs.models import Job
from tests.active_learning.making import make_labels, make_seen_campaign
from tests.factories import make_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def seen(db: None) -> Campaign:
    campaign = make_seen_campaign(clips=24, people=2)
    make_labels(campaign, list(campaign.tasks.most_wanted_first()[:16]))
    return campaign


def run_round(*args: str) -> str:
    out = StringIO()
    call_command("run_round", *args, stdout=out)
    return out.getvalue()


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_it_tells_of_every_step(seen: Campaign) -> None:
    said = run_round(str(seen.pk))

    row = Round.objects.get()
    assert row.state == RoundState.DONE
    assert Job.objects.get(kind="round").state == Job.State.DONE
    for words in ("48 labels on 16 clips", "Fitting the learner", row.output_sha256):
        assert words in said


def test_a_replay_gives_the_same_bytes_and_writes_nothing(seen: Campaign) -> None:
    run_round(seen.name)
    rows, kept = list(Round.objects.values()), files(settings.LEARNER_ROOT)
    order = list(seen.tasks.order_by("pk").values())

    said = run_round(seen.name, "--replay", "1")

    assert "the bytes match" in said
    assert (list(Round.objects.values()), files(settings.LEARNER_ROOT)) == (rows, kept)
    assert list(seen.tasks.order_by("pk").values()) == order


def test_labels_that_came_later_do_not_change_a_replay(seen: Campaign) -> None:
    run_round(seen.name)
    make_labels(seen, list(seen.tasks.filter(live=0)[:5]), value="dark")

    assert "the bytes match" in run_round(seen.name, "--replay", "1")


def test_a_replay_reads_the_clips_again_where_the_cache_is_gone(seen: Campaign) -> None:
    run_round(seen.name)
    for path in settings.FEATURE_ROOT.rglob("*.npy"):
        path.unlink()

    assert "the bytes match" in run_round(seen.name, "--replay", "1")


def test_a_replay_says_when_the_bytes_differ(seen: Campaign) -> None:
    run_round(seen.name)
    Round.objects.update(output_sha256="0" * 64)

    with pytest.raises(CommandError, match="The bytes differ"):
        run_round(seen.name, "--replay", "1")


def test_a_replay_is_refused_when_somebody_no_longer_consents(seen: Campaign) -> None:
    run_round(seen.name)
    consent = Consent.objects.filter(state="approved")[0]
    review.withdraw(consent, None)

    with pytest.raises(CommandError, match="no longer consented"):
        run_round(seen.name, "--replay", "1")


def test_a_replay_is_refused_when_its_snapshot_was_changed(seen: Campaign) -> None:
    run_round(seen.name)
    for path in settings.LEARNER_ROOT.rglob("*.jsonl.gz"):
        path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(CommandError, match="snapshot"):
        run_round(seen.name, "--replay", "1")


def test_a_replay_is_refused_when_its_features_are_no_longer_here(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_round(seen.name)
    newer = replace(EXTRACTORS["image"], version=99)
    monkeypatch.setitem(EXTRACTORS, "image", newer)

    with pytest.raises(CommandError, match="image clips have face-image-99 now"):
        run_round(seen.name, "--replay", "1")


def test_a_round_that_is_not_there_is_not_repeated(seen: Campaign) -> None:
    with pytest.raises(CommandError, match="no finished round 7"):
        run_round(seen.name, "--replay", "7")


def test_a_round_that_a_worker_runs_is_left_to_it(seen: Campaign) -> None:
    Job.objects.create(kind="round", dedupe_key=f"round:{seen.pk}", state=Job.State.RUNNING)

    with pytest.raises(CommandError, match="A worker runs a round"):
        run_round(seen.name)
    assert not Round.objects.exists()


def test_a_draft_has_no_rounds() -> None:
    draft = make_campaign(running=False)

    with pytest.raises(CommandError, match="start it first"):
        run_round(draft.name)
