"""Annotators say something of themselves, or not; what becomes of it."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation import consensus, grouping, reports
from annotation.export import jsonl
from annotation.models import Campaign, Fit, GroupConsensus, Member, Population
from audit.models import Event
from consent import review
from jobs.models import Job
from tests import factories

ASKED: dict[str, Any] = {
    "group_prompt": "Where did you grow up?",
    "group_options": [
        {"value": "city", "text": "In a city"},
        {"value": "country", "text": "In the country"},
    ],
}


@pytest.fixture
def asking(db: None) -> Campaign:
    return factories.make_campaign(factories.make_collection(clips=2), **ASKED)


def join(campaign: Campaign) -> str:
    return reverse("annotation:join", args=[campaign.pk])


def label(campaign: Campaign) -> str:
    return reverse("annotation:label", args=[campaign.pk])


def own_page(campaign: Campaign) -> str:
    return reverse("annotation:my-group", args=[campaign.pk])


def test_people_are_asked_before_the_first_clip_with_nothing_preselected(
    client: Client, annotator: User, asking: Campaign
) -> None:
    client.force_login(annotator)

    answer = client.get(label(asking), follow=True)

    html = answer.content.decode()
    assert answer.redirect_chain == [(join(asking), 302)]
    assert "Where did you grow up?" in html
    assert "Rather not say" in html
    assert "checked" not in html


@pytest.mark.parametrize(("sent", "kept"), [("city", "city"), ("rather-not-say", ""), (None, "")])
def test_they_are_asked_once_whatever_they_say(
    client: Client, annotator: User, asking: Campaign, sent: str | None, kept: str
) -> None:
    client.force_login(annotator)

    client.post(join(asking), {"group": sent} if sent else {})

    assert Member.objects.get().group == kept
    assert client.get(label(asking)).status_code == 200


def test_an_answer_that_was_not_offered_is_refused(
    client: Client, annotator: User, asking: Campaign
) -> None:
    client.force_login(annotator)

    assert client.post(join(asking), {"group": "moon"}).status_code == 200
    assert not Member.objects.exists()


def test_scripts_are_never_held_up(asking: Campaign, annotator: User) -> None:
    assert len(factories.lease(asking, annotator)) == 1


def test_it_is_taken_back_on_the_own_page_and_the_log_has_no_answer(
    client: Client, annotator: User, asking: Campaign
) -> None:
    client.force_login(annotator)
    client.post(join(asking), {"group": "city"})
    client.post(own_page(asking), {"group": "country"})

    client.post(own_page(asking), {"group": "rather-not-say"})

    events = Event.objects.filter(verb__startswith="member.group").order_by("pk")
    assert Member.objects.get().group == ""
    assert [e.verb.rpartition("-")[2] for e in events] == ["given", "changed", "withdrawn"]
    assert not any("city" in e.data_text or "country" in e.data_text for e in events)


def test_nobody_answers_for_another(client: Client, annotator: User, asking: Campaign) -> None:
    Member.objects.create(campaign=asking, user=annotator, group="city")
    client.force_login(factories.make_annotator())

    assert client.post(own_page(asking), {"group": "country"}).status_code == 404
    assert Member.objects.get().group == "city"


def test_with_the_account_the_answer_goes(annotator: User, asking: Campaign) -> None:
    Member.objects.create(campaign=asking, user=annotator, group="city")

    annotator.delete()

    assert not Member.objects.exists()


@pytest.fixture
def read_apart(db: None) -> Campaign:
    """Six people answer by what the clips show, five by chance: their labels weigh less."""
    collection = factories.make_collection(clips=60, people=4)
    campaign = factories.make_campaign(collection, redundancy=11, **ASKED)
    chance = np.random.default_rng(5)
    for number in range(11):
        person = factories.make_annotator()
        group = "city" if number < 6 else "country"
        Member.objects.create(campaign=campaign, user=person, group=group)
        tasks = list(campaign.tasks.order_by("pk"))
        truth = [factories.EMOTIONS[i % 4] for i in range(len(tasks))]
        guesses = [str(chance.choice(factories.EMOTIONS)) for _ in tasks]
        factories.store_labels(tasks, person, truth if group == "city" else guesses)
    return campaign


def exported(campaign: Campaign) -> list[dict[str, Any]]:
    file = StringIO()
    jsonl.write(campaign, file, [])
    return [json.loads(line) for line in file.getvalue().splitlines()]


def test_a_group_that_weighs_less_is_published_apart(client: Client, read_apart: Campaign) -> None:
    consensus.fit(read_apart, Population.CROWD)

    city, country = reports.agreement(read_apart)["populations"]["crowd"]["groups"]
    assert (city["published_apart"], country["published_apart"]) == (False, True)
    assert (country["group"], country["n_raters"], country["n_labels"]) == ("country", 5, 300)
    assert country["low"] <= country["mean_weight"] <= country["high"]
    assert country["ratio"] < 0.8
    lines = exported(read_apart)
    assert {tuple(line["consensus"]["crowd"]["by_group"]) for line in lines} == {("country",)}
    assert sum(lines[0]["consensus"]["crowd"]["by_group"]["country"].values()) == pytest.approx(
        1, abs=0.03
    )
    client.force_login(read_apart.owner)
    page = client.get(reverse("annotation:campaign", args=[read_apart.pk])).content.decode()
    assert "The labels of In the country weigh less" in page


def test_a_group_of_four_is_nowhere(read_apart: Campaign) -> None:
    Member.objects.filter(group="country").first().delete()  # type: ignore[union-attr]

    consensus.fit(read_apart, Population.CROWD)

    assert [row["group"] for row in Fit.objects.get().groups] == ["city"]
    assert not GroupConsensus.objects.exists()


@pytest.mark.parametrize(("fewest", "clips"), [(5, 60), (6, 0)])
def test_a_clip_that_few_of_the_group_labelled_has_no_distribution_of_theirs(
    read_apart: Campaign, monkeypatch: pytest.MonkeyPatch, fewest: int, clips: int
) -> None:
    monkeypatch.setattr(grouping, "FEWEST_ON_A_CLIP", fewest)

    consensus.fit(read_apart, Population.CROWD)

    assert GroupConsensus.objects.count() == clips


def test_whoever_takes_an_answer_back_takes_the_figures_with_it(read_apart: Campaign) -> None:
    consensus.fit(read_apart, Population.CROWD)
    member = Member.objects.filter(group="country").earliest("pk")

    grouping.answer(read_apart, member.user, grouping.NOT_SAID)

    assert Fit.objects.get().groups == []
    assert not GroupConsensus.objects.exists()
    assert Job.objects.filter(kind="consensus", args__settle=True).exists()


def test_a_new_fit_replaces_what_was_said_by_group(read_apart: Campaign) -> None:
    consensus.fit(read_apart, Population.CROWD)
    newest = consensus.fit(read_apart, Population.CROWD)

    assert set(GroupConsensus.objects.values_list("fit", flat=True)) == {newest.pk if newest else 0}


def test_labels_without_consent_are_in_no_figure(read_apart: Campaign) -> None:
    person = read_apart.tasks.order_by("pk")[0].clip.participants.get()
    review.withdraw(person.consents.get(), None)

    consensus.fit(read_apart, Population.CROWD)

    country = next(g for g in Fit.objects.get().groups if g["group"] == "country")
    assert country["n_labels"] < 300
    assert not country["published_apart"]
