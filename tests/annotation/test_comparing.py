"""Campaigns that compare clips: made by a design, behind the consent gate, served in turn."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from annotation import comparing, ingest, launching, waiting
from annotation.labelling import exchange
from annotation.models import Campaign, Task, TaskClip
from annotation.rows import Row
from annotation.views.forms import LaunchForm
from consent import gate, review
from consent.models import Participant
from tests.annotation.api.calling import Caller, problem
from tests.factories import (
    COMPARISONS,
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    make_comparison,
    make_consent,
    make_consenting_participant,
    make_participant,
    send,
)

pytestmark = pytest.mark.django_db


def shown(campaign: Campaign) -> Counter[int]:
    return Counter(clip.pk for task in campaign.tasks.all() for clip in task.clips)


def withdraw(person: Participant) -> None:
    review.withdraw(person.consents.get(), None)


def test_a_campaign_of_pairs_has_each_clip_in_six() -> None:
    campaign = make_comparison(clips=20)

    assert campaign.n_tasks == campaign.tasks.count()
    assert set(campaign.tasks.values_list("n_clips", flat=True)) == {2}
    assert all(6 <= n <= 7 for n in shown(campaign).values())


def test_a_campaign_of_fours_has_each_clip_in_eight() -> None:
    campaign = make_comparison("best-worst", clips=20)

    assert TaskClip.objects.filter(task__campaign=campaign).count() == 3 * campaign.n_tasks
    assert all(8 <= n <= 9 for n in shown(campaign).values())


def test_a_campaign_says_in_how_many_comparisons_its_clips_are() -> None:
    campaign = make_comparison(clips=20, comparisons_per_clip=3)

    assert all(3 <= n <= 4 for n in shown(campaign).values())


def test_the_same_seed_makes_the_same_comparisons_of_another_campaign() -> None:
    one = make_comparison(clips=30, seed=5)

    other = make_comparison(collection=one.collection, seed=5)

    assert shown(one).keys() == shown(other).keys()
    assert one.n_tasks == pytest.approx(other.n_tasks, abs=2)


@pytest.mark.parametrize(("kind", "clips"), [("pairwise", 1), ("best-worst", 3)])
def test_a_collection_with_too_few_clips_is_refused(kind: str, clips: int) -> None:
    with pytest.raises(launching.NotPossibleError, match=f"has {clips}. Import more"):
        make_comparison(kind, clips=clips)

    assert not Campaign.objects.exists()


def test_clips_that_come_later_are_compared_with_the_old_ones() -> None:
    campaign = make_comparison(clips=10)
    before = set(campaign.tasks.values_list("pk", flat=True))
    newcomer = make_clip(campaign.collection, make_consenting_participant())

    added = launching.add_tasks(campaign)

    new = campaign.tasks.exclude(pk__in=before)
    assert added == new.count() == 6
    assert all(newcomer in task.clips for task in new)
    assert launching.add_tasks(campaign) == 0


def test_a_clip_without_consent_blocks_no_comparison_of_the_others() -> None:
    collection = make_collection(clips=6, people=6)
    stranger = make_clip(collection, make_participant())

    campaign = make_comparison("best-worst", collection=collection)

    assert stranger.pk not in shown(campaign)
    assert campaign.tasks.cleared().count() == campaign.n_tasks


def test_a_clip_that_is_consented_to_later_comes_in_at_the_next_start() -> None:
    collection = make_collection(clips=6, people=6)
    person = make_participant()
    clip = make_clip(collection, person)
    campaign = make_comparison(collection=collection)
    review.approve(make_consent(person), None)
    launching.pause(campaign, campaign.owner)

    launching.start(campaign, campaign.owner)

    assert shown(campaign)[clip.pk] == 6


def test_a_draft_with_too_few_consents_says_so_when_it_is_started() -> None:
    collection = make_collection(clips=1)
    make_clip(collection, make_participant())
    campaign = make_comparison(collection=collection, running=False)

    with pytest.raises(launching.NotPossibleError, match="too few to compare"):
        launching.start(campaign, campaign.owner)


def test_more_comparisons_can_be_wished_for_while_it_runs() -> None:
    campaign = make_comparison(clips=20, comparisons_per_clip=2)

    launching.change_campaign(campaign, {"comparisons_per_clip": 4}, campaign.owner)

    assert min(shown(campaign).values()) == 4


def test_who_is_in_the_third_clip_alone_blocks_the_task_at_once() -> None:
    campaign = make_comparison("best-worst", clips=4)
    task = campaign.tasks.get()
    third = task.clips[2].participants.get()

    withdraw(third)

    assert not campaign.tasks.cleared().exists()


def test_a_clip_of_nobody_known_blocks_what_it_is_compared_in() -> None:
    campaign = make_comparison(clips=2)
    task = campaign.tasks.get()
    task.clips[1].participants.clear()

    gate.refresh(campaign.tasks.all())

    assert not campaign.tasks.cleared().exists()


def test_a_person_named_later_in_a_second_clip_blocks_the_task(researcher: User) -> None:
    campaign = make_comparison(clips=2)
    (_first, second) = campaign.tasks.get().clips
    newcomer = make_participant()
    importer = ingest._Importer(campaign.collection, ingest.Options("", researcher))
    row = Row(path=second.media_path, external_id=second.external_id, participants=(newcomer.code,))

    importer._complete(row, None)

    assert not campaign.tasks.cleared().exists()


def test_only_tasks_of_one_clip_are_one_a_clip() -> None:
    campaign = make_campaign(clips=1)
    clip = campaign.tasks.get().clip
    Task.objects.create(campaign=campaign, clip=clip, target=1, n_clips=2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(campaign=campaign, clip=clip, target=1)


@pytest.mark.parametrize("kind", ["pairwise", "best-worst"])
def test_every_clip_stands_in_every_place_once(kind: str) -> None:
    campaign = make_comparison(kind, clips=4, redundancy=4)
    question = COMPARISONS[kind]["name"]
    task = campaign.tasks.most_wanted_first()[0]

    orders = [
        lease(campaign, make_annotator())[0].options_order[question] for _ in range(task.n_clips)
    ]

    assert all(len(set(places)) == task.n_clips for places in zip(*orders, strict=True))


def test_the_answer_names_the_place_in_the_task(annotator: User) -> None:
    campaign = make_comparison(clips=2)
    (assignment,) = lease(campaign, annotator)

    result = send(campaign, annotator, answer_to(assignment, "second"))

    assert result.stored
    assert result.stored.value == {"happier": "second"}
    assert sorted(result.stored.options_order["happier"]) == ["first", "second"]


def test_a_place_that_was_not_shown_is_refused(annotator: User) -> None:
    campaign = make_comparison(clips=2)
    (assignment,) = lease(campaign, annotator)

    result = send(campaign, annotator, answer_to(assignment, "third"))

    assert result.errors == {
        "value.happier": "'third' is not a place. Choose one of: first, second, tie."
    }


def test_nobody_gets_a_comparison_twice(annotator: User) -> None:
    campaign = make_comparison(clips=4)
    seen: list[int] = []
    while found := lease(campaign, annotator):
        seen += [one.task_id for one in found]
        send(campaign, annotator, answer_to(found[0], "tie"))

    assert len(seen) == len(set(seen)) == campaign.n_tasks
    assert waiting.why_nothing(campaign, annotator).reason == "done"


@pytest.mark.parametrize("want", [1, 3])
def test_what_is_compared_is_loaded_at_once(
    annotator: User, want: int, django_assert_num_queries: object
) -> None:
    campaign = make_comparison("best-worst", clips=8)
    found = exchange(campaign, annotator, [], want).assignments

    with django_assert_num_queries(0):  # type: ignore[operator]
        clips = [one.task.clips for one in found]

    assert [len(each) for each in clips] == [4] * want


def test_the_page_of_a_script_shows_all_clips_with_media_of_their_own(annotator: User) -> None:
    campaign = make_comparison("best-worst", clips=4)

    document = Caller(annotator).post(f"campaigns/{campaign.pk}/next/").json()

    clips = campaign.tasks.get().clips
    assert [clip["id"] for clip in document["clips"]] == [clip.pk for clip in clips]
    assert document["clip"] == document["clips"][0]
    assert len({clip["media_url"] for clip in document["clips"]}) == 4


def test_a_lease_of_a_comparison_ends_when_one_of_its_people_withdraws(annotator: User) -> None:
    campaign = make_comparison(clips=2)
    (assignment,) = lease(campaign, annotator)
    withdraw(assignment.task.clips[1].participants.get())

    result = send(campaign, annotator, answer_to(assignment, "first"))

    assert result.status == "withdrawn"


FILE = {"purpose": "research.noncommercial.affective_science"}


def test_the_api_takes_a_comparison(researcher: User) -> None:
    collection = make_collection(clips=5, people=5)
    body = FILE | {
        "name": "Who?",
        "collection": collection.name,
        "scheme": {"questions": [COMPARISONS["pairwise"]]},
        "comparisons_per_clip": 3,
    }

    response = Caller(researcher).post("campaigns/", body)

    assert response.status_code == 201
    assert response.json()["comparisons_per_clip"] == 3
    assert response.json()["n_tasks"] == 8


def test_the_api_names_a_collection_with_too_few_clips(researcher: User) -> None:
    body = FILE | {
        "name": "Who?",
        "collection": make_collection(clips=3).name,
        "scheme": {"questions": [COMPARISONS["best-worst"]]},
    }

    said = problem(Caller(researcher).post("campaigns/", body), 422)

    assert "at least 4 clips" in said["errors"]["collection"][0]


@pytest.mark.parametrize(("clips", "said"), [(1, "Comparing needs at least 2 clips"), (2, "")])
def test_the_form_names_a_collection_with_too_few_clips(clips: int, said: str) -> None:
    sent = {
        "name": "Who?",
        "collection": make_collection(clips).pk,
        "purpose": "research.noncommercial.affective_science",
        "design": "pairs",
        "question": "Who feels better?",
        "audience": "crowd",
        "redundancy": 3,
        "audit_share": 0.15,
        "lease_seconds": 900,
        "round_every": 200,
        "warm_up": 50,
    }

    form = LaunchForm(sent)

    assert said in str(form.errors.get("collection", ""))
    assert form.is_valid() is not bool(said)


@pytest.mark.parametrize(("kind", "clips"), [("pairwise", 3), ("pairwise", 20), ("best-worst", 5)])
def test_a_preview_foresees_how_many_comparisons_there_will_be(kind: str, clips: int) -> None:
    campaign = make_comparison(kind, clips=clips)

    foreseen = comparing.expected(clips, campaign.scheme.questions)

    assert campaign.n_tasks == pytest.approx(foreseen, abs=1)


def test_only_comparisons_have_a_number_of_them(researcher: User) -> None:
    campaign = make_campaign(clips=2, owner=researcher)

    response = Caller(researcher).patch(f"campaigns/{campaign.pk}/", {"comparisons_per_clip": 4})

    assert (
        "Only a scheme that compares" in problem(response, 422)["errors"]["comparisons_per_clip"][0]
    )


@pytest.mark.parametrize("number", [0, 1, 101])
def test_the_number_of_comparisons_is_2_to_100(researcher: User, number: int) -> None:
    campaign = make_comparison(clips=4, owner=researcher)

    response = Caller(researcher).patch(
        f"campaigns/{campaign.pk}/", {"comparisons_per_clip": number}
    )

    assert "comparisons_per_clip" in problem(response, 422)["errors"]


def test_a_consent_that_runs_out_ends_a_comparison_with_it() -> None:
    collection = make_collection(clips=1)
    short = make_consent(expires_at=timezone.now() + timedelta(hours=1))
    review.approve(short, None)
    make_clip(collection, short.participant)

    campaign = make_comparison(collection=collection)

    assert campaign.tasks.get().cleared_until == short.expires_at
