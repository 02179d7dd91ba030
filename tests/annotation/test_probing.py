"""Where probes stand among an annotator's clips, and that they take nobody's place."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Role, User
from annotation import gold, launching, probing, serving, soundness, waiting
from annotation.gold import Known
from annotation.models import Assignment, Campaign, Label, Probe
from jobs.models import Job
from tests.factories import EMOTIONS, answer_to, lease, make_annotator, make_campaign, make_user
from tests.factories import send as send_answer

pytestmark = pytest.mark.django_db


def make_tested(clips: int = 40, n_gold: int = 8, **settings: Any) -> Campaign:
    """Make a campaign in which the first clips are gold, each emotion in turn."""
    campaign = make_campaign(clips=clips, **{"entry_checks": 4, "check_every": 0, **settings})
    names = names_of(campaign)[:n_gold]
    known = [Known(name, EMOTIONS[i % len(EMOTIONS)]) for i, name in enumerate(names)]
    if known:
        gold.mark(campaign, known, campaign.owner)
    return campaign


def names_of(campaign: Campaign) -> list[str]:
    return list(campaign.tasks.order_by("pk").values_list("clip__external_id", flat=True))


def work(campaign: Campaign, annotator: User, n: int, value: Any = "joy") -> list[Assignment]:
    """Answer the next `n` clips, one at a time, and return what they were."""
    done = []
    for _ in range(n):
        for assignment in lease(campaign, annotator):
            send_answer(campaign, annotator, answer_to(assignment, value))
            done.append(assignment)
    return done


def probes(assignments: list[Assignment]) -> list[str]:
    return [assignment.probe for assignment in assignments]


def test_a_newcomer_begins_with_clips_of_known_reading(annotator: User) -> None:
    campaign = make_tested()

    assert probes(work(campaign, annotator, 6)) == [Probe.GOLD] * 4 + [Probe.NONE] * 2


def test_the_first_checks_go_through_all_categories(annotator: User) -> None:
    campaign = make_tested()

    done = work(campaign, annotator, 4)

    strata = campaign.gold.filter(task__in=[one.task_id for one in done])
    assert sorted(strata.values_list("stratum", flat=True)) == [0, 1, 2, 3]


def test_who_skips_a_check_meets_another(annotator: User) -> None:
    campaign = make_tested()
    for _ in range(2):
        (check,) = lease(campaign, annotator)
        send_answer(campaign, annotator, answer_to(check, None, skip="cannot-tell"))

    done = work(campaign, annotator, 5)

    assert probes(done) == [Probe.GOLD] * 4 + [Probe.NONE]


def test_the_first_checks_end_however_many_are_skipped(annotator: User) -> None:
    campaign = make_tested(n_gold=20)
    met = []
    for _ in range(10):
        (clip,) = lease(campaign, annotator)
        send_answer(campaign, annotator, answer_to(clip, None, skip="cannot-tell"))
        met.append(clip)

    assert probes(met) == [Probe.GOLD] * 8 + [Probe.NONE] * 2


def test_a_gap_does_not_end_the_first_checks(annotator: User) -> None:
    campaign = make_tested()
    known = list(campaign.gold.values_list("task", flat=True))
    campaign.tasks.filter(pk__in=known).update(cleared_until=None)
    work(campaign, annotator, 2)
    (other,) = campaign.tasks.exclude(cleared_until=None)[:1]
    campaign.tasks.filter(pk__in=known).update(cleared_until=other.cleared_until)

    assert probes(work(campaign, annotator, 5)) == [Probe.GOLD] * 4 + [Probe.NONE]


def test_later_one_in_so_many_is_a_check_at_a_place_drawn_by_lot() -> None:
    campaign = make_tested(clips=60, n_gold=20, entry_checks=0, check_every=10, redundancy=100)

    places = [
        [place for place, probe in enumerate(probes(work(campaign, make_annotator(), 30))) if probe]
        for _ in range(3)
    ]

    assert [[place // 10 for place in one] for one in places] == [[0, 1, 2]] * 3
    assert len({tuple(one) for one in places}) > 1


def test_where_a_check_stands_cannot_be_worked_out_without_the_secret_of_the_site(
    annotator: User, settings: Any
) -> None:
    campaign = make_tested(entry_checks=0, check_every=10)
    member = serving.seat(campaign, annotator)
    places = []
    for secret in ("one", "another"):
        settings.SECRET_KEY = secret
        places.append(probing.due(campaign, member, 100))

    assert places[0] != places[1]
    assert [found.count(Probe.GOLD) for found in places] == [10, 10]


def test_what_was_leased_at_once_is_as_if_it_came_one_by_one(annotator: User) -> None:
    campaign = make_tested()

    assert probes(lease(campaign, annotator, 6)) == [Probe.GOLD] * 4 + [Probe.NONE] * 2


def test_a_check_takes_no_place_of_its_clip(annotator: User) -> None:
    campaign = make_tested(redundancy=1, n_gold=4)

    for person in (annotator, make_annotator(), make_annotator()):
        work(campaign, person, 4)

    assert Assignment.objects.filter(probe=Probe.GOLD).count() == 12
    assert set(campaign.tasks.values_list("live", flat=True)) == {0}
    assert soundness.examine(campaign).is_sound


def test_a_check_that_ran_out_gives_back_no_place(annotator: User) -> None:
    campaign = make_tested()
    (check,) = lease(campaign, annotator)

    send_answer(campaign, annotator, answer_to(check, None, skip="cannot-tell"))

    check.task.refresh_from_db()
    assert check.task.live == 0


def test_gold_is_served_to_nobody_as_a_clip_to_label(annotator: User) -> None:
    campaign = make_tested(clips=6, n_gold=4)

    done = work(campaign, annotator, 20)

    assert probes(done) == [Probe.GOLD] * 4 + [Probe.NONE] * 2
    assert waiting.why_nothing(campaign, annotator).reason == "done"


def test_nobody_is_tested_where_nothing_is_left_to_label(annotator: User) -> None:
    campaign = make_tested(clips=4, n_gold=4)

    assert lease(campaign, annotator) == []


def test_gold_of_people_who_withdrew_is_not_shown(annotator: User) -> None:
    campaign = make_tested(clips=8, n_gold=4)
    withdraw_all_but_the_last(campaign)

    assert Probe.GOLD not in probes(work(campaign, annotator, 4))


def withdraw_all_but_the_last(campaign: Campaign) -> None:
    *_, last = campaign.tasks.order_by("pk")
    campaign.tasks.exclude(pk=last.pk).update(cleared_until=None)


def test_experts_are_not_tested() -> None:
    campaign = make_tested()

    assert not any(probes(work(campaign, make_user(Role.EXPERT), 6)))


def test_where_there_are_only_experts_they_are_tested() -> None:
    campaign = make_tested(audience="expert")

    assert probes(work(campaign, make_user(Role.EXPERT), 4)) == [Probe.GOLD] * 4


def test_training_comes_before_everything(annotator: User) -> None:
    campaign = make_tested(training_clips=2)
    teach = [Known(name, "joy", teaches=True) for name in names_of(campaign)[-2:]]
    gold.mark(campaign, teach, campaign.owner)

    done = probes(work(campaign, annotator, 7))

    assert done == [Probe.TRAINING] * 2 + [Probe.GOLD] * 4 + [Probe.NONE]


def test_answers_to_probes_are_kept_and_do_not_count(annotator: User) -> None:
    campaign = make_tested()

    work(campaign, annotator, 5)

    assert Label.objects.filter(campaign=campaign).count() == 5
    assert Label.objects.standing().count() == 1
    assert {one.reason for one in Label.objects.probes(Probe.GOLD)} == {"probe"}


def test_an_answer_to_a_check_asks_for_a_look(annotator: User) -> None:
    campaign = make_tested()

    work(campaign, annotator, 2)

    assert Job.objects.filter(kind="quality", args__annotator=annotator.pk).count() == 1


@pytest.fixture
def repeating() -> Campaign:
    return make_tested(clips=60, n_gold=0, repeat_every=10)


def test_a_repeat_shows_a_clip_answered_a_while_ago_once(
    repeating: Campaign, annotator: User
) -> None:
    done = work(repeating, annotator, 50)

    again = [one for one in done if one.probe == Probe.REPEAT]
    first = {one.task_id: one.position for one in done if not one.probe}
    blocks = [(one.position - 1) // 10 for one in again]
    # In the second block it may be drawn for the one place that comes too soon.
    assert blocks in ([1, 2, 3, 4], [2, 3, 4])
    assert len({one.task_id for one in again}) == len(again)
    assert all(one.position - first[one.task_id] >= 10 for one in again)
    assert soundness.examine(repeating).is_sound


def test_a_clip_cannot_be_repeated_twice(repeating: Campaign, annotator: User) -> None:
    again = next(one for one in work(repeating, annotator, 30) if one.probe == Probe.REPEAT)

    again.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save(force_insert=True)


def test_clips_with_context_are_not_repeated(annotator: User) -> None:
    campaign = make_tested(clips=40, n_gold=0, repeat_every=5, stages=["blind", "context"])

    assert not any(probes(work(campaign, annotator, 30)))


def test_an_instruction_names_one_of_the_answers(annotator: User) -> None:
    campaign = make_tested(clips=60, n_gold=0, attention_every=10)

    done = work(campaign, annotator, 40)

    asked = [one.asked_for for one in done if one.probe == Probe.ATTENTION]
    assert len(asked) in (2, 3)
    assert set(asked) <= set(EMOTIONS)
    assert not any(one.asked_for for one in done if not one.probe)


def test_a_probe_is_served_with_four_queries_more(
    annotator: User, django_assert_max_num_queries: Any
) -> None:
    campaign = make_tested(entry_checks=8)
    work(campaign, annotator, 1)
    campaign = Campaign.objects.select_related("scheme").get(pk=campaign.pk)

    # savepoint, seat, leases held, one wanted task, candidates, the one of them, assignment,
    # seat, event, savepoint
    with django_assert_max_num_queries(10):
        (assignment,) = lease(campaign, annotator)

    assert assignment.probe == Probe.GOLD


def test_no_probe_costs_a_campaign_without_them_a_query(
    annotator: User, django_assert_num_queries: Any
) -> None:
    campaign = make_campaign(clips=8)
    lease(campaign, annotator)
    Assignment.objects.update(state=Assignment.State.LABELLED, step=1)
    campaign = Campaign.objects.select_related("scheme").get(pk=campaign.pk)

    with django_assert_num_queries(9):
        lease(campaign, annotator)


def test_more_labels_a_clip_leave_gold_out_of_the_queue(annotator: User) -> None:
    campaign = make_tested()

    launching.change_campaign(campaign, {"redundancy": 5}, campaign.owner)

    assert campaign.tasks.filter(retired=True).count() == 8
