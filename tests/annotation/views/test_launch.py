from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from annotation.models import Campaign, CampaignState, Collection
from annotation.views.forms import LaunchForm
from consent.models import Purpose
from tests import factories


@pytest.fixture
def collection(client: Client, researcher: User) -> Collection:
    client.force_login(researcher)
    found = factories.make_collection(clips=3)
    factories.make_clip(found, factories.make_participant())
    return found


def wish(collection: Collection, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Faces",
        "collection": collection.pk,
        "purpose": Purpose.AFFECTIVE_SCIENCE.value,
        "question": "What does the person feel?",
        "options": "joy = Joy\nsadness",
        "confidence": "on",
        "audience": "crowd",
        "redundancy": 3,
        "audit_share": 0.15,
        "lease_seconds": 900,
        "round_every": 200,
        "warm_up": 50,
    } | changes


def test_the_form_makes_a_draft_with_its_question(client: Client, collection: Collection) -> None:
    answer = client.post(reverse("annotation:launch"), wish(collection))

    campaign = Campaign.objects.get()
    asked, sure = campaign.scheme.questions
    assert answer["Location"] == reverse("annotation:campaign", args=[campaign.pk])
    assert campaign.state == CampaignState.DRAFT
    assert campaign.n_tasks == 4
    assert asked["options"] == [
        {"value": "joy", "text": "Joy"},
        {"value": "sadness", "text": "sadness"},
    ]
    assert sure["instrument"] == "confidence"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"options": "joy"}, "2 to 12 options, not 1"),
        ({"options": "\n".join(map(str, range(13)))}, "2 to 12 options, not 13"),
        ({"options": "joy\nJoy"}, "there twice"),
        ({"redundancy": 0}, "greater than or equal to 1"),
        ({"audit_share": 0}, "greater than or equal to 0.05"),
        ({"purpose": "marketing"}, "Select a valid choice"),
        ({"name": ""}, "required"),
        ({"vectors": "wav2vec"}, "has no vectors called wav2vec. Bring them first"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(
    changes: dict[str, Any], said: str, client: Client, collection: Collection
) -> None:
    answer = client.post(reverse("annotation:launch"), wish(collection, **changes))

    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_the_preview_says_how_many_clips_may_be_used(
    client: Client, collection: Collection
) -> None:
    page = client.post(reverse("annotation:launch-preview"), wish(collection)).content.decode()

    assert "3 of 4" in page
    assert "9 labels" in page
    assert "How sure are you?" in page


def test_the_preview_takes_a_form_that_is_half_filled_in(
    client: Client, collection: Collection
) -> None:
    answer = client.post(reverse("annotation:launch-preview"), {"name": "Fac"})

    assert answer.status_code == 200
    assert not Campaign.objects.exists()


def test_the_buttons_take_a_campaign_through_its_states(
    client: Client, collection: Collection, researcher: User
) -> None:
    campaign = factories.make_campaign(collection, running=False, owner=researcher)
    seen = []

    for change in ("start", "pause", "start", "finish", "start"):
        client.post(reverse("annotation:campaign-state", args=[campaign.pk]), {"change": change})
        campaign.refresh_from_db()
        seen.append(str(campaign.state))

    assert seen == ["running", "paused", "running", "finished", "finished"]


def test_a_start_without_one_usable_clip_says_what_to_do(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    collection = factories.make_collection()
    factories.make_clip(collection, factories.make_participant())
    campaign = factories.make_campaign(collection, running=False, owner=researcher)
    address = reverse("annotation:campaign-state", args=[campaign.pk])

    answer = client.post(address, {"change": "start"}, follow=True)

    assert "Have the consents approved first" in answer.content.decode()


def test_questions_can_be_given_as_in_a_campaign_file(
    client: Client, collection: Collection
) -> None:
    own = "- {name: sure, instrument: confidence, prompt: How sure, required: true}"

    client.post(reverse("annotation:launch"), wish(collection, design="own", own=own, options=""))

    (asked,) = Campaign.objects.get().scheme.questions
    assert (asked["name"], asked["instrument"]) == ("sure", "confidence")


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("- {name: [", "not YAML"),
        ("joy", "Give a list of questions"),
        ("- {name: a, instrument: telepathy, prompt: x}", "telepathy"),
    ],
)
def test_a_bad_list_of_questions_is_named(
    own: str, said: str, client: Client, collection: Collection
) -> None:
    answer = client.post(reverse("annotation:launch"), wish(collection, design="own", own=own))

    assert said in answer.content.decode()
    assert not Campaign.objects.exists()


def test_repeats_that_were_merely_offered_are_left_out_where_there_can_be_none(
    client: Client, collection: Collection
) -> None:
    client.post(
        reverse("annotation:launch"),
        wish(collection, stages="blind,context", repeat_every=30),
    )

    assert Campaign.objects.get().repeat_every == 0


def test_repeats_that_were_asked_for_are_refused_where_there_can_be_none(
    client: Client, collection: Collection
) -> None:
    answer = client.post(
        reverse("annotation:launch"),
        wish(collection, stages="blind,context", repeat_every=12),
    )

    assert "cannot be met again" in answer.content.decode()
    assert not Campaign.objects.exists()


def test_questions_about_time_are_not_launched_over_pictures(collection: Collection) -> None:
    form = LaunchForm(wish(collection, design="trace"))

    assert "pictures only" in str(form.errors["collection"])


def test_the_form_says_how_a_clip_is_shown(client: Client, collection: Collection) -> None:
    shown = {"stages": "blind,context", "layers": ["setting"], "undo_seconds": "30"}

    client.post(reverse("annotation:launch"), wish(collection, **shown))

    campaign = Campaign.objects.get()
    assert (campaign.stages, campaign.layers) == (["blind", "context"], ["setting"])
    assert (campaign.undo_seconds, campaign.context_first_share) == (30, 0.2)
