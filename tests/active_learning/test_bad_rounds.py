"""Rounds with bad vectors, labels or files: said on their page, harmless, and over once mended."""

from __future__ import annotations

import errno
import hashlib
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from skops import io as skops_io

from active_learning import chunking, foretold, own_vectors, predicting, rounds, triggering
from active_learning.models import Round, RoundState, Step, Trigger, VectorSet
from annotation.models import Campaign, Collection
from jobs.models import Job
from jobs.running import run_due
from tests.active_learning.making import DARK, LIGHT, is_light, make_job, make_labels
from tests.active_learning.test_rounds import Killed, queue, undone, withdraw
from tests.factories import make_campaign, make_collection

pytestmark = pytest.mark.django_db

CLIPS, LABELLED, PEOPLE = 44, 24, 4

FULL = "A file of the round could not be written or read: No space left on device. Make room"

Change = Callable[[Campaign], object]


class Fault(NamedTuple):
    """What goes wrong, what the page says then, and how it is mended."""

    spoil: Change
    says: str
    mend: Change


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Cut the twenty candidates into three chunks."""
    monkeypatch.setattr(predicting, "CHUNK", 8)
    chunking._plan.cache_clear()
    yield
    chunking._plan.cache_clear()


@pytest.fixture
def unlabelled(tmp_path: Path) -> Campaign:
    """A campaign that learns from own vectors."""
    collection = make_collection(CLIPS, people=PEOPLE)
    bring(collection, tmp_path)
    return make_campaign(collection, options=[LIGHT, DARK], redundancy=3, vectors="mine", warm_up=5)


@pytest.fixture
def campaign(unlabelled: Campaign) -> Campaign:
    """The same, with labels enough."""
    make_labels(unlabelled, list(unlabelled.tasks.order_by("pk")[:LABELLED]))
    return unlabelled


def bring(collection: Collection, folder: Path, dimension: int = 4) -> None:
    """Bring the next version of the vectors, whose first number tells light from dark."""
    clips = list(collection.clips.order_by("pk").values_list("external_id", flat=True))
    vectors = np.random.default_rng(1).normal(0, 0.4, (len(clips), dimension))
    vectors[:, 0] += [2 * is_light(number) for number in range(len(clips))]
    np.savez(folder / "own.npz", ids=np.array(clips), vectors=vectors)
    own_vectors.bring(collection, "mine", folder / "own.npz", None)


def ask(campaign: Campaign) -> Round:
    """Ask for a round as the page does, let the workers do what is due, and return it."""
    triggering.enqueue_round(campaign, Trigger.HAND)
    run_due()
    return Round.objects.latest()


def page(campaign: Campaign, *, number: int = 0) -> str:
    """Return the page of a round, or of all, as its researcher reads it."""
    client = Client()
    client.force_login(campaign.owner)
    where = (
        reverse("active_learning:round", args=[campaign.pk, number])
        if number
        else reverse("active_learning:rounds", args=[campaign.pk])
    )
    return " ".join(client.get(where).content.decode().replace("&#x27;", "'").split())


def stored(part: str) -> Path:
    (file,) = Path(settings.FEATURE_ROOT).glob(f"own/*/mine-1-*.{part}.npy")
    return file


def put(value: float, at: int) -> Change:
    """Write a number into the stored vectors behind the back of whoever checks them."""

    def spoil(_campaign: Campaign) -> None:
        rows = np.load(stored("vectors"), mmap_mode="r+")
        rows[at, 1] = value
        rows.flush()

    return spoil


def narrow(_campaign: Campaign) -> None:
    np.save(stored("vectors"), np.ones((CLIPS, 3), dtype=np.float32))


def remove_set(_campaign: Campaign) -> None:
    VectorSet.objects.all().delete()


def remove_files(_campaign: Campaign) -> None:
    stored("vectors").unlink()


def bring_again(campaign: Campaign) -> None:
    bring(campaign.collection, Path(settings.MEDIA_ROOT).parent)


FAULTS = {
    "a labelled clip's vector has NaN": Fault(
        put(np.nan, 3), "has a number that is not finite", bring_again
    ),
    "a candidate's vector has NaN": Fault(
        put(np.nan, 40), "has a number that is not finite", bring_again
    ),
    "a vector is infinite": Fault(put(np.inf, 40), "has a number that is not finite", bring_again),
    "the stored vectors are of another width": Fault(narrow, "not what was brought", bring_again),
    "the set of vectors was deleted": Fault(
        remove_set, "The collection has no vectors called 'mine'. Bring them", bring_again
    ),
    "the file of the vectors is gone": Fault(remove_files, "cannot be read", bring_again),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_fails_the_round_in_words_and_the_next_one_succeeds(
    campaign: Campaign, fault: Fault
) -> None:
    before = queue(campaign)
    fault.spoil(campaign)

    row = ask(campaign)

    assert row.state == RoundState.FAILED, row.error
    assert fault.says in page(campaign, number=1)
    assert fault.says in page(campaign)
    assert queue(campaign) == before
    fault.mend(campaign)
    after = ask(campaign)
    assert (after.number, after.state) == (2, RoundState.DONE)
    assert fault.says not in page(campaign, number=2)


# So many clips are called dark, and the rest light.
POOR = {
    "labels of one class": (0, "The labels do not tell two classes apart yet."),
    "a class with one example": (1, "A class has fewer than 5 labels."),
}


@pytest.mark.parametrize("learner", ["logistic", "boosting", "network", "committee"])
@pytest.mark.parametrize(("dark", "says"), POOR.values(), ids=POOR.keys())
def test_with_poor_labels_a_round_spreads_out_and_says_so(
    unlabelled: Campaign, learner: str, dark: int, says: str
) -> None:
    campaign = unlabelled
    Campaign.objects.update(learner=learner)
    tasks = list(campaign.tasks.order_by("pk")[:LABELLED])
    make_labels(campaign, tasks[:dark], value=DARK)
    make_labels(campaign, tasks[dark:], value=LIGHT)

    row = ask(campaign)

    assert row.state == RoundState.DONE, row.error
    assert says in page(campaign, number=1)
    assert says in page(campaign)
    assert {reason for _, _, reason, _ in queue(campaign)} <= {"cold-start", "audit", "rest"}


@pytest.mark.parametrize("learner", ["logistic", "boosting", "network", "committee"])
def test_a_learner_may_be_wanted_from_one_example_of_a_class(
    unlabelled: Campaign, learner: str
) -> None:
    Campaign.objects.update(learner=learner, warm_up=0)
    tasks = list(unlabelled.tasks.order_by("pk")[:LABELLED])
    make_labels(unlabelled, tasks[:1], value=DARK)
    make_labels(unlabelled, tasks[1:], value=LIGHT)

    row = ask(unlabelled)

    assert row.state == RoundState.DONE, row.error


def spoil_at(step: Step, spoil: Change) -> Any:
    """Return what changes a file when a round comes to `step`, and kills its worker."""

    def watch(now: Step, found: str) -> None:
        if now == step and not found:
            spoil(Campaign.objects.get())
            raise Killed

    return watch


def learner_file() -> Path:
    (file,) = Path(settings.LEARNER_ROOT).rglob("*.skops")
    return file


def flip_a_byte(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))


def known_as_written(file: Path) -> None:
    """Have the row vouch for a file that somebody else put there."""
    Round.objects.update(learner_sha256=hashlib.sha256(file.read_bytes()).hexdigest())


class Bomb:
    """Makes a folder when it is unpickled."""

    def __reduce__(self) -> Any:
        return os.mkdir, (str(Path(settings.LEARNER_ROOT) / "exploded"),)


def change_a_byte(_campaign: Campaign) -> None:
    flip_a_byte(learner_file())


def put_a_pickle(_campaign: Campaign) -> None:
    learner_file().write_bytes(pickle.dumps(Bomb()))


def put_a_vouched_pickle(campaign: Campaign) -> None:
    put_a_pickle(campaign)
    known_as_written(learner_file())


def put_another_type(_campaign: Campaign) -> None:
    learner_file().write_bytes(skops_io.dumps({"learner": os.path.join}))
    known_as_written(learner_file())


def put_another_state(_campaign: Campaign) -> None:
    learner_file().write_bytes(skops_io.dumps({"learner": "logistic-1", "members": "none"}))
    known_as_written(learner_file())


def delete_it(_campaign: Campaign) -> None:
    learner_file().unlink()


TAMPERED = {
    "one byte is changed": change_a_byte,
    "it is a pickle": put_a_pickle,
    "it is a pickle that the row vouches for": put_a_vouched_pickle,
    "another type is inside": put_another_type,
    "another state is inside": put_another_state,
    "it is gone": delete_it,
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_a_learner_that_was_tampered_with_is_not_opened_but_fitted_again(
    campaign: Campaign, tamper: Change
) -> None:
    with undone():
        wanted = ask(campaign).output_sha256
    before, job = queue(campaign), make_job(campaign)
    with pytest.raises(Killed):
        rounds.run(campaign, Trigger.HAND, job, spoil_at(Step.EVALUATE, tamper))
    assert queue(campaign) == before

    row = rounds.run(campaign, Trigger.HAND, job)

    assert (row.state, row.output_sha256) == (RoundState.DONE, wanted)
    assert "It was not opened; the learner was fitted again." in page(campaign, number=1)
    assert not (Path(settings.LEARNER_ROOT) / "exploded").exists()


def spoil_snapshot(_campaign: Campaign) -> None:
    (file,) = Path(settings.LEARNER_ROOT).rglob("round-1-*.jsonl.gz")
    flip_a_byte(file)


def remove_set_at_work(campaign: Campaign) -> None:
    """Take the vectors away from under a round: a new version came, and the old one is removed."""
    bring_again(campaign)
    own_vectors.remove(VectorSet.objects.get(version=1), campaign.owner)


LATE = {
    "the snapshot is damaged": (Step.FEATURES, spoil_snapshot, "The snapshot round-1-"),
    "the vectors were replaced": (Step.FIT, remove_set_at_work, "The vectors mine-1 were removed"),
}


@pytest.mark.parametrize(("step", "spoil", "says"), LATE.values(), ids=LATE.keys())
def test_what_goes_wrong_under_a_round_fails_it_when_it_is_taken_up(
    campaign: Campaign, step: Step, spoil: Change, says: str
) -> None:
    before, job = queue(campaign), make_job(campaign)
    with pytest.raises(Killed):
        rounds.run(campaign, Trigger.HAND, job, spoil_at(step, spoil))

    with pytest.raises(rounds.RoundFailedError):
        rounds.run(campaign, Trigger.HAND, job)

    assert says in page(campaign, number=1)
    assert queue(campaign) == before
    Job.objects.update(state=Job.State.FAILED)
    assert ask(campaign).state == RoundState.DONE


def test_a_damaged_chunk_costs_its_prediction_again_and_nothing_else(campaign: Campaign) -> None:
    with undone():
        wanted = ask(campaign).output_sha256
    job = make_job(campaign)

    def damage(_campaign: Campaign) -> None:
        for file in Path(settings.LEARNER_ROOT).rglob("chunk-*.bin"):
            flip_a_byte(file)

    with pytest.raises(Killed):
        rounds.run(campaign, Trigger.HAND, job, spoil_at(Step.RANK, damage))
    Round.objects.update(step=Step.PREDICT)

    row = rounds.run(campaign, Trigger.HAND, job)

    assert (row.state, row.output_sha256) == (RoundState.DONE, wanted)


def test_a_damaged_file_of_what_was_foretold_holds_up_no_round(campaign: Campaign) -> None:
    first = ask(campaign)
    file = Path(settings.LEARNER_ROOT) / first.manifest["foretold"]
    file.write_bytes(file.read_bytes()[:200])
    make_labels(campaign, list(campaign.tasks.filter(live=0)[:4]))

    assert ask(campaign).state == RoundState.DONE
    assert foretold.of(first) == {}


# The snapshot, the learner, three chunks, and what was foretold: each is written in its turn.
@pytest.mark.parametrize("written_before", [0, 1, 3, 5])
def test_a_full_disk_fails_the_round_in_words_and_leaves_no_half_file(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, written_before: int
) -> None:
    fsync, room = os.fsync, iter(range(written_before))

    def fill(descriptor: int) -> None:
        if next(room, None) is None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    before = queue(campaign)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fill)
        row = ask(campaign)

    assert row.state == RoundState.FAILED, row.error
    assert FULL in page(campaign, number=1)
    assert queue(campaign) == before
    assert not list(Path(settings.LEARNER_ROOT).rglob("*.part"))
    assert ask(campaign).state == RoundState.DONE


def test_a_disk_too_full_to_join_the_chunks_fails_the_round_and_not_the_worker(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(*_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "posix_fallocate", fill)
        row = ask(campaign)

    assert (row.state, row.step) == (RoundState.FAILED, Step.PREDICT)
    assert FULL in page(campaign, number=1)
    assert ask(campaign).state == RoundState.DONE


@pytest.mark.parametrize("vectors", ["mine", ""])
def test_a_campaign_in_which_nobody_consents_any_more_says_so(
    campaign: Campaign, vectors: str
) -> None:
    Campaign.objects.update(vectors=vectors)
    for task in campaign.tasks.order_by("pk")[:PEOPLE]:
        withdraw(task)

    row = ask(campaign)

    assert (row.state, row.step) == (RoundState.FAILED, Step.SNAPSHOT)
    assert "nobody in them consents to its purpose" in page(campaign, number=1)
