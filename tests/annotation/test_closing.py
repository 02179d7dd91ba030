"""Tasks close when they have settled, and are asked about again where a label would tell."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from annotation import closing, consensus, launching, releasing, waiting
from annotation.models import Audience, Campaign, Consensus, Need, Population, Task, TaskState
from audit.models import Event
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_label,
    make_user,
    send,
)

pytestmark = pytest.mark.django_db
TWO = ["joy", "anger"]


def make_adaptive(**settings: Any) -> Campaign:
    given: dict[str, Any] = {"clips": 1, "redundancy": 3, "most_labels": 6}
    return make_campaign(**given | settings)


def vote(task: Task, votes: str) -> Task:
    """Have as many annotators say this, then bring the consensus up to date."""
    for word in votes.split():
        task.refresh_from_db()
        make_label(task, make_annotator(), word)
    consensus.refresh(task.campaign, settle=True)
    task.refresh_from_db()
    return task


def state(task: Task, population: str = Population.CROWD) -> str:
    return Consensus.objects.get(task=task, population=population).state


def sure_of_joy() -> Campaign:
    """Return a campaign in which others' clips have shown that people agree on what they see."""
    campaign = make_adaptive(clips=9)
    people = [make_annotator() for _ in range(3)]
    for n, task in enumerate(campaign.tasks.order_by("pk")[:8]):
        for person in people:
            make_label(task, person, TWO[n % 2])
    return campaign


def test_a_clip_on_which_people_agree_closes_early() -> None:
    campaign = sure_of_joy()
    task = vote(campaign.tasks.order_by("pk")[8], "joy joy joy")

    assert (state(task), task.retired, task.target) == (TaskState.CONSENSUS, True, 3)
    assert not lease(campaign, make_annotator())


def test_a_clip_on_which_they_differ_is_asked_about_once_more() -> None:
    task = vote(make_adaptive().tasks.get(), "joy anger calm")

    assert (state(task), task.retired, task.target) == (TaskState.OPEN, False, 4)
    assert [one.task for one in lease(task.campaign, make_annotator())] == [task]


def test_nobody_is_asked_again_while_an_answer_is_still_to_come() -> None:
    campaign = make_adaptive(redundancy=2)
    task = campaign.tasks.get()
    (held,) = lease(campaign, make_annotator())

    vote(task, "joy")
    assert (task.live, task.target) == (2, 2)

    send(campaign, held.annotator, answer_to(held, "anger"))
    consensus.refresh(campaign, settle=True)
    task.refresh_from_db()
    assert task.target == 3


def test_what_the_crowd_cannot_settle_goes_to_an_expert_alone() -> None:
    task = vote(make_adaptive(most_labels=4).tasks.get(), "joy anger calm")
    vote(task, "sadness")

    assert (state(task), task.need, task.retired) == (TaskState.NEEDS_EXPERT, Need.EXPERT, True)
    assert not lease(task.campaign, make_annotator())
    expert = make_user(Role.EXPERT)
    assert [one.task for one in lease(task.campaign, expert)] == [task]
    assert not lease(task.campaign, make_user(Role.EXPERT))


def test_an_expert_is_given_first_what_the_crowd_could_not_settle() -> None:
    campaign = make_adaptive(clips=3, most_labels=4)
    last = campaign.tasks.most_wanted_first().last()
    assert last
    vote(last, "joy anger calm")
    vote(last, "sadness")

    assert lease(campaign, make_user(Role.EXPERT))[0].task == last


def test_an_experts_answer_ends_it_and_stays_apart() -> None:
    task = vote(make_adaptive(most_labels=4).tasks.get(), "joy anger calm")
    vote(task, "sadness")
    expert = make_user(Role.EXPERT)
    (held,) = lease(task.campaign, expert)

    send(task.campaign, expert, answer_to(held, "joy"))
    consensus.refresh(task.campaign, settle=True)
    task.refresh_from_db()

    assert state(task) == TaskState.NEEDS_EXPERT
    assert Consensus.objects.get(task=task, population=Population.EXPERT).n_labels == 1
    assert (task.live, task.target) == (5, 5)
    assert waiting.why_nothing(task.campaign, make_user(Role.EXPERT)).reason == "done"


def test_an_expert_whose_lease_ran_out_leaves_the_place_to_another() -> None:
    task = vote(make_adaptive(most_labels=4).tasks.get(), "joy anger calm")
    vote(task, "sadness")
    (held,) = lease(task.campaign, make_user(Role.EXPERT))

    held.__class__.objects.filter(pk=held.pk).update(lease_expires_at=held.leased_at)
    releasing.release_overdue()

    assert lease(task.campaign, make_user(Role.EXPERT))


