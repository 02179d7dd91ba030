"""Campaigns, collections and consents over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import User
from annotation import consensus, launching
from annotation.models import Campaign, LabelScheme
from audit.models import Event
from consent import review
from consent.models import Purpose, State
from tests.annotation.api.calling import Caller, problem
from tests.factories import (
    make_campaign,
    make_collection,
    make_consent,
    make_label,
    make_researcher,
    make_vector_set,
)


@pytest.fixture
def caller(researcher: User) -> Caller:
    return Caller(researcher)


@pytest.fixture
def mine(researcher: User) -> Campaign:
    return make_campaign(owner=researcher)


def body(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Faces",
        "collection": make_collection(clips=2).name,
        "scheme": {"question": "What is felt?", "options": ["joy", "anger"]},
        "purpose": Purpose.AFFECTIVE_SCIENCE,
        **changes,
    }


def test_a_campaign_is_made_as_a_draft_with_its_tasks(caller: Caller, researcher: User) -> None:
    response = caller.post("campaigns/", body())

    assert response.status_code == 201
    document = response.json()
    assert (document["state"], document["n_tasks"]) == ("draft", 2)
    assert document["owner"] == researcher.email
    assert Event.objects.filter(verb="campaign.created").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"collection": "nowhere"}, "collection"),
        ({"collection": ["x"]}, "collection"),
        ({"purpose": "marketing"}, "purpose"),
        ({"audience": "everyone"}, "audience"),
        ({"redundancy": 0}, "redundancy"),
        ({"redundancy": 101}, "redundancy"),
        ({"audit_share": 0.01}, "audit_share"),
        ({"lease_seconds": 29}, "lease_seconds"),
        ({"round_every": -1}, "round_every"),
        ({"seed": 10**30}, "seed"),
        ({"vectors": "wav2vec"}, "vectors"),
        ({"colour": "red"}, "colour"),
        ({"group_prompt": "Where?"}, "group_options"),
        ({"group_options": ["city", "country"]}, "group_prompt"),
        ({"group_prompt": "Where?", "group_options": ["city"]}, "group_options"),
        ({"group_prompt": "Where?", "group_options": ["city", "City"]}, "group_options"),
        ({"group_prompt": "Where?", "group_options": ["a", "rather-not-say"]}, "group_options"),
        (
            {"group_prompt": "Where?", "group_options": ["a", {"value": "b", "text": ""}]},
            "group_options",
        ),
        ({"scheme": {}}, "scheme"),
        ({"scheme": []}, "scheme"),
        ({"scheme": {"question": "?", "options": ["joy"]}}, "options"),
        ({"scheme": {"question": "?", "options": ["joy", "Joy"]}}, "options"),
        ({"scheme": {"question": "?", "options": ["joy", {"text": "x"}]}}, "options"),
        ({"scheme": {"question": "?", "options": [f"{n}" for n in range(13)]}}, "options"),
        ({"scheme": {"questions": []}}, "questions"),
        ({"scheme": {"questions": [{"name": "x"}]}}, "questions"),
        ({"scheme": {"questions": [{"name": "x", "instrument": []}]}}, "questions"),
    ],
)
def test_a_field_that_is_wrong_is_named_and_nothing_is_made(
    caller: Caller, changes: dict[str, Any], field: str
) -> None:
    document = problem(caller.post("campaigns/", body(**changes)), 422)

    assert f"'{field}'" in str(document["errors"])
    assert not Campaign.objects.exists()
    assert not LabelScheme.objects.exists()


def test_a_name_is_taken_once(caller: Caller, mine: Campaign) -> None:
    assert "name" in problem(caller.post("campaigns/", body(name=mine.name)), 422)["errors"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("instructions", "Look twice."),
        ("audience", "expert"),
        ("redundancy", 5),
        ("audit_share", 0.2),
        ("lease_seconds", 60),
        ("round_every", 0),
    ],
)
def test_what_may_change_while_people_label_changes(
    caller: Caller, mine: Campaign, name: str, value: Any
) -> None:
    response = caller.patch(f"campaigns/{mine.pk}/", {name: value})

    assert response.status_code == 200
    assert response.json()[name] == value


def test_a_campaign_changes_to_vectors_that_its_collection_has(
    caller: Caller, mine: Campaign
) -> None:
    make_vector_set(mine.collection, name="better")

    answer = caller.patch(f"campaigns/{mine.pk}/", {"vectors": "beter"})
    assert "(better)" in str(problem(answer, 422)["errors"]["vectors"])
    assert caller.patch(f"campaigns/{mine.pk}/", {"vectors": "better"}).status_code == 200


@pytest.mark.parametrize(
    "changes", [{"name": "Other"}, {"purpose": Purpose.BENCHMARK}, {"seed": 3}]
)
def test_the_rest_changes_in_a_draft_only(
    caller: Caller, researcher: User, changes: dict[str, Any]
) -> None:
    draft = make_campaign(owner=researcher, running=False)
    running = make_campaign(owner=researcher)

    assert problem(caller.patch(f"campaigns/{running.pk}/", changes), 409)["code"] == "not_possible"
    assert caller.patch(f"campaigns/{draft.pk}/", changes).status_code == 200


def test_what_is_asked_never_changes(caller: Caller, researcher: User) -> None:
    draft = make_campaign(owner=researcher, running=False)
    changes = {"scheme": {"question": "Else?", "options": ["a", "b"]}}

    problem(caller.patch(f"campaigns/{draft.pk}/", changes), 409)


def test_more_labels_may_be_asked_for(caller: Caller, mine: Campaign) -> None:
    caller.patch(f"campaigns/{mine.pk}/", {"redundancy": 5})

    assert set(mine.tasks.values_list("target", flat=True)) == {5}


def test_a_task_with_more_labels_than_asked_for_now_keeps_them(
    caller: Caller, mine: Campaign
) -> None:
    task = mine.tasks.all()[0]
    make_label(task)
    make_label(task)

    caller.patch(f"campaigns/{mine.pk}/", {"redundancy": 1})

    assert sorted(mine.tasks.values_list("target", flat=True)) == [1, 1, 2]


def test_states_follow_each_other(caller: Caller, researcher: User) -> None:
    campaign = make_campaign(owner=researcher, running=False)
    steps = ["pause", "start", "start", "pause", "start", "finish", "start", "finish"]

    codes = [caller.post(f"campaigns/{campaign.pk}/{step}/").status_code for step in steps]

    assert codes == [409, 200, 409, 200, 200, 200, 409, 409]


def test_a_researcher_sees_their_own_campaigns_only(caller: Caller, mine: Campaign) -> None:
    make_campaign()

    assert [row["id"] for row in caller.get("campaigns/").json()["results"]] == [mine.pk]


@pytest.mark.parametrize("path", ["campaigns/", "campaigns/{pk}/"])
def test_who_labels_is_not_told_where_checks_stand(
    annotator: User, caller: Caller, mine: Campaign, path: str
) -> None:
    launching.invite(mine, annotator, mine.owner)
    asked = path.format(pk=mine.pk)

    told = [who.get(asked).json() for who in (Caller(annotator), caller)]

    labels_in, owns = (body["results"][0] if "results" in body else body for body in told)
    assert set(owns) - set(labels_in) == {
        "training_clips", "entry_checks", "check_every", "repeat_every", "attention_every",
        "n_gold", "n_teaching", "seed",
    }  # fmt: skip


def test_long_lists_come_in_pages(caller: Caller, researcher: User) -> None:
    collection = make_collection(clips=5)
    seen, path = [], f"collections/{collection.pk}/clips/?page_size=2"
    while path:
        page = caller.get(path).json()
        seen.append([row["external_id"] for row in page["results"]])
        path = (page["next"] or "").removeprefix("http://testserver")

    assert list(map(len, seen)) == [2, 2, 1]
    assert len({name for names in seen for name in names}) == 5


@pytest.mark.parametrize("cursor", ["x", "%00", "cD0x", "9" * 50])
def test_a_cursor_that_is_made_up_is_refused(caller: Caller, cursor: str, db: None) -> None:
    response = caller.get(f"campaigns/?cursor={cursor}")

    assert response.status_code in (200, 404)


def test_figures_of_a_campaign_without_labels_are_empty(caller: Caller, mine: Campaign) -> None:
    path = f"campaigns/{mine.pk}"

    assert caller.get(f"{path}/agreement/").json()["populations"] == {}
    assert caller.get(f"{path}/annotators/").json() == []
    assert caller.get(f"{path}/consensus/").json()["results"] == []


@pytest.mark.parametrize(
    ("verb", "state"), [("approve", State.APPROVED), ("withdraw", State.WITHDRAWN)]
)
def test_a_reviewer_decides_once(reviewer: User, verb: str, state: State) -> None:
    consent = make_consent()
    caller = Caller(reviewer)

    assert caller.post(f"consents/{consent.pk}/{verb}/").json()["state"] == state
    problem(caller.post(f"consents/{consent.pk}/{verb}/"), 409)


def test_a_rejection_over_http_needs_a_reason(reviewer: User) -> None:
    consent = make_consent()
    path = f"consents/{consent.pk}/reject/"

    problem(Caller(reviewer).post(path), 409)
    assert Caller(reviewer).post(path, {"reason": "Unsigned."}).json()["reason"] == "Unsigned."


def test_a_researcher_reads_consents_and_decides_none(caller: Caller) -> None:
    consent = make_consent()

    problem(caller.post(f"consents/{consent.pk}/approve/"), 403)
    assert caller.get(f"consents/{consent.pk}/").json()["state"] == State.PENDING


def test_the_consensus_leaves_out_who_withdrew(caller: Caller, researcher: User) -> None:
    campaign = make_campaign(make_collection(clips=4, people=2), owner=researcher)
    for task in campaign.tasks.all():
        for value in ("joy", "joy", "anger"):
            make_label(task, value=value)
    consensus.refresh(campaign)
    path = f"campaigns/{campaign.pk}/consensus/"
    assert len(caller.get(path).json()["results"]) == 4

    person = campaign.collection.clips.all()[0].participants.get()
    review.withdraw(person.consents.get(), None)

    assert len(caller.get(path).json()["results"]) == 2
    figures = caller.get(f"campaigns/{campaign.pk}/agreement/").json()["populations"]["crowd"]
    assert sum(figures["states"].values()) == 2


def test_another_researcher_is_a_stranger(mine: Campaign) -> None:
    other = Caller(make_researcher())

    for path in ("", "agreement/", "annotators/", "consensus/", "exports/"):
        problem(other.get(f"campaigns/{mine.pk}/{path}"), 404)


def test_the_perspective_of_the_questions_is_kept_on_every_label(
    caller: Caller, researcher: User
) -> None:
    scheme = {"question": "What do you feel?", "options": ["joy", "anger"], "perspective": "felt"}

    made = caller.post("campaigns/", body(scheme=scheme)).json()

    campaign = Campaign.objects.get(pk=made["id"])
    launching.start(campaign, researcher)
    assert made["scheme"]["perspective"] == "felt"
    assert make_label(campaign.tasks.order_by("pk")[0]).perspective == "felt"
