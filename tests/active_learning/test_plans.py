"""Plans over HTTP and by command: asked, simulated by a worker, answered."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from active_learning import jobs as _handlers  # noqa: F401 - what a worker has loaded
from active_learning.models import Plan
from active_learning.plan_serializers import AskSerializer, may_ask_of
from annotation import consensus
from jobs.models import Job
from jobs.running import run_due
from tests.active_learning.making import make_labels, make_seen_campaign
from tests.active_learning.planned import ASK, LEARNS
from tests.annotation.api.calling import Caller
from tests.factories import make_administrator, make_campaign, make_collection, make_researcher

pytestmark = pytest.mark.django_db


def ask(caller: Caller, **changes: Any) -> Any:
    return caller.post("plans/", ASK | changes)


def test_a_plan_is_answered_by_a_worker() -> None:
    caller = Caller(make_researcher())

    asked = ask(caller)
    run_due()
    found = caller.get(f"plans/{asked.json()['id']}/").json()

    assert (asked.status_code, asked.json()["state"], asked.json()["result"]) == (
        202,
        "ready",
        None,
    )
    assert found["state"] == "done"
    fixed, adaptive = found["result"]["scenarios"]
    assert fixed["labels"] == {"value": 360.0, "low": 360.0, "high": 360.0}
    assert fixed["cost"]["value"] == pytest.approx(360 * 12 * 12 / 3600)
    assert 240 < adaptive["labels"]["value"] < 600


def test_the_same_question_gets_the_same_answer() -> None:
    caller = Caller(make_researcher())

    for _ in range(2):
        ask(caller)
    run_due()
    first, second = Plan.objects.all()

    assert first.result == second.result


def test_a_collection_tells_how_many_clips_and_people_there_are() -> None:
    collection = make_collection(40, people=8)
    without = {name: value for name, value in ASK.items() if name not in {"clips", "people"}}

    asked = Caller(make_researcher()).post("plans/", without | {"collection": collection.name})

    assert asked.json()["question"] | {"clips": 40, "people": 8} == asked.json()["question"]


def test_a_pilot_tells_how_far_people_agree_and_what_a_learner_reads() -> None:
    pilot = make_seen_campaign(clips=80)
    make_labels(pilot, list(pilot.tasks.all()))
    consensus.refresh(pilot)
    picks = {"strategies": ["margin"], "difficulty": "pilot", "pilot": pilot.pk}

    asked = ask(Caller(pilot.owner), **picks)
    run_due()
    plan = Plan.objects.get(pk=asked.json()["id"])

    assert plan.result, plan.job and plan.job.error
    assert plan.question["classes"] == 2
    assert plan.result["simulated"]["alpha"] > 0.8
    assert plan.result["learner"]["seen"]
    assert plan.result["learner"]["curves"][0]["accuracy"][-1]["value"] > 0.8


def test_a_pilot_with_too_few_labels_fails_with_a_sentence() -> None:
    pilot = make_campaign(clips=4)

    asked = ask(Caller(pilot.owner), difficulty="pilot", pilot=pilot.pk)
    run_due()
    plan = Plan.objects.get(pk=asked.json()["id"])

    assert plan.state == "failed"
    assert plan.job
    assert "too few labels for a pilot" in plan.job.error


def test_a_learner_reads_made_up_vectors_where_there_is_no_pilot() -> None:
    asked = ask(Caller(make_researcher()), **LEARNS)
    run_due()
    learner = (Plan.objects.get(pk=asked.json()["id"]).result or {})["learner"]

    assert not learner["seen"]
    assert [curve["strategy"] for curve in learner["curves"]] == ["random", "margin"] * 2


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"clips": None}, "clips"),
    ({"clips": 3}, "clips"),
    ({"annotators": 4}, "scenarios"),
    ({"scenarios": []}, "scenarios"),
    ({"scenarios": [{"least": 3}, {"least": 3}]}, "scenarios"),
    ({"scenarios": [{"least": 3, "most": 3}]}, "scenarios"),
    ({"difficulty": "hard"}, "difficulty"),
    ({"difficulty": "alpha"}, "alpha"),
    ({"alpha": 0.4}, "alpha"),
    ({"difficulty": "alpha", "alpha": 0.4, "classes": 4, "commonest": 0.1}, "commonest"),
    ({"classes": 5}, "classes"),
    ({"difficulty": "pilot"}, "pilot"),
    ({"pilot": 1}, "pilot"),
    ({"strategies": ["margin"]}, "learner_reaches"),
    ({"strategies": ["guess"]}, "strategies"),
    ({"strategies": ["margin"], "learner_reaches": 0.1}, "learner_reaches"),
    ({"collection": "nowhere"}, "collection"),
    ({"colour": 1}, "colour"),
]


@pytest.mark.parametrize(("changes", "field"), REFUSED, ids=lambda one: json.dumps(one)[:60])
def test_what_cannot_be_asked_is_refused_by_its_field(changes: dict[str, Any], field: str) -> None:
    asked = ask(Caller(make_researcher()), **changes)

    assert asked.status_code == 422
    assert list(asked.json()["errors"]) == [field] or field in asked.json()["errors"]
    assert not Plan.objects.exists()


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_file_with_a_number_that_is_none_is_refused(value: float) -> None:
    asked = AskSerializer(data=ASK | {"pay_per_hour": value}, context=may_ask_of(None))

    assert not asked.is_valid()
    assert list(asked.errors) == ["pay_per_hour"]


def test_the_campaign_of_somebody_else_is_no_pilot() -> None:
    asked = ask(Caller(make_researcher()), difficulty="pilot", pilot=make_campaign(clips=2).pk)

    assert "pilot" in asked.json()["errors"]


def test_a_plan_is_seen_by_its_owner_and_by_administrators() -> None:
    owner = make_researcher()
    key = ask(Caller(owner)).json()["id"]

    seen = [
        Caller(user).get(f"plans/{key}/").status_code
        for user in (owner, make_administrator(), make_researcher())
    ]

    assert seen == [200, 200, 404]
    assert Caller(make_researcher()).get("plans/").json()["results"] == []


def test_a_plan_whose_job_is_gone_has_failed() -> None:
    key = ask(Caller(make_researcher())).json()["id"]
    Job.objects.all().delete()

    assert Plan.objects.get(pk=key).state == "failed"


def test_the_command_prints_the_answer_to_a_file(tmp_path: Path) -> None:
    file, out = tmp_path / "plan.json", StringIO()
    file.write_text(json.dumps(ASK))

    call_command("plan", file, stdout=out, stderr=StringIO())

    assert "adaptive, 2 to 5" in out.getvalue()
    assert "3 labels each" in out.getvalue()


def test_the_command_names_what_is_wrong_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text("difficulty: ferplus\nclips: many\n")

    with pytest.raises(CommandError, match=r"clips: .*\n(.*\n)*annotators"):
        call_command("plan", file, stdout=StringIO(), stderr=StringIO())
