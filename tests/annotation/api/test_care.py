"""Flags, veils, breaks and opt-outs as scripts and the page see them."""

from __future__ import annotations

import pytest

from accounts.models import User
from annotation import care
from annotation.management.commands.replay import Command
from annotation.models import Campaign, Care, Clip
from tests.annotation.api.calling import Caller, problem
from tests.factories import make_campaign, make_researcher


@pytest.fixture
def caller(annotator: User) -> Caller:
    return Caller(annotator)


@pytest.fixture
def flagged(db: None) -> Campaign:
    campaign = make_campaign(clips=5, support_text="Call Kim.", support_url="https://h.example/")
    for clip in Clip.objects.all():
        care.flag(clip, ["violence", "hate"], None)
    return campaign


def test_a_flagged_clip_comes_with_its_flags_and_its_veil(
    caller: Caller, flagged: Campaign
) -> None:
    document = caller.post(f"campaigns/{flagged.pk}/next/").json()

    assert document["flags"] == ["violence", "hate"]
    assert document["veil"] == "blur"


def test_a_clip_without_flags_has_no_veil(caller: Caller, campaign: Campaign) -> None:
    document = caller.post(f"campaigns/{campaign.pk}/next/").json()

    assert (document["flags"], document["veil"]) == ([], "")


@pytest.mark.parametrize("call", ["next", "batch"])
def test_a_break_says_of_what_kind_how_long_and_where_help_is(
    caller: Caller, flagged: Campaign, call: str
) -> None:
    held = caller.post(f"campaigns/{flagged.pk}/batch/", {"want": 5}).json()["assignments"]
    for one in held:
        caller.post(f"assignments/{one['assignment']}/skip/", {"reason": "stopped"})

    document = caller.post(f"campaigns/{flagged.pk}/{call}/").json()

    assert len(held) == 3
    assert document["reason"] == "break"
    assert 295 <= document["retry_after"] <= 300
    assert document["break"] == {
        "kind": "flagged",
        "seconds": document["retry_after"],
        "support": {"url": "https://h.example/", "text": "Call Kim."},
    }


def test_opting_out_takes_back_and_tells_the_ledger(caller: Caller, flagged: Campaign) -> None:
    caller.post(f"campaigns/{flagged.pk}/next/")

    document = caller.patch("care/", {"opt_outs": ["hate"]}).json()

    assert document["opt_outs"] == ["hate"]
    assert document["flagged"]["violence"] == {"served": 1, "revealed": 0}
    assert caller.post(f"campaigns/{flagged.pk}/next/").json()["reason"] == "done"


@pytest.mark.parametrize("given", [["gore"], "hate", [3], None])
def test_flags_that_are_none_are_refused(flagged: Campaign, given: object) -> None:
    clip = Clip.objects.earliest("pk")

    answer = Caller(make_researcher()).patch(f"clips/{clip.pk}/", {"flags": given})

    assert "flags" in problem(answer, 422)["errors"]
    clip.refresh_from_db()
    assert clip.flags == ["violence", "hate"]


def test_a_clip_s_flags_can_be_changed_and_nothing_else(flagged: Campaign) -> None:
    clip = Clip.objects.earliest("pk")
    script = Caller(make_researcher())

    answer = script.patch(f"clips/{clip.pk}/", {"flags": ["death"], "external_id": "x"})

    clip.refresh_from_db()
    assert answer.json()["flags"] == ["death"]
    assert clip.flags == ["death"]
    assert clip.external_id != "x"


@pytest.mark.parametrize(
    "wrong",
    [
        {"veil": "black"},
        {"session_minutes": -1},
        {"break_minutes": 0},
        {"support_url": "javascript:alert(1)"},
    ],
)
def test_limits_that_make_no_sense_are_refused(
    campaign: Campaign, wrong: dict[str, object]
) -> None:
    answer = Caller(campaign.owner).patch(f"campaigns/{campaign.pk}/", wrong)

    assert set(problem(answer, 422)["errors"]) == set(wrong)


def test_replayed_annotators_need_no_breaks(campaign: Campaign) -> None:
    Command()._admit(campaign, "worker 7")

    assert Care.objects.get(is_simulated=True).user.name == "worker 7"
