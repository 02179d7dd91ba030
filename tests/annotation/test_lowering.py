"""One person is asked where a researcher followed the learner, until somebody contradicts it."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Role
from annotation import consensus, gold, launching, lowering
from annotation.gold import Known
from annotation.models import Audience, Campaign, Need, Reason, Task
from tests.factories import (
    lease,
    make_annotator,
    make_campaign,
    make_label,
    make_user,
    store_labels,
)

pytestmark = pytest.mark.django_db


def make_lowered(clips: int = 3, **settings: Any) -> Campaign:
    """Make a campaign all of whose tasks are lowered, of which joy is foretold."""
    campaign = make_campaign(clips=clips, **{"redundancy": 3, **settings})
    campaign.tasks.update(reason=Reason.REST)
    lowering.lower(campaign, dict.fromkeys(campaign.tasks.values_list("pk", flat=True), "joy"))
    return campaign


def say(task: Task, word: str, **fields: Any) -> Task:
    make_label(task, make_annotator(), word, **fields)
    consensus.refresh(task.campaign, settle=True)
    task.refresh_from_db()
    return task


def test_one_person_is_asked_about_a_lowered_task() -> None:
    campaign = make_lowered(1)
    task = say(campaign.tasks.get(), "joy")

    assert (task.live, task.target, task.foretold) == (1, 1, "joy")
    assert lease(campaign, make_annotator()) == []


def test_who_says_otherwise_brings_the_other_labels_back() -> None:
    campaign = make_lowered(1)
    task = say(campaign.tasks.get(), "anger")

    assert (task.live, task.target, task.foretold) == (1, 3, "")
    assert len(lease(campaign, make_annotator())) == 1


def test_who_cannot_tell_brings_the_other_labels_back() -> None:
    task, other = make_lowered(2).tasks.order_by("pk")
    store_labels([task], make_annotator(), [None])
    say(other, "joy")
    task.refresh_from_db()

    assert (task.target, task.foretold) == (3, "")


def test_a_contradiction_is_no_matter_of_other_tasks() -> None:
    campaign = make_lowered(3)
    first, second, third = campaign.tasks.order_by("pk")
    say(first, "anger")
    say(second, "joy")

    targets = campaign.tasks.order_by("pk").values_list("target", flat=True)
    assert list(targets) == [3, 1, 1]
    assert third.pk


def test_adaptive_labels_leave_a_lowered_task_alone() -> None:
    task = say(make_lowered(1, most_labels=6).tasks.get(), "joy")

    assert (task.target, task.need, task.retired) == (1, "", False)


def test_adaptive_labels_go_on_with_a_task_that_was_restored() -> None:
    task = make_lowered(1, redundancy=2, most_labels=4).tasks.get()
    for word in ("anger", "joy"):
        say(task, word)
    task.refresh_from_db()

    assert task.target > 2 or task.need == Need.EXPERT


def test_what_checks_the_learner_or_is_begun_or_known_is_not_lowered() -> None:
    campaign = make_campaign(clips=6, redundancy=3)
    campaign.tasks.update(reason=Reason.REST)
    audit, test, begun, known, closed, plain = campaign.tasks.order_by("pk")
    Task.objects.filter(pk=audit.pk).update(reason=Reason.AUDIT)
    Task.objects.filter(pk=test.pk).update(reason=Reason.TEST)
    Task.objects.filter(pk=closed.pk).update(retired=True)
    make_label(begun, make_annotator(), "joy")
    gold.mark(campaign, [Known(known.clip.external_id, "joy")], campaign.owner)

    lowered = lowering.lower(campaign, {task.pk: "joy" for task in campaign.tasks.all()})

    assert lowered == [plain.pk]


def test_restoring_asks_for_all_labels_again() -> None:
    campaign = make_lowered(3)
    say(campaign.tasks.earliest("pk"), "joy")

    assert lowering.restore(campaign) == 3
    assert set(campaign.tasks.values_list("target", "foretold")) == {(3, "")}
    assert lowering.restore(campaign) == 0


def test_another_redundancy_leaves_lowered_tasks_lowered_until_they_are_restored() -> None:
    campaign = make_lowered(2)

    launching.change_campaign(campaign, {"redundancy": 5}, campaign.owner)
    lowered = set(campaign.tasks.values_list("target", flat=True))
    lowering.restore(campaign)

    assert lowered == {1}
    assert set(campaign.tasks.values_list("target", flat=True)) == {5}


def test_an_experts_campaign_hears_experts() -> None:
    campaign = make_lowered(1, audience=Audience.EXPERT)
    task = campaign.tasks.get()
    make_label(task, make_user(Role.EXPERT), "anger")
    consensus.refresh(campaign, settle=True)
    task.refresh_from_db()

    assert (task.target, task.foretold) == (3, "")
