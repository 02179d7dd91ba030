"""Every error is a problem document, whatever was sent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from accounts.models import User
from annotation import labelling
from annotation.models import Campaign, Label
from tests.annotation.api.calling import Caller, problem
from tests.factories import lease, make_researcher

ROOT = Path(__file__).resolve().parents[3]
KEY = "018f0000-0000-7000-8000-000000000000"


@pytest.fixture
def caller(annotator: User) -> Caller:
    return Caller(annotator)


def test_without_a_token_one_is_asked_for(campaign: Campaign) -> None:
    response = Caller().post(f"campaigns/{campaign.pk}/next/")

    problem(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("key", ["999999", "9" * 40])
def test_a_campaign_that_is_not_there_is_not_found(caller: Caller, key: str) -> None:
    problem(caller.post(f"campaigns/{key}/next/"), 404)


def test_a_draft_is_not_there_for_annotators(campaign: Campaign, caller: Caller) -> None:
    Campaign.objects.update(state="draft")

    problem(caller.get(f"campaigns/{campaign.pk}/"), 404)
    problem(caller.post(f"campaigns/{campaign.pk}/next/"), 404)


def test_a_method_that_is_not_there_is_named(campaign: Campaign, caller: Caller) -> None:
    problem(caller.get(f"campaigns/{campaign.pk}/next/"), 405)


def test_only_json_is_read(campaign: Campaign, caller: Caller) -> None:
    response = caller.client.post(f"/api/v1/campaigns/{campaign.pk}/batch/", {"want": 1})

    problem(response, 415)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b"[" * 100_000, 400),
        (b'{"want": NaN}', 400),
        (b'{"want": ' + b"9" * 5000 + b"}", 400),
        (b"[]", 422),
        (b'"text"', 422),
        (b"7", 422),
        (b"null", 422),
        (b'{"want": "many"}', 422),
        (b'{"want": 11}', 422),
        (b'{"want": 1e400}', 422),
        (b'{"unknown": 1}', 422),
        (b'{"answers": {}}', 422),
        (b'{"answers": [7]}', 422),
        (b'{"answers": [{}]}', 422),
        (b'{"note": "a\\u0000b"}', 422),
        (b'{"answers": [{"shown": {"\\ud800": 1}}]}', 422),
    ],
)
def test_what_is_no_batch_is_refused(
    campaign: Campaign, caller: Caller, content: bytes, status: int
) -> None:
    problem(caller.send("POST", f"campaigns/{campaign.pk}/batch/", content), status)


def test_ten_megabytes_are_not_read(campaign: Campaign, caller: Caller) -> None:
    body = {"answers": [{"value": "x" * 10_000_000}]}

    problem(caller.post(f"campaigns/{campaign.pk}/batch/", body), 413)


def test_a_whole_character_in_two_halves_is_text(campaign: Campaign, caller: Caller) -> None:
    body = b'{"answers": [], "want": 0, "note": "\\ud83d\\ude00 \\\\u0000"}'

    document = problem(caller.send("POST", f"campaigns/{campaign.pk}/batch/", body), 422)

    assert list(document["errors"]) == ["note"]


@pytest.mark.parametrize("what", ["playback", "shown", "value"])
def test_text_that_cannot_be_stored_is_refused_wherever_it_is(
    campaign: Campaign, annotator: User, caller: Caller, what: str
) -> None:
    (assignment,) = lease(campaign, annotator)
    answer = {"client_id": KEY, "assignment": assignment.pk, "value": "joy"}
    body = {"answers": [{**answer, what: {"emotion": "joy", "deep": ["\0"]}}]}

    problem(caller.post(f"campaigns/{campaign.pk}/batch/", body), 422)

    assert not Label.objects.exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"client_id": "me"}, "client_id"),
        ({"client_id": None}, "client_id"),
        ({"assignment": 0}, "assignment"),
        ({"assignment": 10**30}, "assignment"),
        ({"assignment": "x"}, "assignment"),
        ({"latency_ms": -1}, "latency_ms"),
        ({"latency_ms": 10**30}, "latency_ms"),
        ({"active_ms": 1.5}, "active_ms"),
        ({"changes": -1}, "changes"),
        ({"changes": True}, "changes"),
        ({"playback": []}, "playback"),
        ({"shown": "all"}, "shown"),
        ({"skip": 5000 * "x"}, "skip"),
        ({"late": True}, "late"),
    ],
)
def test_a_field_that_is_wrong_is_named(
    campaign: Campaign, annotator: User, caller: Caller, changed: dict[str, Any], field: str
) -> None:
    (assignment,) = lease(campaign, annotator)
    answer = {"client_id": KEY, "assignment": assignment.pk, "value": "joy", **changed}

    document = problem(caller.post(f"campaigns/{campaign.pk}/batch/", {"answers": [answer]}), 422)

    assert field in json.dumps(document["errors"])
    assert not Label.objects.exists()


def test_a_hundred_answers_are_the_most(campaign: Campaign, caller: Caller) -> None:
    answers = [{"client_id": KEY, "assignment": 1}] * 101

    document = problem(caller.post(f"campaigns/{campaign.pk}/batch/", {"answers": answers}), 422)

    assert "answers" in document["errors"]


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_cannot_be_stored_is_refused(name: str, db: None) -> None:
    problem(Caller(make_researcher()).post("collections/", {"name": name}), 422)


def test_a_database_that_is_locked_asks_for_patience(
    campaign: Campaign, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(labelling, "exchange", locked)
    response = caller.post(f"campaigns/{campaign.pk}/batch/")

    assert problem(response, 503)["code"] == "busy"
    assert response["Retry-After"] == "2"


def test_the_schema_is_written_without_a_warning(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "spectacular", "--validate", "--fail-on-warn"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        env={"ATTUNE_VAR": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )

    assert done.returncode == 0, done.stderr[-2000:]
    assert "/api/v1/campaigns/{campaign}/batch/" in done.stdout


def test_an_address_that_the_api_does_not_have_is_a_problem_too(client: Client) -> None:
    problem(client.get("/api/v1/nowhere/"), 404)
