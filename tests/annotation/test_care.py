"""Flags, opt-outs, stops, and what is told of them to whom."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from annotation import care, exposure, flags, launching, releasing, waiting
from annotation.labelling import exchange
from annotation.models import Assignment, Campaign, Care, Clip, Member
from annotation.soundness import examine
from audit.models import Event
from tests.annotation.concurrency import database_on_disk, in_threads
from tests.factories import (
    answer_to,
    lease,
    make_annotator,
    make_campaign,
    make_clip,
    make_collection,
    send,
)

pytestmark = pytest.mark.django_db


def clips_of(campaign: Campaign) -> list[Clip]:
    return list(Clip.objects.filter(tasks__campaign=campaign).order_by("pk"))


def flag_some(campaign: Campaign, *words: str, n: int = 1) -> None:
    for clip in clips_of(campaign)[:n]:
        care.flag(clip, words, None)


def test_tasks_and_campaigns_know_their_flags() -> None:
    collection = make_collection(clips=2)
    flagged = make_clip(collection, flags=["violence", "death"])

    campaign = make_campaign(collection)

    assert campaign.flags == 5
    assert campaign.tasks.get(clip=flagged).flags == 5


def test_flags_that_change_reach_campaigns_that_run(campaign: Campaign) -> None:
    first, second, _third = clips_of(campaign)
    care.flag(first, ["hate"], None)
    care.flag(second, ["death", "hate"], None)

    care.flag(second, ["death"], None)
    care.flag(first, [], None)

    campaign.refresh_from_db()
    assert flags.words(campaign.flags) == ["death"]
    assert [flags.words(task.flags) for task in campaign.tasks.order_by("clip")] == [
        [],
        ["death"],
        [],
    ]
    assert Event.objects.filter(verb="clip.flags-changed").count() == 4


def test_an_unknown_flag_is_refused_with_those_that_are_known(campaign: Campaign) -> None:
    with pytest.raises(flags.UnknownFlag, match="'gore' is not one of: violence, injury"):
        care.flag(clips_of(campaign)[0], ["gore"], None)


def test_what_somebody_opted_out_of_is_not_served(campaign: Campaign, annotator: User) -> None:
    flag_some(campaign, "violence", "death", n=2)
    care.opt_out(annotator, ["death"])

    (held,) = lease(campaign, annotator, 3)

    assert held.task.flags == 0


def test_where_all_is_opted_out_of_the_work_is_done(campaign: Campaign, annotator: User) -> None:
    flag_some(campaign, "violence", n=3)
    care.opt_out(annotator, ["violence"])

    assert not lease(campaign, annotator)
    assert waiting.why_nothing(campaign, annotator).reason == "done"


def test_opting_out_gives_back_what_is_in_hand(campaign: Campaign, annotator: User) -> None:
    flag_some(campaign, "violence", n=2)
    lease(campaign, annotator, 3)

    care.opt_out(annotator, ["violence"])

    assert examine(campaign).is_sound
    assert [one.task.flags for one in lease(campaign, annotator, 3)] == [0]
    assert Member.objects.get().skipped == 0


def test_an_answer_to_what_was_given_back_is_kept_and_credited(
    campaign: Campaign, annotator: User
) -> None:
    flag_some(campaign, "violence", n=3)
    (held,) = lease(campaign, annotator)
    care.opt_out(annotator, ["violence"])

    result = send(campaign, annotator, answer_to(held))

    assert result.status == "late"
    assert Member.objects.get().credited == 1


def test_an_opt_out_can_be_taken_back(campaign: Campaign, annotator: User) -> None:
    flag_some(campaign, "violence", n=3)
    care.opt_out(annotator, ["violence"])

    care.opt_out(annotator, [])

    assert lease(campaign, annotator)


def test_a_clip_flagged_in_hand_is_taken_from_who_opted_out(
    campaign: Campaign, annotator: User
) -> None:
    care.opt_out(annotator, ["abuse"])
    lease(campaign, annotator, 3)

    flag_some(campaign, "abuse")

    assert Assignment.objects.leased().filter(task__flags=0).count() == 2
    assert Assignment.objects.leased().count() == 2


def test_the_log_tells_that_opt_outs_changed_and_not_to_what(annotator: User) -> None:
    care.opt_out(annotator, ["self-harm"])
    care.opt_out(annotator, ["self-harm"])

    event = Event.objects.get(verb="care.opt-outs-changed")
    assert event.data_text == '{"given_back":0}'


words = st.lists(st.sampled_from(flags.FLAGS), max_size=4)
deeds = st.lists(st.tuples(st.sampled_from(["opt", "flag", "lease", "send"]), words), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(deeds, st.integers(0, 99))
def test_an_opt_out_holds_whatever_happens(deeds: list[tuple[str, list[str]]], seed: int) -> None:
    annotator, chance = make_annotator(), random.Random(seed)  # noqa: S311
    campaign = make_campaign(clips=6, flagged_before_break=0)
    unwanted: list[str] = []
    for deed, chosen in deeds:
        if deed == "opt":
            care.opt_out(annotator, unwanted := chosen)
        elif deed == "flag":
            care.flag(chance.choice(clips_of(campaign)), chosen, None)
        held = lease(campaign, annotator, 2)
        if deed == "send" and held:
            exchange(campaign, annotator, [answer_to(held[0])], 0)
        shown = [word for one in held for word in one.task.clip.flags]
        assert not set(shown) & set(unwanted)
    assert examine(campaign).is_sound


def test_opting_out_while_clips_are_served_leaves_none_in_hand(
    tmp_path: Path, transactional_db: None
) -> None:
    campaign = make_campaign(clips=12, flagged_before_break=0)
    flag_some(campaign, "violence", n=12)
    annotator = make_annotator()

    def take() -> None:
        for want in range(1, 6):
            lease(campaign, annotator, want)

    with database_on_disk(tmp_path):
        lease(campaign, annotator)

        in_threads(take, take, lambda: care.opt_out(annotator, ["violence"]) and None)

        assert not Assignment.objects.leased().exists()
        assert not lease(campaign, annotator)
        assert examine(campaign).is_sound


@pytest.mark.parametrize("reason", ["stopped", "distressing"])
def test_a_stop_is_credited_and_the_clip_never_comes_again(annotator: User, reason: str) -> None:
    campaign = make_campaign(clips=1)
    (held,) = lease(campaign, annotator)

    send(campaign, annotator, answer_to(held, None, skip=reason))

    assert Member.objects.get().credited == 1
    assert not lease(campaign, annotator)


def test_a_stop_holds_although_its_lease_ran_out(annotator: User) -> None:
    campaign = make_campaign(clips=1)
    (held,) = lease(campaign, annotator)
    Assignment.objects.update(lease_expires_at=F("lease_expires_at") - timedelta(days=1))
    releasing.release_overdue()

    result = send(campaign, annotator, answer_to(held, None, skip="stopped"))

    assert result.status == "created"
    assert not lease(campaign, annotator)
    assert examine(campaign).is_sound


def test_the_second_who_stops_a_clip_without_flags_is_noticed() -> None:
    campaign = make_campaign(clips=1)
    for person in (make_annotator(), make_annotator()):
        (held,) = lease(campaign, person)
        send(campaign, person, answer_to(held, None, skip="stopped"))

    assert Event.objects.get(verb="clip.stopped-often").data_text == '{"people":2}'
    assert exposure.stopped_clips(campaign) == [{"clip": held.task.clip, "people": 2}]


@pytest.mark.parametrize(("playback", "revealed"), [({}, 0), ({"revealed": True}, 1)])
def test_the_ledger_tells_what_was_served_and_what_was_uncovered(
    annotator: User, playback: dict[str, bool], revealed: int
) -> None:
    campaign = make_campaign(clips=1)
    flag_some(campaign, "death")
    (held,) = lease(campaign, annotator)
    send(campaign, annotator, answer_to(held, None, skip="stopped", playback=playback))
    # What was served is kept as it was, whatever becomes of the clip's flags.
    care.flag(held.task.clip, [], None)

    mine = exposure.of(annotator)

    assert [(one.flag, one.served, one.revealed) for one in mine.counts] == [("death", 1, revealed)]
    assert exposure.totals(campaign) == exposure.Totals(0, 1, revealed, 1)


def test_without_a_veil_what_is_served_is_seen(annotator: User) -> None:
    campaign = make_campaign(clips=1, veil="none")
    flag_some(campaign, "death")

    (held,) = lease(campaign, annotator)

    assert held.revealed


@pytest.mark.parametrize(
    ("veil", "kind", "shown"),
    [
        ("blur", "video", "blur"),
        ("grey", "image", "grey"),
        ("mute", "image", "blur"),
        ("blur", "audio", "mute"),
        ("none", "video", ""),
    ],
)
def test_every_veil_hides_something(veil: str, kind: str, shown: str) -> None:
    assert Campaign(veil=veil).veil_over(kind) == shown


def test_limits_may_change_while_people_label(campaign: Campaign) -> None:
    launching.change_campaign(campaign, {"session_minutes": 0, "veil": "grey"}, campaign.owner)

    campaign.refresh_from_db()
    assert (campaign.session_minutes, campaign.veil) == (0, "grey")


def test_care_follows_a_person_and_not_a_campaign(annotator: User) -> None:
    for _ in range(2):
        lease(make_campaign(), annotator)

    assert Care.objects.get().user == annotator
