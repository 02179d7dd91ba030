"""Gold, training and alarms over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from annotation import alarms
from annotation.models import AlarmKind, Campaign, Outcome
from tests.annotation.api.calling import Caller, problem
from tests.annotation.test_probing import names_of
from tests.factories import EMOTIONS, make_campaign, make_label, make_researcher

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(researcher: User) -> Caller:
    return Caller(researcher)


@pytest.fixture
def mine(researcher: User) -> Campaign:
    return make_campaign(owner=researcher, clips=8)


def gold_of(campaign: Campaign) -> str:
    return f"campaigns/{campaign.pk}/gold/"


def known(campaign: Campaign, reading: Any = "joy", **fields: Any) -> dict[str, Any]:
    return {"clip": names_of(campaign)[0], "reading": reading, **fields}


def test_a_clip_is_marked_with_its_reading(caller: Caller, mine: Campaign) -> None:
    response = caller.post(gold_of(mine), {"clips": [known(mine, {"joy": 0.8, "calm": 0.2})]})

    assert response.status_code == 201
    (row,) = caller.get(gold_of(mine)).json()
    assert row["reading"] == {"joy": 0.8, "sadness": 0, "anger": 0, "calm": 0.2}
    assert caller.get(f"campaigns/{mine.pk}/").json()["n_gold"] == 1


@pytest.mark.parametrize(
    ("reading", "said"),
    [
        ("boredom", "no answer boredom"),
        ({"joy": 0.4}, "sum to 0.4"),
        ({"joy": "much"}, "Give one answer"),
        ({"joy": True}, "Give one answer"),
        (3, "Give one answer"),
    ],
)
def test_a_reading_that_is_none_names_the_field(
    caller: Caller, mine: Campaign, reading: Any, said: str
) -> None:
    response = caller.post(gold_of(mine), {"clips": [known(mine, reading)]})

    assert said in str(problem(response, 422)["errors"])
    assert not mine.gold.exists()


def test_what_a_clip_is_for_is_said_of_each(caller: Caller, mine: Campaign) -> None:
    response = caller.post(gold_of(mine), {"clips": [known(mine)], "teaches": True})

    assert "teaches" in problem(response, 422)["errors"]


@pytest.mark.parametrize("body", [{}, {"clips": [], "settled": 3}, {"settled": 0}])
def test_clips_are_named_or_counted(caller: Caller, mine: Campaign, body: Any) -> None:
    assert caller.post(gold_of(mine), body).status_code == 422


def test_settled_clips_are_taken_only_where_there_are_some(caller: Caller, mine: Campaign) -> None:
    response = caller.post(gold_of(mine), {"settled": 3})

    assert "No clip has settled" in str(problem(response, 422)["errors"])


def test_a_mark_can_be_taken_back(caller: Caller, mine: Campaign) -> None:
    (row,) = caller.post(gold_of(mine), {"clips": [known(mine)]}).json()

    assert caller.delete(f"{gold_of(mine)}{row['task']}/").status_code == 204
    assert caller.get(gold_of(mine)).json() == []


@pytest.mark.parametrize("path", ["gold/", "alarms/"])
def test_they_are_nobody_elses(mine: Campaign, annotator: User, path: str) -> None:
    address = f"campaigns/{mine.pk}/{path}"

    assert Caller(make_researcher()).get(address).status_code == 404
    assert Caller(annotator).get(address).status_code == 403


def test_gold_that_lost_its_consent_is_not_listed(caller: Caller, mine: Campaign) -> None:
    caller.post(gold_of(mine), {"clips": [known(mine)]})
    mine.tasks.update(cleared_until=None)

    assert caller.get(gold_of(mine)).json() == []


def next_clip(campaign: Campaign, annotator: User) -> dict[str, Any]:
    document: dict[str, Any] = Caller(annotator).post(f"campaigns/{campaign.pk}/next/").json()
    return document


def send(annotator: User, assignment: int, value: str, client_id: str) -> Any:
    body = {"client_id": client_id, "value": value}
    return Caller(annotator).post(f"assignments/{assignment}/label/", body)


@pytest.fixture
def teaching(mine: Campaign, caller: Caller) -> Campaign:
    caller.patch(f"campaigns/{mine.pk}/", {"training_clips": 1})
    lesson = known(mine, {"joy": 0.25, "calm": 0.75}, teaches=True, explanation="See the hands.")
    caller.post(gold_of(mine), {"clips": [lesson]})
    return mine


def test_training_brings_what_others_see_however_often_it_is_sent(
    teaching: Campaign, annotator: User
) -> None:
    document = next_clip(teaching, annotator)
    assert document["training"] is True

    first, again = (
        send(annotator, document["assignment"], "joy", "5b7f2d1e-0000-4000-8000-000000000001")
        for _ in range(2)
    )

    told = first.json()["feedback"]
    assert told["said"] == {"value": "joy", "text": "joy", "share": 0.25}
    assert [share["value"] for share in told["shares"]][:2] == ["calm", "joy"]
    assert told["explanation"] == "See the hands."
    assert again.json()["feedback"] == told


def test_a_check_looks_like_any_other_clip(mine: Campaign, caller: Caller, annotator: User) -> None:
    plain = next_clip(mine, annotator)
    caller.post(gold_of(mine), {"clips": [{"clip": names_of(mine)[-1], "reading": "joy"}]})
    other = next_clip(make_campaign(clips=2), annotator)
    send(annotator, plain["assignment"], "joy", "5b7f2d1e-0000-4000-8000-000000000002")

    assert set(next_clip(mine, annotator)) == set(plain) == set(other)


def test_an_instruction_says_what_to_choose(caller: Caller, annotator: User) -> None:
    campaign = make_campaign(clips=60, attention_every=5)
    documents = []
    for n in range(40):
        document = next_clip(campaign, annotator)
        send(annotator, document["assignment"], "joy", f"5b7f2d1e-0000-4000-8000-{n:012}")
        documents.append(document)

    asked = [one["instruction"]["value"] for one in documents if "instruction" in one]
    assert asked
    assert set(asked) <= set(EMOTIONS)


@pytest.mark.parametrize(
    ("probes", "said"),
    [
        ({"repeat_every": 3}, "at least 5"),
        ({"training_clips": 51}, "less than or equal to 50"),
        ({"stages": ["blind", "context"], "repeat_every": 20}, "cannot be met again"),
    ],
)
def test_probes_that_cannot_be_are_refused(
    caller: Caller, researcher: User, probes: dict[str, Any], said: str
) -> None:
    draft = make_campaign(running=False, owner=researcher)

    response = caller.patch(f"campaigns/{draft.pk}/", probes)

    assert said in str(problem(response, 422)["errors"])


def test_an_alarm_is_decided_with_reasons(mine: Campaign, caller: Caller, annotator: User) -> None:
    make_label(mine.tasks.order_by("pk")[0], annotator)
    alarms.sound(mine, annotator, AlarmKind.GOLD, {"answers": 4}, pauses=True)
    paused = next_clip(mine, annotator)
    assert (paused["reason"], paused["standing"]) == ("waiting", "paused")
    (row,) = caller.get(f"campaigns/{mine.pk}/alarms/").json()
    address = f"campaigns/{mine.pk}/alarms/{row['id']}/rulings/"

    assert caller.post(address, {"outcome": "stop", "reasons": "bad"}).status_code == 422
    decision = {"outcome": Outcome.ADVICE, "reasons": "Please look at each clip."}
    decided = caller.post(address, decision)

    assert decided.status_code == 201
    assert decided.json()["rulings"][0]["outcome"] == "advice"
    assert caller.post(address, decision).status_code == 409
    assert next_clip(mine, annotator)["assignment"]
