"""After a withdrawal no file knows the clip any more: not its vectors, not what was foretold."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.utils import timezone

from active_learning import foretold, forgetting, own_vectors
from active_learning.features import EXTRACTORS
from active_learning.models import Round, RoundState, VectorSet
from active_learning.own_vectors import Stored
from annotation.models import Campaign, Clip, Collection
from audit.models import Event
from consent import review
from consent.models import Consent, Participant, Purpose
from jobs.models import Job
from jobs.running import run_due
from tests.active_learning.making import is_light, make_labels, make_seen_campaign
from tests.active_learning.test_bad_rounds import ask
from tests.factories import make_campaign, make_collection, make_consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A campaign with own vectors in two versions, and a round that foretold its clips."""
    collection = make_collection(40, people=5)
    bring(collection, tmp_path, seed=1)
    bring(collection, tmp_path, seed=2)
    campaign = make_campaign(
        collection, options=["light", "dark"], redundancy=3, vectors="mine", warm_up=1
    )
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:24]))
    assert ask(campaign).state == RoundState.DONE
    return campaign


def bring(collection: Collection, folder: Path, seed: int) -> None:
    clips = list(collection.clips.order_by("pk").values_list("external_id", flat=True))
    vectors = np.random.default_rng(seed).normal(0, 0.4, (len(clips), 4))
    vectors[:, 0] += [2 * is_light(number) for number in range(len(clips))]
    np.savez(folder / "own.npz", ids=np.array(clips), vectors=vectors)
    own_vectors.bring(collection, "mine", folder / "own.npz", None)
    (folder / "own.npz").unlink()


def withdraw(person: Participant) -> None:
    """Withdraw all that a person allowed, and let the workers do what is due."""
    for consent in person.consents.filter(state="approved"):
        review.withdraw(consent, None)
    run_due()


def vectors_of(clip: Clip) -> list[bytes]:
    """Return the bytes of a clip's vector in every version."""
    sets = [Stored(row) for row in VectorSet.objects.all()]
    return [one.take(one.places(np.array([clip.pk])).tolist()).tobytes() for one in sets]


def is_on_disk(content: bytes) -> bool:
    folders = (Path(settings.FEATURE_ROOT), Path(settings.LEARNER_ROOT))
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return any(content in file.read_bytes() for file in files)


def split(campaign: Campaign) -> tuple[Participant, list[Clip], list[Clip]]:
    """Return a person, their clips and everybody else's."""
    person = Participant.objects.filter(clips__tasks__campaign=campaign)[0]
    clips = campaign.collection.clips
    return person, list(clips.filter(participants=person)), list(clips.exclude(participants=person))


def test_no_file_holds_a_vector_of_theirs_and_every_one_of_the_others(campaign: Campaign) -> None:
    person, theirs, others = split(campaign)
    known = {clip: vectors_of(clip) for clip in [*theirs, *others]}
    assert all(is_on_disk(vector) for vectors in known.values() for vector in vectors)

    withdraw(person)

    assert not any(is_on_disk(vector) for clip in theirs for vector in known[clip])
    assert all(vectors_of(clip) == known[clip] for clip in others)
    assert [row.n for row in VectorSet.objects.all()] == [32, 32]


def test_what_was_foretold_of_them_is_gone_and_the_rest_as_it_was(campaign: Campaign) -> None:
    person, theirs, _others = split(campaign)
    before = foretold.of(Round.objects.get())
    tasks = set(campaign.tasks.filter(clip__in=theirs).values_list("pk", flat=True))
    assert tasks & before.keys()
    campaign.tasks.update(suggestion={"light": 1.0}, foretold="light", target=1, live=0)

    withdraw(person)

    after = foretold.of(Round.objects.get())
    assert after.keys() == before.keys() - tasks
    assert all((after[task] == before[task]).all() for task in after)
    assert set(campaign.tasks.filter(suggestion__isnull=True).values_list("pk", flat=True)) == tasks
    assert set(campaign.tasks.filter(foretold="").values_list("pk", flat=True)) == tasks


def test_the_next_round_learns_from_the_others(campaign: Campaign) -> None:
    person, _theirs, _others = split(campaign)

    withdraw(person)

    row = ask(campaign)
    assert (row.number, row.state) == (2, RoundState.DONE), row.error
    assert row.metrics["unreadable"] == []


