from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from annotation import consensus, reports_annotators
from annotation.answers import Answer
from annotation.models import Campaign, Fit, Reliability
from consent import review
from tests import factories
from tests.annotation.views.agreeing import labelled_campaign


@pytest.fixture
def labelled(client: Client, db: None) -> Campaign:
    campaign = labelled_campaign()
    client.force_login(campaign.owner)
    return campaign


def first_and_last(campaign: Campaign) -> tuple[User, User]:
    people = User.objects.filter(labels__campaign=campaign).distinct().order_by("pk")
    return people[0], people[len(people) - 1]


def table(client: Client, campaign: Campaign, **asked: Any) -> Any:
    return client.get(reverse("annotation:annotators", args=[campaign.pk]), asked)


def detail(client: Client, campaign: Campaign, who: User) -> str:
    address = reverse("annotation:annotator", args=[campaign.pk, who.pk])
    return client.get(address).content.decode()


def test_the_table_is_in_the_order_that_is_asked_for(labelled: Campaign, client: Client) -> None:
    for number, row in enumerate(Reliability.objects.filter(campaign=labelled).order_by("pk")):
        Reliability.objects.filter(pk=row.pk).update(mean_weight=[0.5, 0.9, 0.1][number])

    up = table(client, labelled, order="weight").context["rows"]
    down = table(client, labelled, order="-weight").context["rows"]

    assert [item["row"].mean_weight for item in up] == [0.1, 0.5, 0.9]
    assert [item["row"].mean_weight for item in down] == [0.9, 0.5, 0.1]


def test_an_order_that_there_is_not_is_the_usual_one(labelled: Campaign, client: Client) -> None:
    assert table(client, labelled, order="password").status_code == 200


def test_the_head_says_how_the_table_is_sorted(labelled: Campaign, client: Client) -> None:
    html = table(client, labelled, order="-skips").content.decode()

    assert html.count("aria-sort") == 1
    assert 'aria-sort="descending"' in html


def test_skips_are_counted_and_cost_no_weight(db: None) -> None:
    campaign = factories.make_campaign(clips=5)
    skips, does_not = (factories.make_annotator() for _ in range(2))
    (held,) = factories.lease(campaign, skips)
    factories.send(campaign, skips, Answer(uuid4(), held.pk, skip="cannot-tell"))
    for task in campaign.tasks.exclude(pk=held.task_id):
        for person in (skips, does_not):
            factories.make_label(task, person)
    consensus.refresh(campaign, settle=True)

    one, other = reports_annotators.plain(campaign)

    assert (one.pop("n_skips"), other.pop("n_skips")) == (1, 0)
    assert one.pop("annotator") != other.pop("annotator")
    assert one == other


def answer_in(campaign: Campaign, who: User, *milliseconds: int | None) -> None:
    held = factories.lease(campaign, who, want=len(milliseconds))
    for assignment, taken in zip(held, milliseconds, strict=True):
        factories.send(campaign, who, factories.answer_to(assignment, active_ms=taken))


def test_the_median_is_of_the_times_that_were_told(db: None) -> None:
    campaign = factories.make_campaign(clips=4)
    who, silent = (factories.make_annotator() for _ in range(2))
    answer_in(campaign, who, 1000, 9000, None, 2000)
    answer_in(campaign, silent, None, None)

    found = reports_annotators.median_seconds(campaign, [who.pk, silent.pk])

    assert found == {who.pk: 2.0}


def test_the_api_tells_pace_and_skips(db: None) -> None:
    campaign = factories.make_campaign(clips=3)
    who = factories.make_annotator()
    answer_in(campaign, who, 1000, 4000)
    (held,) = factories.lease(campaign, who)
    factories.send(campaign, who, Answer(uuid4(), held.pk, skip="cannot-tell"))
    consensus.refresh(campaign, settle=True)

    (row,) = reports_annotators.plain(campaign)

    assert (row["annotator"], row["n_labels"]) == (who.pk, 2)
    assert (row["mean_seconds"], row["n_skips"]) == (2.5, 1)


