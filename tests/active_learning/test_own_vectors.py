"""The researcher's own vectors: brought by command or API, learned from, never half there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from active_learning import own_vectors, rounds
from active_learning.models import RoundState, Trigger, VectorSet
from active_learning.own_vectors import VectorsGoneError
from active_learning.replaying import ReplayRefusedError, replay
from active_learning.vector_files import VectorFileError
from annotation.launching import NotPossibleError
from annotation.models import Campaign, Collection
from tests.active_learning.making import is_light, make_job, make_labels
from tests.annotation.api.calling import Caller, problem
from tests.factories import make_campaign, make_collection, make_researcher

pytestmark = pytest.mark.django_db


def write(folder: Path, collection: Collection, *, leave_out: int = 0, **changes: Any) -> Path:
    """Save vectors of four numbers, which tell light clips from dark ones."""
    clips = list(collection.clips.order_by("pk"))[leave_out:]
    chance = np.random.default_rng(1)
    vectors = chance.normal(0, 0.3, (len(clips), 4))
    vectors[:, 0] += [2 * is_light(n) for n in range(leave_out, leave_out + len(clips))]
    path = folder / "own.npz"
    arrays: dict[str, Any] = {"ids": [clip.external_id for clip in clips], "vectors": vectors}
    np.savez(path, **arrays | changes)
    return path


@pytest.fixture
def campaign(tmp_path: Path) -> Campaign:
    """A campaign that learns from own vectors; its clips have no files at all."""
    collection = make_collection(40, people=5)
    own_vectors.bring(collection, "mine", write(tmp_path, collection), None)
    return make_campaign(collection, options=["light", "dark"], redundancy=3, vectors="mine")


def test_a_round_learns_from_own_vectors_and_opens_no_clip(campaign: Campaign) -> None:
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:30]))

    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))

    assert row.state == RoundState.DONE
    assert row.manifest["extractors"] == {"vectors": "mine-1"}
    assert row.metrics["accuracy"]["value"] > 0.9


def test_a_round_with_own_vectors_replays_to_the_same_bytes(
    campaign: Campaign, tmp_path: Path
) -> None:
    make_labels(campaign, list(campaign.tasks.order_by("pk")[:30]))
    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))
    own_vectors.bring(campaign.collection, "mine", write(tmp_path, campaign.collection), None)

    assert replay(campaign, row.number, lambda _said: None).matches


def test_a_round_whose_vectors_were_removed_is_not_replayed(
    campaign: Campaign, tmp_path: Path
) -> None:
    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))
    own_vectors.bring(campaign.collection, "mine", write(tmp_path, campaign.collection), None)
    own_vectors.remove(VectorSet.objects.get(version=1), make_researcher())

    with pytest.raises(ReplayRefusedError, match="mine-1 were removed"):
        replay(campaign, row.number, lambda _said: None)


def test_a_round_without_the_vectors_it_wants_fails_with_the_remedy(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(vectors="others")
    campaign.refresh_from_db()

    with pytest.raises(rounds.RoundFailedError, match="no vectors called 'others'"):
        rounds.run(campaign, Trigger.HAND, make_job(campaign))


def test_a_clip_without_a_vector_is_named_and_left_out(tmp_path: Path) -> None:
    collection = make_collection(12)

    taken = own_vectors.bring(collection, "mine", write(tmp_path, collection, leave_out=2), None)

    first_two = [clip.external_id for clip in collection.clips.order_by("pk")[:2]]
    assert taken.without == sorted(first_two)
    campaign = make_campaign(collection, options=["light", "dark"], vectors="mine")
    row = rounds.run(campaign, Trigger.HAND, make_job(campaign))
    assert sorted(row.metrics["unreadable"]) == sorted(first_two)


def test_the_same_name_again_is_a_new_version(campaign: Campaign, tmp_path: Path) -> None:
    path = write(tmp_path, campaign.collection, vectors=np.ones((40, 2)))

    taken = own_vectors.bring(campaign.collection, "mine", path, None)

    assert (taken.row.version, taken.row.dimension) == (2, 2)
    _row, first = own_vectors.stored(campaign.collection_id, "mine-1")
    (clip, *_) = campaign.collection.clips.order_by("pk").values_list("pk", flat=True)
    assert first.take(first.places(np.array([clip])).tolist()).shape == (1, 4)


def test_ids_of_no_clip_are_refused_and_nothing_is_stored(tmp_path: Path) -> None:
    collection = make_collection(2)
    path = write(tmp_path, collection, ids=["stranger", "other"])

    with pytest.raises(VectorFileError, match=r"2 are no clips .* 'stranger' \(row 1\)"):
        own_vectors.bring(collection, "mine", path, None)

    assert not VectorSet.objects.exists()


def test_a_name_that_is_no_word_is_refused(tmp_path: Path) -> None:
    collection = make_collection(2)

    with pytest.raises(VectorFileError, match="name: use 1 to 60 letters"):
        own_vectors.bring(collection, "../mine", write(tmp_path, collection), None)


def test_a_damaged_file_of_vectors_is_said_to_be_so(campaign: Campaign, settings: Any) -> None:
    (file,) = Path(settings.FEATURE_ROOT).glob(f"own/{campaign.collection_id}/*.vectors.npy")
    file.write_bytes(file.read_bytes()[:-8])

    with pytest.raises(VectorsGoneError, match="mine-1 cannot be read"):
        own_vectors.stored(campaign.collection_id, "mine-1")


def test_vectors_that_a_campaign_learns_from_are_not_removed(campaign: Campaign) -> None:
    with pytest.raises(NotPossibleError, match="learns from these vectors"):
        own_vectors.remove(VectorSet.objects.get(), make_researcher())


def test_what_is_removed_leaves_no_file(campaign: Campaign, settings: Any) -> None:
    campaign.vectors = ""
    campaign.save()

    own_vectors.remove(VectorSet.objects.get(), make_researcher())

    assert not list(Path(settings.FEATURE_ROOT).glob("own/*/*"))


def test_the_command_brings_vectors_and_counts_the_clips_without(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collection = make_collection(5)
    path = write(tmp_path, collection, leave_out=1)

    call_command("import_vectors", str(path), collection=collection.name, name="mine")

    said = capsys.readouterr().out
    assert "mine-1: 4 vectors of 4 numbers." in said
    assert "1 clips have no vector" in said


def test_the_command_refuses_a_file_that_is_missing(tmp_path: Path) -> None:
    collection = make_collection(1)

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_vectors", tmp_path / "no", collection=collection.name, name="mine")


def upload(collection: Collection, content: bytes, name: str = "mine") -> Any:
    caller = Caller(make_researcher())
    data = {"name": name, "file": SimpleUploadedFile("own.npz", content)}
    return caller.client.post(f"/api/v1/collections/{collection.pk}/vectors/", data)


def test_vectors_come_by_the_api_and_are_listed(tmp_path: Path) -> None:
    collection = make_collection(5)

    answer = upload(collection, write(tmp_path, collection, leave_out=1).read_bytes())

    assert answer.status_code == 201
    assert (answer.json()["version"], answer.json()["n"]) == (1, 4)
    assert len(answer.json()["without"]) == 1
    listed = Caller(make_researcher()).get(f"collections/{collection.pk}/vectors/").json()
    assert [row["name"] for row in listed["results"]] == ["mine"]


def test_the_api_names_what_is_wrong_with_a_file(tmp_path: Path) -> None:
    collection = make_collection(2)
    path = write(tmp_path, collection, vectors=np.array([[1.0], [np.nan]]))

    said = problem(upload(collection, path.read_bytes()), 422)

    assert "row 2" in said["errors"]["file"][0]


def test_the_api_does_not_remove_what_a_campaign_learns_from(campaign: Campaign) -> None:
    row = VectorSet.objects.get()

    answer = Caller(make_researcher()).delete(
        f"collections/{campaign.collection_id}/vectors/{row.pk}/"
    )

    assert problem(answer, 409)["code"] == "not_possible"


@given(st.sets(st.integers(1, 60)), st.lists(st.integers(0, 70), max_size=20))
def test_a_row_is_found_for_just_the_clips_that_have_one(known: set[int], asked: list[int]) -> None:
    stored = own_vectors.Stored.__new__(own_vectors.Stored)
    stored.clips = np.array(sorted(known), dtype=np.int64)

    places = stored.places(np.array(asked, dtype=np.int64)).tolist()

    assert [int(stored.clips[at]) if at >= 0 else 0 for at in places] == [
        clip if clip in known else 0 for clip in asked
    ]
