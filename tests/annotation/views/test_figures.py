from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from annotation import consensus
from annotation.models import Campaign, Task
from annotation.views import figures
from consent import review
from tests import factories


@pytest.fixture
def labelled(client: Client, db: None) -> Campaign:
    """Make a campaign of four clips, each with two labels, on one of which people differ."""
    campaign = factories.make_campaign(clips=4)
    people = [factories.make_annotator() for _ in range(2)]
    for number, task in enumerate(campaign.tasks.order_by("pk")):
        said = ["joy", "anger"] if number == 0 else ["joy", "joy"]
        for person, value in zip(people, said, strict=True):
            factories.make_label(task, person, value)
    consensus.refresh(campaign, settle=True)
    client.force_login(campaign.owner)
    return campaign


def test_progress_counts_labels_against_places(labelled: Campaign) -> None:
    progress = figures.progress(labelled)

    assert (progress.n_labels, progress.wanted, progress.n_tasks) == (8, 12, 4)


def test_shares_count_each_answer(labelled: Campaign) -> None:
    shares = {share.option: share.of_all for share in figures.distribution(labelled)}

    assert shares == {"joy": 7 / 8, "sadness": 0, "anger": 1 / 8, "calm": 0}


def test_labels_left_out_are_in_no_figure(labelled: Campaign) -> None:
    gone = labelled.labels.filter(value__emotion="anger").get().annotator
    labelled.members.filter(user=gone).update(heard=False)

    shares = {share.option: share.of_all for share in figures.distribution(labelled)}

    assert shares == {"joy": 1, "sadness": 0, "anger": 0, "calm": 0}
    assert figures.progress(labelled).n_labels == 4


def test_only_clips_picked_by_chance_say_how_common_an_answer_is(db: None) -> None:
    campaign = factories.make_campaign(clips=2)
    by_chance, picked = campaign.tasks.order_by("pk")
    Task.objects.filter(pk=picked.pk).update(reason="informative")
    factories.make_label(by_chance, value="joy")
    picked.refresh_from_db()
    factories.make_label(picked, value="anger")

    shares = {share.option: share.by_chance for share in figures.distribution(campaign)}

    assert (shares["joy"], shares["anger"]) == (1.0, 0.0)


def test_the_clip_on_which_people_differ_stands_first(labelled: Campaign) -> None:
    first = labelled.tasks.order_by("pk")[0]

    rows = figures.ambiguous(labelled, labelled.owner)

    assert rows[0]["row"].task == first


def test_a_clip_whose_consent_was_withdrawn_leaves_every_figure(labelled: Campaign) -> None:
    participant = labelled.tasks.order_by("pk")[0].clip.participants.get()
    for consent in participant.consents.all():
        review.withdraw(consent, None)

    assert figures.ambiguous(labelled, labelled.owner) == []
    assert figures.progress(labelled).n_labels == 0


def test_too_few_labels_is_said_in_a_sentence(labelled: Campaign, client: Client) -> None:
    html = client.get(reverse("annotation:campaign", args=[labelled.pk])).content.decode()

    assert "Smoothed share of votes is in use" in html


def test_nothing_is_sent_again_until_something_changes(labelled: Campaign, client: Client) -> None:
    address = reverse("annotation:figures", args=[labelled.pk])
    seen = {"seen": figures.stamp(labelled)}

    before = client.get(address, seen).status_code
    factories.make_label(labelled.tasks.order_by("pk")[0])
    after = client.get(address, seen)

    assert before == 204
    assert after.status_code == 200


def test_each_chart_has_its_table(labelled: Campaign, client: Client) -> None:
    html = client.get(reverse("annotation:campaign", args=[labelled.pk])).content.decode()

    assert 'role="img"' in html
    assert 'data-keep="shares"' in html
