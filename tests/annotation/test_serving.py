"""Which task an annotator gets next, and for how long."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Role, User
from annotation import launching, releasing, serving, waiting
from annotation.models import Assignment, Audience, Campaign, CampaignState, Member, Task
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_label,
    make_researcher,
    make_user,
    send,
)

SECONDS = timedelta(seconds=1)
LEASE = timedelta(seconds=900)


def prioritise(*tasks: Task) -> None:
    for place, task in enumerate(reversed(tasks), start=2):
        Task.objects.filter(pk=task.pk).update(priority=place)


def tasks_of(assignments: list[Assignment]) -> list[Task]:
    return [assignment.task for assignment in assignments]


def test_the_most_wanted_tasks_come_first(campaign: Campaign, annotator: User) -> None:
    first, second, third = campaign.tasks.order_by("pk")
    prioritise(third, first, second)

    assert tasks_of(lease(campaign, annotator, 3)) == [third, first, second]


def test_among_equals_the_older_task_comes_first(campaign: Campaign, annotator: User) -> None:
    campaign.tasks.update(priority=0.5)

    assert tasks_of(lease(campaign, annotator, 3)) == list(campaign.tasks.order_by("pk"))


def test_a_labelled_task_never_comes_again(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(assignment))

    assert assignment.task not in tasks_of(lease(campaign, annotator, 3))


def test_a_skipped_task_never_comes_again(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(assignment, None, skip="cannot-tell"))

    assert assignment.task not in tasks_of(lease(campaign, annotator, 3))


def test_a_skipped_task_is_free_for_others(annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    (assignment,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(assignment, None, skip="other"))

    assert assignment.task in tasks_of(lease(campaign, make_annotator(), 3))


def test_asking_again_gives_the_same_leases(campaign: Campaign, annotator: User) -> None:
    first = lease(campaign, annotator, 2)

    assert lease(campaign, annotator, 2) == first


def test_live_leases_stand_before_new_ones(campaign: Campaign, annotator: User) -> None:
    (held,) = lease(campaign, annotator)
    other = campaign.tasks.exclude(pk=held.task_id).last()
    assert other
    prioritise(other)

    assert tasks_of(lease(campaign, annotator, 2)) == [held.task, other]


def test_no_more_are_leased_than_one_can_hold(annotator: User) -> None:
    campaign = make_campaign(clips=12)

    assert len(lease(campaign, annotator, 100)) == serving.MOST_AT_ONCE


@pytest.mark.parametrize(("passed", "is_renewed"), [(0.4, False), (0.6, True)])
def test_a_lease_is_renewed_when_half_of_it_is_over(
    campaign: Campaign, annotator: User, passed: float, *, is_renewed: bool
) -> None:
    now = timezone.now()
    with time_machine.travel(now, tick=False):
        (assignment,) = lease(campaign, annotator)

    with time_machine.travel(now + LEASE * passed, tick=False):
        (again,) = lease(campaign, annotator)
        assignment.refresh_from_db()

    assert again.lease_expires_at == assignment.lease_expires_at
    assert assignment.lease_expires_at == now + LEASE * (1 + passed * is_renewed)


def test_a_lease_that_ran_out_gives_its_place_back(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)

    with time_machine.travel(timezone.now() + LEASE + SECONDS):
        assert releasing.release_overdue() == 1

    assignment.refresh_from_db()
    assert assignment.state == Assignment.State.EXPIRED
    assert campaign.tasks.get(pk=assignment.task_id).live == 0


def test_without_a_scheduler_an_overdue_place_is_given_on(annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    lease(campaign, annotator)

    with time_machine.travel(timezone.now() + LEASE + SECONDS):
        (assignment,) = lease(campaign, make_annotator())

    assert assignment.task.campaign_id == campaign.pk
    assert campaign.tasks.get().live == 1


def test_who_let_a_lease_run_out_may_get_the_task_again(annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    (first,) = lease(campaign, annotator)

    with time_machine.travel(timezone.now() + LEASE + SECONDS):
        (second,) = lease(campaign, annotator)

    assert second.task == first.task
    assert second != first


def test_a_lease_in_use_can_be_extended(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)

    with time_machine.travel(timezone.now() + LEASE / 10, tick=False):
        until = releasing.renew(assignment.pk, annotator)

        assert until == timezone.now() + LEASE


def test_an_overdue_lease_cannot_be_extended(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)

    with time_machine.travel(timezone.now() + LEASE + SECONDS):
        assert releasing.renew(assignment.pk, annotator) is None


def test_nobody_extends_the_lease_of_another(campaign: Campaign, annotator: User) -> None:
    (assignment,) = lease(campaign, annotator)

    assert releasing.renew(assignment.pk, make_annotator()) is None


@pytest.mark.parametrize("state", [s for s in CampaignState if s != CampaignState.RUNNING])
def test_only_a_running_campaign_serves(
    campaign: Campaign, annotator: User, state: CampaignState
) -> None:
    campaign.state = state

    assert lease(campaign, annotator) == []


def test_what_is_in_hand_may_still_be_sent_after_a_pause(
    campaign: Campaign, annotator: User
) -> None:
    (assignment,) = lease(campaign, annotator)
    launching.pause(campaign, campaign.owner)

    assert send(campaign, annotator, answer_to(assignment)).status == "created"


def reason(campaign: Campaign, annotator: User) -> str:
    return waiting.why_nothing(campaign, annotator).reason


def test_who_has_seen_all_is_done(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    make_label(campaign.tasks.get(), annotator)

    assert reason(campaign, annotator) == "done"


def test_a_campaign_that_has_all_labels_is_done(annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    make_label(campaign.tasks.get())

    assert reason(campaign, annotator) == "done"


def test_places_in_the_hands_of_others_are_worth_waiting_for(annotator: User) -> None:
    campaign = make_campaign(clips=1, redundancy=1)
    lease(campaign, make_annotator())

    assert reason(campaign, annotator) == "waiting"


def test_a_paused_campaign_is_worth_waiting_for(campaign: Campaign, annotator: User) -> None:
    launching.pause(campaign, campaign.owner)

    assert reason(campaign, annotator) == "waiting"


def test_a_finished_campaign_is_done(campaign: Campaign, annotator: User) -> None:
    launching.finish(campaign, campaign.owner)

    assert reason(campaign, annotator) == "done"


ASKED = {
    (Audience.CROWD, Role.ANNOTATOR),
    (Audience.CROWD, Role.EXPERT),
    (Audience.EXPERT, Role.EXPERT),
}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("audience", Audience.values)
def test_only_the_audience_is_served(audience: Audience, role: Role, db: None) -> None:
    campaign = make_campaign(audience=audience)
    user = make_user(role)
    is_asked = (audience, role) in ASKED

    assert Campaign.objects.open_to(user).contains(campaign) == is_asked
    if is_asked:
        assert lease(campaign, user)
    else:
        with pytest.raises(serving.NotInvitedError):
            lease(campaign, user)


@pytest.mark.parametrize("audience", [Audience.EXPERT, Audience.INVITED])
def test_who_is_invited_is_served(audience: Audience, annotator: User) -> None:
    campaign = make_campaign(audience=audience)
    Member.objects.create(campaign=campaign, user=annotator)

    assert lease(campaign, annotator)
    assert Campaign.objects.open_to(annotator).contains(campaign)


def test_an_invitation_does_not_make_a_researcher_an_annotator(campaign: Campaign) -> None:
    researcher = make_researcher()
    Member.objects.create(campaign=campaign, user=researcher)

    with pytest.raises(serving.NotInvitedError):
        lease(campaign, researcher)


def test_nobody_is_asked_to_label_in_a_draft(annotator: User) -> None:
    make_campaign(running=False)

    assert not Campaign.objects.open_to(annotator).exists()


def test_an_annotator_sees_the_options_in_one_order_all_along(annotator: User) -> None:
    campaign = make_campaign(clips=4)

    orders = [assignment.options_order for assignment in lease(campaign, annotator, 4)]

    assert orders == [orders[0]] * 4
    assert sorted(orders[0]["emotion"]) == ["anger", "calm", "joy", "sadness"]


def test_annotators_see_the_options_in_different_orders(campaign: Campaign) -> None:
    (one,) = lease(campaign, make_annotator())
    orders = {tuple(one.options_order["emotion"])}
    for _ in range(8):
        (other,) = lease(campaign, make_annotator())
        orders.add(tuple(other.options_order["emotion"]))
        Assignment.objects.leased().update(state="expired")
        campaign.tasks.update(live=0)

    assert len(orders) > 1


def test_positions_count_on_in_a_campaign(annotator: User) -> None:
    campaign = make_campaign(clips=4)
    first = lease(campaign, annotator, 2)
    for assignment in first:
        send(campaign, annotator, answer_to(assignment))

    second = lease(campaign, annotator, 2)

    assert [assignment.position for assignment in first + second] == [1, 2, 3, 4]


def test_why_a_task_was_chosen_goes_with_the_assignment(
    campaign: Campaign, annotator: User
) -> None:
    campaign.tasks.update(reason="informative", probability=0.25)

    (assignment,) = lease(campaign, annotator)

    assert (assignment.reason, assignment.probability) == ("informative", 0.25)


def test_a_retired_task_is_not_served(campaign: Campaign, annotator: User) -> None:
    campaign.tasks.update(retired=True)

    assert lease(campaign, annotator) == []
    assert reason(campaign, annotator) == "done"
