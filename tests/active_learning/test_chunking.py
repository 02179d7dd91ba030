"""Chunks of a round's prediction: by whomever, in whatever order, the same bytes."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from django.conf import settings

from active_learning import chunking, chunks, predicting, records, rounds
from active_learning.gathered import Gathered
from active_learning.models import Round, RoundState, Step, Trigger
from active_learning.predicting import Plan
from annotation.models import Campaign
from jobs import claims
from jobs.models import Job
from tests.active_learning.making import make_job, make_labels, make_seen_campaign
from tests.active_learning.test_rounds import Killed, killer, queue, run, seen, undone, withdraw

__all__ = ["seen"]

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cut the twelve candidates into three chunks."""
    monkeypatch.setattr(predicting, "CHUNK", 5)
    chunking._plan.cache_clear()
    yield
    chunking._plan.cache_clear()


def leave(number: int) -> Any:
    """Return a Plan.ensure that dies before the chunk with this number."""
    ensure = Plan.ensure

    def dying(plan: Plan, folder: Any, at: int) -> None:
        if at == number:
            raise Killed
        ensure(plan, folder, at)

    return dying


def chunk_files() -> list[Any]:
    return sorted(settings.LEARNER_ROOT.rglob("chunk-*.bin"))


def free_jobs() -> None:
    """Let the leases of dead workers be over."""
    Job.objects.filter(kind=chunking.KIND, state=Job.State.RUNNING).update(state=Job.State.FAILED)


