"""The people of a campaign who are kept apart: drawn once, never learned from."""

from __future__ import annotations

import pytest

from active_learning import held_out, training_set
from active_learning.models import Side
from annotation.models import Campaign, Reason
from audit.models import Event
from consent import review
from consent.models import Consent
from tests.active_learning.making import make_labels
from tests.factories import (
    make_campaign,
    make_clip,
    make_collection,
    make_consenting_participant,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def many() -> Campaign:
    """A campaign of 20 clips of ten people, two of whom are held out."""
    return make_campaign(make_collection(20, people=10), test_share=0.2)


def sides(campaign: Campaign) -> dict[int, bool]:
    return dict(Side.objects.filter(split__campaign=campaign).values_list("person", "held_out"))


def test_a_share_of_the_people_is_held_out_and_it_is_in_the_log(many: Campaign) -> None:
    found = held_out.sides(many)

    assert len(found.held_out) == 2
    assert found.why_none == ""
    assert Event.objects.get(verb="split.drawn").data == {"people": 10, "held_out": 2}


def test_a_second_look_changes_nothing(many: Campaign) -> None:
    first = held_out.sides(many)
    many.test_share = 0.5

    assert held_out.sides(many) == first
    assert Event.objects.filter(verb="split.drawn").count() == 1


def test_who_comes_later_is_drawn_and_nobody_moves(many: Campaign) -> None:
    held_out.sides(many)
    before = sides(many)
    clip = make_clip(many.collection, make_consenting_participant())
    many.tasks.create(clip=clip, target=1, cleared_until=many.tasks.first().cleared_until)  # type: ignore[union-attr]

    held_out.sides(many)

    after = sides(many)
    assert len(after) == 11
    assert before.items() <= after.items()


def test_with_few_people_nobody_is_held_out_and_the_reason_is_said() -> None:
    campaign = make_campaign(make_collection(20, people=5))

    found = held_out.sides(campaign)

    assert not found.held_out
    assert "5 groups" in found.why_none
    assert "8 are needed" in found.why_none


def test_a_campaign_that_keeps_nobody_apart_says_so() -> None:
    campaign = make_campaign(make_collection(20, people=10), test_share=0.0)

    assert held_out.sides(campaign).why_none == held_out.NOBODY


def test_people_who_share_a_clip_count_as_one() -> None:
    collection = make_collection(20, people=10)
    pair = [clip.participants.get() for clip in collection.clips.order_by("pk")[:2]]
    make_clip(collection, *pair)
    campaign = make_campaign(collection)

    snapshot, _summary = training_set.take(campaign, seed=1)

    of_pair = [row.person for row in snapshot.pool if row.person in {one.pk for one in pair}]
    assert len(of_pair) == 5
    assert set(of_pair) == {min(one.pk for one in pair)}


def test_a_clip_of_both_sides_neither_teaches_nor_judges(many: Campaign) -> None:
    apart = held_out.sides(many).held_out
    people = Side.objects.filter(split__campaign=many).select_related("person")
    one, other = (
        next(side.person for side in people if (side.person_id in apart) is wanted)
        for wanted in (True, False)
    )
    clip = make_clip(many.collection, one, other)
    task = many.tasks.create(clip=clip, target=1, cleared_until=many.tasks.first().cleared_until)  # type: ignore[union-attr]

    snapshot, _summary = training_set.take(many, seed=1)

    row = next(row for row in snapshot.pool if row.task == task.pk)
    assert (row.held_out, row.test) == (True, False)


def test_what_is_known_of_held_out_people_is_not_learned_from(many: Campaign) -> None:
    make_labels(many, list(many.tasks.all()), each=2, value="joy")

    snapshot, summary = training_set.take(many, seed=1)

    apart = [row for row in snapshot.training if row.held_out]
    assert {row.person for row in apart} == held_out.sides(many).held_out
    assert len(apart) == 4
    assert all(row.test and row.weight == 0.0 for row in apart)
    assert (summary["n_training"], summary["n_labels"], summary["n_test"]) == (16, 32, 4)


def test_a_clip_that_the_learner_chose_judges_nobody(many: Campaign) -> None:
    make_labels(many, list(many.tasks.all()), each=2, value="joy", reason=Reason.INFORMATIVE)

    snapshot, _summary = training_set.take(many, seed=1)

    assert not any(row.test for row in snapshot.training)


def test_of_many_clips_a_fixed_random_part_is_asked_to_the_end(
    many: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_out, "MOST_CLIPS", 2)

    def listed() -> list[int]:
        snapshot, _summary = training_set.take(many, seed=1)
        return [row.task for row in snapshot.pool if row.test]

    first = listed()
    monkeypatch.setattr(held_out, "MOST_CLIPS", 300)

    assert many.split.clip_share == 0.5
    assert listed() == first
    assert sum(row.held_out for row in training_set.take(many, seed=1)[0].pool) == 4


def test_who_withdraws_is_in_no_part(many: Campaign) -> None:
    person = next(iter(held_out.sides(many).held_out))
    review.withdraw(Consent.objects.get(participant=person, state="approved"), None)

    snapshot, _summary = training_set.take(many, seed=1)

    assert person not in {row.person for row in snapshot.pool}


def test_a_clip_is_told_with_what_it_can_be_grouped_by() -> None:
    collection = make_collection(2, people=2)
    first, _second = collection.clips.order_by("pk")
    first.attributes = {"sex": "female", "age": 34}
    first.save()
    campaign = make_campaign(collection)
    make_labels(campaign, list(campaign.tasks.order_by("pk")), value="joy")

    snapshot, _summary = training_set.take(campaign, seed=1)

    assert [row.traits for row in snapshot.training] == [
        {"kind": "image", "sex": "female", "age": "30-44"},
        {"kind": "image"},
    ]