def test_the_cap_holds_for_the_crowd() -> None:
    campaign = make_adaptive(most_labels=5)
    task = campaign.tasks.get()

    for word in ["joy", "anger", "calm", "sadness", "joy"]:
        vote(task, word)

    assert (task.live, task.target, task.need) == (5, 6, Need.EXPERT)
    assert not lease(campaign, make_annotator())


def test_agreement_that_too_little_is_shown_is_no_result() -> None:
    options: list[Any] = ["joy", "anger"]
    question = {
        "name": "emotion",
        "instrument": "single-choice",
        "prompt": "What does the person feel?",
        "options": options,
        "extras": ["not-enough-context"],
    }
    campaign = make_adaptive(clips=9, questions=[question])
    for other in campaign.tasks.order_by("pk")[:8]:
        vote(other, "not-enough-context not-enough-context not-enough-context")

    task = vote(campaign.tasks.order_by("pk")[8], "not-enough-context " * 3)

    assert (state(task), task.need) == (TaskState.NEEDS_CONTEXT, Need.CONTEXT)
    assert task.retired


def test_where_there_is_context_it_is_shown_to_all_who_come_then() -> None:
    campaign = make_adaptive(stages=["blind", "context"], context_first_share=0.0)
    task = campaign.tasks.get()
    clip = task.clip
    clip.layers = {"setting": "A wedding"}
    clip.save()
    task.need = Need.CONTEXT
    task.save()

    (held,) = lease(campaign, make_annotator())

    assert [step["stage"] for step in held.steps] == ["context"]


def test_a_task_opens_again_when_the_cap_is_raised() -> None:
    task = vote(make_adaptive(most_labels=4).tasks.get(), "joy anger calm")
    vote(task, "sadness")

    launching.change_campaign(task.campaign, {"most_labels": 8}, task.campaign.owner)
    task.refresh_from_db()

    assert (task.need, task.retired, task.target) == ("", False, 5)
    assert state(task) == TaskState.OPEN


def test_without_a_cap_every_clip_gets_the_same_number() -> None:
    campaign = sure_of_joy()
    launching.change_campaign(campaign, {"most_labels": None}, campaign.owner)

    task = vote(campaign.tasks.order_by("pk")[8], "joy joy joy")

    assert (task.retired, task.target) == (False, 3)


def test_in_a_campaign_of_experts_theirs_are_the_labels_that_close() -> None:
    campaign = make_adaptive(audience=Audience.EXPERT, most_labels=3)
    task = campaign.tasks.get()
    for word in ["joy", "anger", "calm"]:
        expert = make_user(Role.EXPERT)
        (held,) = lease(campaign, expert)
        send(campaign, expert, answer_to(held, word))
    consensus.refresh(campaign, settle=True)
    task.refresh_from_db()

    assert (task.retired, task.need) == (True, "")


def test_what_closed_is_in_the_log() -> None:
    campaign = sure_of_joy()
    vote(campaign.tasks.order_by("pk")[8], "joy joy joy")

    event = Event.objects.filter(verb="campaign.tasks-settled").latest("pk")
    assert event.data["closed"] == 9


def test_settling_twice_changes_nothing(django_assert_num_queries: Any) -> None:
    campaign = sure_of_joy()
    vote(campaign.tasks.order_by("pk")[8], "joy joy joy")
    before = list(campaign.tasks.order_by("pk").values())
    events = Event.objects.count()

    closing.settle(campaign)

    assert list(campaign.tasks.order_by("pk").values()) == before
    assert Event.objects.count() == events


def test_the_cap_is_at_least_the_redundancy() -> None:
    campaign = make_adaptive()
    campaign.most_labels = 2

    with pytest.raises(ValidationError, match="at least as many"):
        campaign.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        campaign.save()


def test_a_withdrawn_lease_of_a_closed_clip_is_not_offered_again() -> None:
    campaign = make_adaptive(clips=9, redundancy=4)
    people: list[User] = [make_annotator() for _ in range(3)]
    for n, other in enumerate(campaign.tasks.order_by("pk")[:8]):
        for person in people:
            make_label(other, person, TWO[n % 2])
    task = vote(campaign.tasks.order_by("pk")[8], "joy joy joy")

    assert task.retired
    assert task.live < task.target
    assert task not in campaign.tasks.wanting_labels()
