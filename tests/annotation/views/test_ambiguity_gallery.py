from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from annotation.models import Campaign, Consensus
from annotation.views import ambiguity
from consent import review
from tests import factories
from tests.annotation.views.agreeing import labelled_campaign


@pytest.fixture
def labelled(client: Client, db: None) -> Campaign:
    campaign = labelled_campaign(clips=6)
    client.force_login(campaign.owner)
    return campaign


def gallery(client: Client, campaign: Campaign, **asked: Any) -> Any:
    return client.get(reverse("annotation:ambiguity", args=[campaign.pk]), asked)


def shown(answer: Any) -> list[int]:
    return [item["row"].task_id for item in answer.context["clips"]]


def tasks(campaign: Campaign) -> list[int]:
    return list(campaign.tasks.order_by("pk").values_list("pk", flat=True))


def test_the_clips_on_which_people_differ_stand_first(labelled: Campaign, client: Client) -> None:
    known = tasks(labelled)

    assert set(shown(gallery(client, labelled))[:2]) == {known[0], known[3]}


def test_clips_of_one_state_can_be_asked_for(labelled: Campaign, client: Client) -> None:
    chosen = tasks(labelled)[4]
    Consensus.objects.filter(task=chosen).update(state="mixed")

    assert shown(gallery(client, labelled, state="mixed")) == [chosen]


def test_clips_between_two_answers_can_be_asked_for(labelled: Campaign, client: Client) -> None:
    assert shown(gallery(client, labelled, one="joy", other="anger")) == [tasks(labelled)[0]]


def test_an_answer_that_there_is_not_is_passed_over(labelled: Campaign, client: Client) -> None:
    assert len(shown(gallery(client, labelled, one="' or 1=1", state="no"))) == 6


def test_the_next_page_keeps_what_was_asked_for(
    labelled: Campaign, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ambiguity, "PAGE_SIZE", 2)
    Consensus.objects.filter(task__campaign=labelled).update(state="open")

    html = gallery(client, labelled, state="open").content.decode()

    assert "?page=2&amp;state=open" in html


def test_a_clip_without_consent_is_not_shown(labelled: Campaign, client: Client) -> None:
    for consent in labelled.tasks.earliest("pk").clip.participants.get().consents.all():
        review.withdraw(consent, None)

    assert tasks(labelled)[0] not in shown(gallery(client, labelled))


def test_pictures_are_behind_signed_addresses(labelled: Campaign, client: Client) -> None:
    html = gallery(client, labelled).content.decode()

    assert html.count("/media/") == 6
    assert labelled.collection.clips.earliest("pk").media not in html


def test_a_clip_with_one_label_differs_from_nothing(client: Client, db: None) -> None:
    campaign = labelled_campaign(clips=2, people=1)
    client.force_login(campaign.owner)

    assert shown(gallery(client, campaign)) == []


def test_comparisons_have_no_such_clips(client: Client, db: None) -> None:
    campaign = factories.make_comparison()
    client.force_login(campaign.owner)

    assert "compares clips" in gallery(client, campaign).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_clips(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries, db: None
) -> None:
    taken = []
    for clips in (2, 12):
        campaign = labelled_campaign(clips=clips)
        client.force_login(campaign.owner)
        with django_assert_max_num_queries(10) as seen:
            gallery(client, campaign)
        taken.append(len(seen.captured_queries))

    assert taken[0] == taken[1]
