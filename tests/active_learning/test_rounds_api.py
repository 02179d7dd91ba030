"""Rounds over HTTP: who sees them, and who may ask for one."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from active_learning.models import Round, RoundState, Trigger
from annotation.models import Campaign
from audit.models import Event
from jobs.models import Job
from tests.active_learning.judged import make_judged_round
from tests.factories import make_annotator, make_campaign, make_researcher, make_token

pytestmark = pytest.mark.django_db


def call(user: User | None, campaign: Campaign, method: str = "get") -> Any:
    headers = {"Authorization": f"Bearer {make_token(user)}"} if user else {}
    ask = getattr(Client(), method)
    return ask(f"/api/v1/campaigns/{campaign.pk}/rounds/", headers=headers)


def make_round(campaign: Campaign, number: int) -> Round:
    return Round.objects.create(
        campaign=campaign,
        number=number,
        seed=number,
        state=RoundState.DONE,
        trigger=Trigger.LABELS,
        metrics={"accuracy": {"value": 0.5, "low": 0.4, "high": 0.6, "n": 30}},
    )


def test_the_owner_sees_the_rounds_the_newest_first(campaign: Campaign) -> None:
    for number in (1, 2):
        make_round(campaign, number)

    rounds = call(campaign.owner, campaign).json()["results"]

    assert [row["number"] for row in rounds] == [2, 1]
    assert rounds[0]["metrics"]["accuracy"]["low"] == 0.4


def test_the_owner_asks_for_a_round_and_it_is_in_the_log(campaign: Campaign) -> None:
    answer = call(campaign.owner, campaign, "post")

    job = Job.objects.get(kind="round")
    assert (answer.status_code, answer.json()["job"]) == (202, job.pk)
    assert job.args == {"campaign": campaign.pk, "trigger": "hand"}
    assert Event.objects.get(verb="round.requested").actor == str(campaign.owner.pk)


def test_asking_twice_makes_one_job(campaign: Campaign) -> None:
    first, second = (call(campaign.owner, campaign, "post").json()["job"] for _ in range(2))

    assert first == second


def test_a_draft_gets_no_round() -> None:
    draft = make_campaign(running=False)

    answer = call(draft.owner, draft, "post")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_possible")
    assert not Job.objects.exists()


@pytest.mark.parametrize("method", ["get", "post"])
def test_others_do_not_get_at_the_rounds(campaign: Campaign, method: str) -> None:
    assert call(None, campaign, method).status_code == 401
    assert call(make_annotator(), campaign, method).status_code == 403
    assert call(make_researcher(), campaign, method).status_code == 404


def test_the_web_process_does_not_load_scikit_learn() -> None:
    script = (
        "import sys, django; django.setup(); import config.urls; "
        "sys.exit('sklearn' in sys.modules or 'av' in sys.modules and 2)"
    )

    done = subprocess.run([sys.executable, "-c", script], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr.decode()[-500:]


def test_one_round_and_its_card_are_there_over_http(campaign: Campaign) -> None:
    make_judged_round(campaign, 4)
    headers = {"Authorization": f"Bearer {make_token(campaign.owner)}"}
    address = f"/api/v1/campaigns/{campaign.pk}/rounds/4/"

    row = Client().get(address, headers=headers)
    card = Client().get(f"{address}card/", headers=headers)

    assert row.json()["metrics"]["test"]["accuracy"]["n"] == 90
    assert card["Content-Type"].startswith("text/markdown")
    assert card.content.decode().startswith("# Model card")
