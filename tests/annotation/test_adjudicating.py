"""Experts decide what the crowd could not settle, each after an answer of their own."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import Role, User
from annotation import adjudicating, consensus, reports
from annotation.export.clips import records
from annotation.models import Adjudication, Campaign, Need, Task
from audit.models import Event
from consent import review
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_label,
    make_user,
    send,
)

WHY = "The eyes do not smile, and the voice breaks."


@pytest.fixture
def expert(db: None) -> User:
    return make_user(Role.EXPERT)


@pytest.fixture
def task(db: None) -> Task:
    """A clip on which four of the crowd said four things, as many as may be asked."""
    campaign = make_campaign(clips=1, redundancy=4, most_labels=4)
    task = campaign.tasks.get()
    for word in ("joy", "anger", "calm", "sadness"):
        task.refresh_from_db()
        make_label(task, make_annotator(), word)
    consensus.refresh(campaign, settle=True)
    task.refresh_from_db()
    assert task.need == Need.EXPERT
    return task


def answer(task: Task, expert: User, word: str = "calm") -> None:
    (held,) = lease(task.campaign, expert)
    send(task.campaign, expert, answer_to(held, word))
    consensus.refresh(task.campaign, settle=True)
    task.refresh_from_db()


def test_nobody_sees_what_others_said_before_their_own_answer(task: Task, expert: User) -> None:
    with pytest.raises(adjudicating.NotPossibleError, match="yourself first"):
        adjudicating.case(task, expert)
    with pytest.raises(adjudicating.NotPossibleError, match="yourself first"):
        adjudicating.decide(task, expert, "calm", WHY)


def test_an_expert_who_answered_sees_every_label_and_its_weight(task: Task, expert: User) -> None:
    answer(task, expert)

    case = adjudicating.case(task, expert)

    said = [(voice.population, voice.category) for voice in case.voices]
    assert said == [("Crowd", w) for w in ("joy", "anger", "calm", "sadness")] + [
        ("Experts", "calm")
    ]
    assert all(voice.weight is not None for voice in case.voices)
    assert [row.population for row in case.consensuses] == ["crowd", "expert"]


def test_a_decision_keeps_what_it_was_based_on(task: Task, expert: User) -> None:
    answer(task, expert)

    decision = adjudicating.decide(task, expert, "calm", f"  {WHY} ")

    assert (decision.category, decision.rationale) == ("calm", WHY)
    assert decision.seen["labels"] == list(task.labels.order_by("pk").values_list("pk", flat=True))
    assert len(decision.seen["distribution"]) == 4
    assert Event.objects.filter(verb="task.adjudicated").count() == 1


def test_a_mixture_may_be_the_decision(task: Task, expert: User) -> None:
    answer(task, expert)

    assert adjudicating.decide(task, expert, "", WHY).category == ""


@pytest.mark.parametrize(
    ("category", "why", "problem"),
    [("rage", WHY, "one of the answers"), ("calm", "   short ", "Say why")],
)
def test_a_decision_needs_an_answer_and_a_reason(
    task: Task, expert: User, category: str, why: str, problem: str
) -> None:
    answer(task, expert)

    with pytest.raises(adjudicating.NotPossibleError, match=problem):
        adjudicating.decide(task, expert, category, why)
    assert not Adjudication.objects.exists()


def test_a_later_decision_supersedes_and_the_earlier_stays(task: Task, expert: User) -> None:
    answer(task, expert)
    first = adjudicating.decide(task, expert, "calm", WHY)

    second = adjudicating.decide(task, expert, "sadness", "On a second look it is grief held back.")

    assert second.supersedes == first
    assert list(Adjudication.objects.standing()) == [second]
    assert Adjudication.objects.count() == 2


def test_the_database_refuses_to_change_a_decision(task: Task, expert: User) -> None:
    answer(task, expert)
    decision = adjudicating.decide(task, expert, "calm", WHY)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Adjudication.objects.filter(pk=decision.pk).update(category="joy")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Adjudication.objects.filter(pk=decision.pk)._raw_delete("default")


def test_a_withdrawn_consent_closes_the_case(task: Task, expert: User) -> None:
    answer(task, expert)
    review.withdraw(task.clip.participants.get().consents.get(), None)

    assert not adjudicating.cases(task.campaign)
    with pytest.raises(adjudicating.NotPossibleError, match="any more"):
        adjudicating.decide(task, expert, "calm", WHY)


def test_a_decision_changes_no_label_and_no_distribution(task: Task, expert: User) -> None:
    answer(task, expert)
    before = [(row.population, row.distribution) for row in task.consensuses.order_by("pk")]

    adjudicating.decide(task, expert, "calm", WHY)
    consensus.refresh(task.campaign, settle=True)

    assert [(r.population, r.distribution) for r in task.consensuses.order_by("pk")] == before


def test_an_export_has_the_decision_beside_the_labels(task: Task, expert: User) -> None:
    answer(task, expert)
    adjudicating.decide(task, expert, "calm", WHY)

    (row,) = records(task.campaign, [])

    (decision,) = row["adjudications"]
    assert (decision["category"], decision["rationale"], decision["stands"]) == ("calm", WHY, True)
    assert decision["expert"] != str(expert.pk)


def test_how_far_experts_differ_from_the_crowd_is_a_finding(task: Task, expert: User) -> None:
    assert reports.experts_and_crowd(task.campaign) is None

    answer(task, expert)

    found = reports.experts_and_crowd(task.campaign)
    assert found
    assert found["n_tasks"] == 1
    assert found["low"] <= found["value"] <= found["high"]


def test_an_experts_first_page_leads_to_the_cases(task: Task, expert: User, client: Client) -> None:
    address = reverse("annotation:cases", args=[task.campaign_id])
    client.force_login(expert)
    assert address in client.get(reverse("home")).content.decode()

    client.force_login(make_annotator())
    assert address not in client.get(reverse("home")).content.decode()


def test_the_page_takes_a_decision(task: Task, expert: User, client: Client) -> None:
    answer(task, expert)
    client.force_login(expert)
    address = reverse("annotation:case", args=[task.campaign_id, task.pk])
    assert "Every label" in client.get(address).content.decode()

    said = client.post(address, {"category": "-", "rationale": WHY})

    assert said.status_code == 302
    assert Adjudication.objects.get().category == ""
    page = client.get(reverse("annotation:cases", args=[task.campaign_id])).content.decode()
    assert "the mixture stands" in page


def test_the_page_says_what_is_missing(task: Task, expert: User, client: Client) -> None:
    answer(task, expert)
    client.force_login(expert)
    address = reverse("annotation:case", args=[task.campaign_id, task.pk])

    page = client.post(address, {"category": "calm", "rationale": "no"}).content.decode()

    assert "at least 10 characters" in page
    assert not Adjudication.objects.exists()


def test_the_page_sends_who_has_not_answered_back_to_the_list(
    task: Task, expert: User, client: Client
) -> None:
    client.force_login(expert)

    said = client.get(reverse("annotation:case", args=[task.campaign_id, task.pk]), follow=True)

    page = said.content.decode()
    assert "You have not answered it yet" in page
    assert "Every label" not in page


def test_the_manager_reads_and_does_not_decide(task: Task, client: Client) -> None:
    client.force_login(task.campaign.owner)
    address = reverse("annotation:case", args=[task.campaign_id, task.pk])

    assert "Every label" in client.get(address).content.decode()
    assert client.post(address, {"category": "-", "rationale": WHY}).status_code == 403


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.REVIEWER, Role.RESEARCHER])
def test_others_find_no_cases(task: Task, client: Client, role: Role) -> None:
    client.force_login(make_user(role))

    for name, args in (("cases", [task.campaign_id]), ("case", [task.campaign_id, task.pk])):
        assert client.get(reverse(f"annotation:{name}", args=args)).status_code == 404


def test_a_case_of_another_campaign_is_not_there(
    task: Task, expert: User, client: Client, campaign: Campaign
) -> None:
    client.force_login(expert)

    assert client.get(reverse("annotation:case", args=[campaign.pk, task.pk])).status_code == 404
