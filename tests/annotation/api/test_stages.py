"""What a script is told of the stage it is in, and what its links open."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from annotation.models import Campaign, Clip
from consent import review
from tests import factories
from tests.annotation.api.calling import Caller
from tests.factories import make_clip, make_consenting_participant, make_reviewer


@pytest.fixture
def clip(db: None) -> Clip:
    person = make_consenting_participant()
    collection = factories.make_collection()
    neutral = make_clip(collection, person, external_id="neutral")
    factories.draw_media(neutral)
    layers = {"setting": "At work", "transcript": "Well <b>done</b>"}
    return make_clip(collection, person, duration=2.0, layers=layers, baseline=neutral)


@pytest.fixture
def campaign(clip: Clip) -> Campaign:
    made = factories.make_campaign(
        clip.collection, stages=["blind", "context"], context_first_share=0.0
    )
    made.tasks.exclude(clip=clip).update(retired=True)
    return made


def go_on(caller: Caller, campaign: Campaign, document: dict[str, Any]) -> dict[str, Any]:
    body = {"client_id": f"{document['step']:032x}", "value": "joy", "stage": document["stage"]}
    answer = caller.post(f"assignments/{document['assignment']}/label/", body)
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()["next"]
    return found


def test_the_context_comes_layer_by_layer(campaign: Campaign, annotator: User) -> None:
    caller = Caller(annotator)
    blind = caller.post(f"campaigns/{campaign.pk}/next/").json()

    first = go_on(caller, campaign, blind)
    second = go_on(caller, campaign, first)

    assert (blind["stage"], blind["context"], blind["steps"]) == ("blind", None, 4)
    assert [layer["text"] for layer in first["context"]["layers"]] == ["At work"]
    assert second["context"]["latest"] == "transcript"
    assert first["previous"] == {"emotion": "joy"}


def test_captions_open_with_the_transcript_and_not_before(
    campaign: Campaign, annotator: User, client: Client
) -> None:
    caller = Caller(annotator)
    client.force_login(annotator)
    blind = caller.post(f"campaigns/{campaign.pk}/next/").json()
    assert blind["captions_url"] is None

    told = go_on(caller, campaign, go_on(caller, campaign, blind))

    answer = client.get(told["captions_url"])
    assert answer["Content-Type"].startswith("text/vtt")
    assert "Well &lt;b&gt;done" in answer.content.decode()


def test_a_link_to_a_layer_that_is_not_open_yet_leads_nowhere(
    campaign: Campaign, annotator: User, client: Client
) -> None:
    from annotation.media_links import baseline_url, captions_url  # noqa: PLC0415

    Caller(annotator).post(f"campaigns/{campaign.pk}/next/")
    client.force_login(annotator)
    task = campaign.tasks.get(retired=False)

    for address in (captions_url(task.pk, annotator.pk), baseline_url(task.pk, annotator.pk)):
        assert client.get(address).status_code == 404


def test_a_baseline_goes_with_the_consent_of_who_is_in_it(
    campaign: Campaign, clip: Clip, annotator: User, client: Client
) -> None:
    stranger = make_consenting_participant()
    assert clip.baseline
    clip.baseline.participants.add(stranger)
    caller, document = Caller(annotator), None
    document = caller.post(f"campaigns/{campaign.pk}/next/").json()
    for _ in range(3):
        document = go_on(caller, campaign, document)
    link = document["context"]["layers"][-1]["media_url"]
    client.force_login(annotator)
    shown: Any = client.get(link)
    assert b"".join(shown.streaming_content)

    for consent in stranger.consents.in_force():
        review.withdraw(consent, make_reviewer())

    assert client.get(link).status_code == 404
    again = caller.post(f"campaigns/{campaign.pk}/next/").json()
    assert [layer["name"] for layer in again["context"]["layers"]] == ["setting", "transcript"]


@pytest.mark.parametrize(
    ("field", "value"),
    [("stages", ["context"]), ("stages", "blind"), ("layers", ["weather"]), ("layers", "setting")],
)
def test_stages_that_make_no_sense_are_refused_by_name(
    field: str, value: Any, researcher: User
) -> None:
    body = {
        "name": "Faces",
        "collection": factories.make_collection(clips=1).name,
        "scheme": {"question": "What is felt?", "options": ["joy", "anger"]},
        "purpose": "research.noncommercial.affective_science",
        field: value,
    }

    answer = Caller(researcher).post("campaigns/", body)

    assert answer.status_code == 422
    assert field in answer.json()["errors"]
