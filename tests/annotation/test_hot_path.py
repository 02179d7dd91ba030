"""Next and submit: so many queries, and an index walk however large the campaign is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation import care, gold, probing, serving
from annotation.gold import Known
from annotation.labelling import exchange
from annotation.models import Campaign, Care, Clip, Probe, Task
from tests.factories import answer_to, lease, make_campaign, make_collection

MANY = 3000


@pytest.mark.parametrize("answers", [1, 3])
def test_an_exchange_costs_the_same_however_much_it_carries(
    annotator: User, answers: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = make_campaign(clips=8)
    sent = [answer_to(assignment) for assignment in lease(campaign, annotator, answers)]
    campaign = Campaign.objects.select_related("scheme").get(pk=campaign.pk)

    # savepoint, seat, labels known, assignments, labels stored, assignments closed, seat counted,
    # events, leases held, tasks picked, places taken, assignments, seat, events, savepoint
    with django_assert_num_queries(15):
        done = exchange(campaign, annotator, sent, want=answers)

    assert [result.status for result in done.results] == ["created"] * answers
    assert len(done.assignments) == answers


def test_asking_for_what_is_in_hand_costs_little(
    campaign: Campaign, annotator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    lease(campaign, annotator, 2)

    # savepoint, seat, leases held, savepoint
    with django_assert_num_queries(4):
        lease(campaign, annotator, 2)


def test_counting_the_time_costs_one_write_and_no_read(
    annotator: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    campaign = make_campaign(clips=8)
    (held,) = lease(campaign, annotator)
    Care.objects.update(seen_at=timezone.now() - timedelta(seconds=30))
    campaign = Campaign.objects.select_related("scheme").get(pk=campaign.pk)

    with django_assert_num_queries(15 + 1):
        exchange(campaign, annotator, [answer_to(held)], want=1)

    assert Care.objects.get().on_end == pytest.approx(30, abs=5)


@pytest.fixture
def large_campaign(db: None) -> Campaign:
    """A campaign whose queue is worth an index, and another of the same size beside it."""
    for _ in range(2):
        collection = make_collection(clips=1)
        (shown,) = collection.clips.all()
        campaign = make_campaign(collection)
        Clip.objects.bulk_create(
            Clip(
                collection=collection,
                external_id=f"{n}",
                sha256=f"{n}",
                kind="image",
                media=shown.media,
                mime=shown.mime,
            )
            for n in range(MANY)
        )
        until = campaign.tasks.values_list("cleared_until", flat=True).get()
        clips = collection.clips.exclude(pk=shown.pk)
        Task.objects.bulk_create(
            Task(campaign=campaign, clip=clip, target=3, priority=n / MANY, cleared_until=until)
            for n, clip in enumerate(clips)
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return campaign


def plan_of(statement: str) -> str:
    with connection.cursor() as cursor:
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {statement}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def plan_of_pick(campaign: Campaign, annotator: User) -> str:
    seated = serving.seat(campaign, annotator).user
    with CaptureQueriesContext(connection) as seen:
        serving._pick(campaign, seated, 1)
    return plan_of(seen[0]["sql"])


def test_the_next_task_is_found_by_a_walk_along_the_queue(
    large_campaign: Campaign, annotator: User
) -> None:
    plan = plan_of_pick(large_campaign, annotator)

    assert "task_queue" in plan
    assert not re.search(r"Seq Scan on annotation_(task|clip)|SCAN|Sort|TEMP B-TREE", plan)


def test_the_walk_stays_short_behind_what_the_annotator_has_seen(
    large_campaign: Campaign, annotator: User
) -> None:
    seen = lease(large_campaign, annotator, 10)
    exchange(large_campaign, annotator, [answer_to(one) for one in seen], 0)

    (assignment,) = lease(large_campaign, annotator)

    best = Task.objects.filter(campaign=large_campaign).most_wanted_first()[10]
    assert assignment.task == best
    assert "task_queue" in plan_of_pick(large_campaign, annotator)


def test_opting_out_keeps_the_walk(large_campaign: Campaign, annotator: User) -> None:
    care.opt_out(annotator, ["violence", "death"])

    plan = plan_of_pick(large_campaign, annotator)

    assert "task_queue" in plan
    assert not re.search(r"Seq Scan on annotation_(task|clip)|SCAN|Sort|TEMP B-TREE", plan)


def test_no_step_of_an_exchange_looks_through_a_table(
    large_campaign: Campaign, annotator: User
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL looks through small tables, whatever their indexes")
    (assignment,) = lease(large_campaign, annotator)

    with CaptureQueriesContext(connection) as seen:
        exchange(large_campaign, annotator, [answer_to(assignment)], want=1)

    plans = [plan_of(query["sql"]) for query in seen if query["sql"].startswith("SELECT")]
    assert len(plans) == 5
    assert not [plan for plan in plans if "SCAN" in plan or "TEMP B-TREE" in plan]


@pytest.mark.parametrize("probe", [Probe.GOLD, Probe.TRAINING, Probe.REPEAT, Probe.ATTENTION])
def test_a_probe_is_found_among_few_rows_however_large_the_campaign(
    large_campaign: Campaign, annotator: User, probe: Probe
) -> None:
    tasks = large_campaign.tasks.order_by("-pk")[:20]
    names = [task.clip.external_id for task in tasks]
    exchange(large_campaign, annotator, [answer_to(a) for a in lease(large_campaign, annotator)], 0)
    known = [Known(name, "joy", teaches=n % 2 == 0) for n, name in enumerate(names)]
    gold.mark(large_campaign, known, large_campaign.owner)
    member = serving.seat(large_campaign, annotator)
    member.served = 20

    with CaptureQueriesContext(connection) as seen:
        (turn,) = probing.pick(large_campaign, member, [probe], [])

    assert turn is not None
    plan = plan_of(seen[0]["sql"])
    assert not re.search(r"annotation_task_campaign|task_queue|Seq Scan on annotation_task\b", plan)
