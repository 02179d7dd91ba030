"""Clips of known reading: marked by hand or out of what has settled, and taken from the queue."""

from __future__ import annotations

from typing import Any

import pytest

from annotation import closing, consensus, gold, launching
from annotation.gold import InvalidGoldError, Known
from annotation.models import Campaign, Consensus, Gold, GoldSource, TaskState
from audit.models import Event
from tests.factories import EMOTIONS, make_annotator, make_campaign, make_comparison, make_label

pytestmark = pytest.mark.django_db


def first_clip(campaign: Campaign) -> str:
    return str(campaign.tasks.order_by("pk").values_list("clip__external_id", flat=True)[0])


def mark(campaign: Campaign, reading: Any, **fields: Any) -> Gold:
    (row,) = gold.mark(campaign, [Known(first_clip(campaign), reading, **fields)], campaign.owner)
    return row


def refusal(campaign: Campaign, *known: Known) -> tuple[str, str]:
    with pytest.raises(InvalidGoldError) as refused:
        gold.mark(campaign, known, campaign.owner)
    return refused.value.field, str(refused.value)


def test_a_reading_is_a_distribution_in_the_order_of_the_answers(campaign: Campaign) -> None:
    row = mark(campaign, {"sadness": 0.75, "calm": 0.25})

    assert row.distribution == [0, 0.75, 0, 0.25]
    assert row.stratum == EMOTIONS.index("sadness")


def test_one_answer_is_all_of_a_reading(campaign: Campaign) -> None:
    assert mark(campaign, "anger").distribution == [0, 0, 1, 0]


def test_shares_that_were_rounded_are_made_to_sum_to_one(campaign: Campaign) -> None:
    row = mark(campaign, {"joy": 0.33, "anger": 0.33, "calm": 0.33})

    assert sum(row.distribution) == pytest.approx(1)


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("boredom", "no answer boredom. Take one of: joy, sadness, anger, calm"),
        ({"joy": 0.4}, "sum to 0.4, not to 1"),
        ({"joy": 1.5, "calm": -0.5}, "shares from 0 to 1"),
        ({"joy": float("nan")}, "shares from 0 to 1"),
        ({"joy": 10**400}, "shares from 0 to 1"),
        ({}, "sum to 0, not to 1"),
    ],
)
def test_a_reading_that_is_none_is_refused(campaign: Campaign, reading: Any, said: str) -> None:
    field, message = refusal(campaign, Known(first_clip(campaign), reading))

    assert field == "reading"
    assert said in message


def test_of_several_with_one_mistake_none_is_marked(campaign: Campaign) -> None:
    good, bad = Known(first_clip(campaign), "joy"), Known("no-such-clip", "joy")

    assert refusal(campaign, good, bad) == ("clip", "This campaign has no clip no-such-clip.")
    assert not Gold.objects.exists()


def test_a_clip_named_twice_is_refused(campaign: Campaign) -> None:
    same = Known(first_clip(campaign), "joy")

    assert refusal(campaign, same, same)[0] == "clip"


def test_a_campaign_that_compares_has_no_gold() -> None:
    campaign = make_comparison()

    assert refusal(campaign, Known("x", "joy"))[0] == "campaign"


def test_gold_leaves_the_queue_and_comes_back(campaign: Campaign) -> None:
    row = mark(campaign, "joy")
    assert campaign.tasks.wanting_labels().count() == campaign.n_tasks - 1

    gold.unmark(row, campaign.owner)

    assert campaign.tasks.wanting_labels().count() == campaign.n_tasks
    assert campaign.n_gold == 0


def test_a_clip_that_comes_back_gets_as_many_labels_as_are_asked_for_now(
    campaign: Campaign,
) -> None:
    row = mark(campaign, "joy")
    launching.change_campaign(campaign, {"redundancy": 7}, campaign.owner)

    gold.unmark(row, campaign.owner)

    assert set(campaign.tasks.values_list("target", flat=True)) == {7}


def test_gold_marked_again_is_gold_anew(campaign: Campaign) -> None:
    mark(campaign, "joy")

    mark(campaign, "calm", teaches=True, explanation=" Look at the hands. ")

    assert (campaign.n_gold, campaign.n_teaching) == (0, 1)
    assert Gold.objects.get().explanation == "Look at the hands."


def test_marking_is_recorded(campaign: Campaign) -> None:
    mark(campaign, "joy")

    assert Event.objects.filter(verb="gold.marked").count() == 1


def test_gold_is_neither_closed_nor_opened_by_labels() -> None:
    campaign = make_campaign(clips=1, redundancy=3, most_labels=6)
    task = campaign.tasks.get()
    for value in ("joy", "calm", "anger"):
        make_label(task, value=value)
    mark(campaign, "joy")
    consensus.refresh(campaign)

    closing.settle(campaign)

    task.refresh_from_db()
    assert (task.retired, task.need) == (True, "")


@pytest.fixture
def settled() -> Campaign:
    """A campaign of nine clips of joy and three of calm, on which six people agree."""
    campaign = make_campaign(clips=12, redundancy=6)
    people = [make_annotator() for _ in range(6)]
    for place, task in enumerate(campaign.tasks.order_by("pk")):
        for person in people:
            make_label(task, person, "calm" if place >= 9 else "joy")
    consensus.refresh(campaign, settle=True)
    assert set(Consensus.objects.values_list("state", flat=True)) == {TaskState.CONSENSUS}
    return campaign


def test_settled_clips_become_gold_in_turn_from_each_category(settled: Campaign) -> None:
    rows = gold.take_settled(settled, 4, settled.owner)

    assert sorted(row.stratum for row in rows) == [0, 0, 3, 3]
    assert {row.source for row in rows} == {GoldSource.CROWD}


def test_what_is_gold_is_not_taken_again(settled: Campaign) -> None:
    gold.take_settled(settled, 8, settled.owner)

    assert len(gold.take_settled(settled, 8, settled.owner)) == 4


def test_where_nothing_has_settled_there_is_nothing_to_take(campaign: Campaign) -> None:
    with pytest.raises(InvalidGoldError, match="No clip has settled on 5 labels"):
        gold.take_settled(campaign, 4, campaign.owner)