def test_cached_features_of_the_clip_and_of_what_is_said_in_it_are_removed() -> None:
    campaign = make_seen_campaign(clips=8, people=2)
    for number, clip in enumerate(campaign.collection.clips.all()):
        Clip.objects.filter(pk=clip.pk).update(layers={"transcript": f"I am number {number}."})
    ask(campaign)
    person, theirs, others = split(campaign)
    assert len(cached()) == 2 * (len(theirs) + len(others))

    withdraw(person)

    assert len(cached()) == 2 * len(others)
    pictures = {file.stem for file in cached() if EXTRACTORS["image"].key in str(file)}
    assert pictures == {clip.sha256 for clip in others}


def cached() -> list[Path]:
    return list(Path(settings.FEATURE_ROOT).rglob("*.npy"))


def test_a_clip_that_all_still_allow_for_something_stays(campaign: Campaign) -> None:
    person, theirs, _others = split(campaign)
    wider = make_consent(person, purposes=[Purpose.METHOD_DEVELOPMENT])
    review.approve(wider, None)
    known = vectors_of(theirs[0])

    review.withdraw(person.consents.exclude(pk=wider.pk).get(), None)
    run_due()

    assert vectors_of(theirs[0]) == known
    # The campaign has another purpose: what its learner said of them is gone.
    tasks = campaign.tasks.filter(clip__in=theirs).values_list("pk", flat=True)
    assert not set(tasks) & foretold.of(Round.objects.get()).keys()


def test_one_of_two_people_is_enough(campaign: Campaign) -> None:
    person, _theirs, others = split(campaign)
    together = others[0]
    together.participants.add(person)
    (vector, _older) = vectors_of(together)

    withdraw(person)

    assert not is_on_disk(vector)


@pytest.mark.parametrize("last", ["clips", "vectors", "row", "old files"])
def test_a_worker_that_dies_on_the_way_leaves_the_set_whole_and_its_heir_ends_it(
    campaign: Campaign, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    person, theirs, others = split(campaign)
    known = {clip: vectors_of(clip) for clip in [*theirs, *others]}
    for consent in person.consents.all():
        review.withdraw(consent, None)
    targets = {
        "clips": (forgetting, "write_array"),
        "vectors": (forgetting, "_write_some"),
        "row": (VectorSet, "save"),
        "old files": (forgetting, "_remove_files"),
    }
    with monkeypatch.context() as patched:
        patched.setattr(*targets[last], die)
        with pytest.raises(Killed):
            run_due()
    assert all(vectors_of(clip) == known[clip] for clip in others)

    Job.objects.filter(state=Job.State.READY).update(available_at=timezone.now())
    run_due()

    assert not any(is_on_disk(vector) for clip in theirs for vector in known[clip])
    assert all(vectors_of(clip) == known[clip] for clip in others)


class Killed(BaseException):
    """The process ends here."""


def die(*_: Any, **__: Any) -> None:
    raise Killed


def test_what_somebody_wrote_who_had_begun_before_is_removed_later() -> None:
    campaign = make_seen_campaign(clips=4, people=2)
    ask(campaign)
    person, theirs, _others = split(campaign)
    (kept,) = [file for file in cached() if file.stem == theirs[0].sha256]
    content = kept.read_bytes()
    withdraw(person)
    kept.write_bytes(content)
    later = Job.objects.get(kind="forgetting", state=Job.State.READY)
    assert later.available_at > timezone.now() + timedelta(hours=1)

    Job.objects.update(available_at=timezone.now())
    run_due()

    assert not kept.exists()


def test_a_file_that_cannot_be_read_is_removed_since_nobody_can_say_who_is_in_it(
    campaign: Campaign,
) -> None:
    person, _theirs, _others = split(campaign)
    row = VectorSet.objects.get(version=1)
    own = own_vectors.file_of(row, "vectors")
    own.write_bytes(own.read_bytes()[:-8])
    said = Path(settings.LEARNER_ROOT) / Round.objects.get().manifest["foretold"]
    said.write_bytes(said.read_bytes()[:-8])

    withdraw(person)

    assert not own.exists()
    assert not said.exists()


def test_everybody_may_leave(campaign: Campaign) -> None:
    for person in Participant.objects.filter(clips__tasks__campaign=campaign).distinct():
        withdraw(person)

    assert [row.n for row in VectorSet.objects.all()] == [0, 0]
    assert foretold.of(Round.objects.get()) == {}


def test_the_log_says_how_much_was_forgotten_once(campaign: Campaign) -> None:
    person, theirs, _others = split(campaign)

    withdraw(person)
    forgetting.forget(Consent.objects.filter(participant=person)[0])

    first, again = Event.objects.filter(verb="clips.forgotten").order_by("pk")
    assert (first.data["clips"], first.data["own"]) == (len(theirs), 2 * len(theirs))
    assert (again.data["own"], again.data["predictions"]) == (0, 0)