def test_an_annotator_whose_weight_nobody_reckons_is_said_to_weigh_like_all(
    labelled: Campaign, client: Client
) -> None:
    assert "weighs all labels alike" in detail(client, labelled, first_and_last(labelled)[0])


def test_a_newcomer_starts_at_the_average(labelled: Campaign, client: Client) -> None:
    Fit.objects.filter(campaign=labelled).update(aggregator="spam_mixture")

    assert "starts at the average of all" in detail(client, labelled, first_and_last(labelled)[0])


def test_an_answer_given_much_oftener_than_others_give_it_is_named(
    client: Client, db: None
) -> None:
    campaign = factories.make_campaign(factories.make_collection(24, people=4), redundancy=4)
    people = [factories.make_annotator() for _ in range(4)]
    for number, task in enumerate(campaign.tasks.order_by("pk")):
        for person in people:
            usual = ["joy", "sadness", "anger", "calm"][number % 4]
            factories.make_label(task, person, "calm" if person is people[0] else usual)
    consensus.refresh(campaign, settle=True)
    client.force_login(campaign.owner)

    html = detail(client, campaign, people[0])

    assert "the answers follow them 6 of 24 times" in html
    assert "“calm” is given 4.0 times as often" in html


def test_an_annotator_is_compared_with_the_others_alone(labelled: Campaign) -> None:
    who, _ = first_and_last(labelled)

    beside = reports_annotators.record_of(labelled, who).beside

    assert beside
    assert beside.n == 12
    assert beside.shares[0].tolist() == [0.5, 0.0, 0.5, 0.0]


def test_labels_without_consent_are_left_out(labelled: Campaign) -> None:
    who, _ = first_and_last(labelled)
    for consent in labelled.tasks.earliest("pk").clip.participants.get().consents.all():
        review.withdraw(consent, None)

    beside = reports_annotators.record_of(labelled, who).beside

    assert beside
    assert beside.n == 9


def test_who_labelled_in_another_campaign_is_not_there(labelled: Campaign, client: Client) -> None:
    other = factories.make_label(factories.make_campaign().tasks.earliest("pk")).annotator

    answer = client.get(reverse("annotation:annotator", args=[labelled.pk, other.pk]))

    assert answer.status_code == 404


@pytest.mark.parametrize("make", [factories.make_annotator, factories.make_researcher])
def test_an_annotators_page_is_there_for_managers_alone(
    make: Any, labelled: Campaign, client: Client
) -> None:
    client.force_login(make())
    who, _ = first_and_last(labelled)

    answer = client.get(reverse("annotation:annotator", args=[labelled.pk, who.pk]))

    assert answer.status_code == 404


def test_annotators_do_not_see_their_own_page(labelled: Campaign, client: Client) -> None:
    who, _ = first_and_last(labelled)
    client.force_login(who)

    answer = client.get(reverse("annotation:annotator", args=[labelled.pk, who.pk]))

    assert answer.status_code == 404


def test_comparisons_estimate_nothing_of_annotators(client: Client, db: None) -> None:
    campaign = factories.make_comparison()
    task = campaign.tasks.earliest("pk")
    who = factories.make_label(task, value="first").annotator
    client.force_login(campaign.owner)

    assert "compares clips" in table(client, campaign).content.decode()
    assert "Nothing can be told yet" in detail(client, campaign, who)


@pytest.mark.parametrize("name", ["annotators", "annotator"])
def test_the_number_of_queries_grows_neither_with_clips_nor_with_people(
    name: str, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    taken = []
    for clips, people in ((3, 2), (12, 5)):
        campaign = labelled_campaign(clips=clips, people=people)
        client.force_login(campaign.owner)
        place = [campaign.pk, first_and_last(campaign)[0].pk][: 1 if name == "annotators" else 2]
        with django_assert_max_num_queries(16) as seen:
            client.get(reverse(f"annotation:{name}", args=place))
        taken.append(len(seen.captured_queries))

    assert taken[0] == taken[1]