def test_a_round_killed_between_chunks_keeps_what_is_done(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    with undone():
        wanted, order = run(seen).output_sha256, queue(seen)
    before, job = queue(seen), make_job(seen)
    with monkeypatch.context() as patched:
        patched.setattr(Plan, "ensure", leave(1))
        with pytest.raises(Killed):
            run(seen, job)
    assert (Round.objects.get().step, queue(seen)) == (Step.PREDICT, before)
    (kept,) = chunk_files()
    written = kept.stat().st_mtime_ns
    free_jobs()

    def unchanged(step: Step, found: str) -> None:
        if step == Step.RANK and not found:
            assert kept.stat().st_mtime_ns == written

    assert run(seen, job, unchanged).output_sha256 == wanted
    assert queue(seen) == order


def test_another_worker_makes_the_same_bytes(seen: Campaign) -> None:
    contents: list[bytes] = []

    def help_out(step: Step, found: str) -> None:
        if step != Step.PREDICT or found:
            return
        row = Round.objects.get()
        for number in (2, 0, 1):
            chunking.take_part(row.pk, records.chunks_key(row), number)
        contents.extend(path.read_bytes() for path in chunk_files())
        raise Killed

    with undone():
        wanted = run(seen).output_sha256
    job = make_job(seen)
    with pytest.raises(Killed):
        run(seen, job, help_out)

    assert len(contents) == 3
    assert run(seen, job).output_sha256 == wanted


def test_a_damaged_chunk_is_predicted_again(seen: Campaign) -> None:
    with undone():
        wanted = run(seen).output_sha256
    job = make_job(seen)

    def damage(step: Step, found: str) -> None:
        if step == Step.PREDICT and not found:
            row = Round.objects.get()
            for number in range(3):
                chunking.take_part(row.pk, records.chunks_key(row), number)
            chunk_files()[1].write_bytes(chunk_files()[1].read_bytes()[:-9])

    assert run(seen, job, damage).output_sha256 == wanted


def test_a_chunk_that_others_gave_up_is_done_by_the_round(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim, job = claims.claim, make_job(seen)

    def fail_once(pk: int) -> Job | None:
        monkeypatch.setattr(claims, "claim", claim)
        Job.objects.filter(pk=pk).update(state=Job.State.FAILED)
        return None

    monkeypatch.setattr(claims, "claim", fail_once)

    assert run(seen, job).state == RoundState.DONE


def test_a_full_disk_fails_the_round_clearly_and_the_next_one_succeeds(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before, job = queue(seen), make_job(seen)
    with monkeypatch.context() as patched:
        patched.setattr(chunks, "write", full)
        with pytest.raises(rounds.RoundFailedError):
            run(seen, job)

    row = Round.objects.get()
    assert row.state == RoundState.FAILED
    assert "No space left on device" in row.error
    assert queue(seen) == before
    assert run(seen, job).state == RoundState.DONE


def test_a_vector_that_is_no_number_fails_the_round_clearly_and_the_next_one_succeeds(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, job = queue(seen), make_job(seen)
    matrix = Gathered.matrix
    with monkeypatch.context() as patched:
        patched.setattr(Gathered, "matrix", lambda *given: matrix(*given) * np.float32("nan"))
        with pytest.raises(rounds.RoundFailedError, match="not finite"):
            run(seen, job)

    assert Round.objects.get().state == RoundState.FAILED
    assert queue(seen) == before
    assert run(seen, job).state == RoundState.DONE


def test_a_worker_does_not_read_a_clip_whose_people_no_longer_consent(seen: Campaign) -> None:
    with pytest.raises(Killed):
        run(seen, make_job(seen), killer(Step.RANK))
    row = Round.objects.get()
    Round.objects.update(step=Step.PREDICT)
    key = records.chunks_key(row)
    records.drop_chunks(row)
    withdraw(seen.tasks.filter(live=0)[0])

    with pytest.raises(claims.JobFailedError, match="lost their consent"):
        chunking.take_part(row.pk, key, 0)


def test_a_chunk_of_a_round_that_is_over_is_left_alone(seen: Campaign) -> None:
    row = run(seen)

    chunking.take_part(row.pk, records.chunks_key(row), 0)

    assert not chunk_files()


def test_what_a_worker_left_that_died_at_the_end_goes_with_the_next_round(
    seen: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(row: Round) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(records, "drop_chunks", die)
        with pytest.raises(Killed):
            run(seen)
    assert Round.objects.get().state == RoundState.DONE
    assert chunk_files()

    run(seen)

    assert not chunk_files()


def test_half_files_of_the_dead_go_with_the_next_round_and_those_of_the_living_stay(
    seen: Campaign,
) -> None:
    folder = settings.LEARNER_ROOT / f"campaign-{seen.pk}"
    (folder / "tmpdead").mkdir(parents=True)
    (folder / "tmpdead" / "learner").touch()
    for name in ("tmphalf.part", "tmpnew.part"):
        (folder / name).touch()
    for name in ("tmpdead", "tmphalf.part"):
        os.utime(folder / name, (0, 0))

    run(seen)

    assert [path.name for path in folder.glob("tmp*")] == ["tmpnew.part"]


def test_each_step_says_when_it_began_and_how_long_it_took(seen: Campaign) -> None:
    steps = run(seen).manifest["steps"]

    assert [one["step"] for one in steps] == [step for step in Step if step != Step.DONE]
    assert all(one["seconds"] >= 0 and one["began"] for one in steps)


def test_a_few_candidates_of_people_kept_apart_are_picked_by_chance_alone(db: None) -> None:
    campaign = make_seen_campaign(clips=48, people=12, redundancy=5, test_share=0.25)
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:24]), each=5)

    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))

    apart = {one.task for one in records.load_snapshot(row).pool if one.held_out}
    batch = row.manifest["batch"]
    assert apart
    pairs = zip(batch["tasks"], batch["reasons"], strict=True)
    assert {reason for task, reason in pairs if task in apart} <= {"audit"}


def test_what_is_written_is_read_again_and_damage_is_seen(tmp_path: Any) -> None:
    path = chunks.path_of(tmp_path, 3)
    arrays = {"places": np.eye(3, dtype=np.float32), "utilities": np.arange(3.0)}
    chunks.write(path, arrays)

    back = chunks.read(path)
    assert {name: array.tolist() for name, array in back.items()} == {
        name: array.tolist() for name, array in arrays.items()
    }
    for at in range(0, path.stat().st_size, 37):
        content = bytearray(path.read_bytes())
        content[at] ^= 1
        other = tmp_path / "other"
        other.write_bytes(bytes(content))
        assert not chunks.is_whole(other)
