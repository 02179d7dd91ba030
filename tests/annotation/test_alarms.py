"""A person decides about an alarm, with reasons, and the annotator may object."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from accounts.models import User
from annotation import alarms, consensus, waiting
from annotation.models import (
    Alarm,
    AlarmKind,
    AlarmState,
    Assignment,
    Campaign,
    Consensus,
    Member,
    Outcome,
    Ruling,
    Standing,
)
from audit.models import Event
from jobs.models import Job
from tests.factories import lease, make_label

pytestmark = pytest.mark.django_db
WHY = "The answers do not follow the clips."
NO = "I looked at every clip."


@pytest.fixture
def seated(campaign: Campaign, annotator: User) -> Member:
    """An annotator who has labelled one clip."""
    make_label(campaign.tasks.order_by("pk")[0], annotator)
    return campaign.members.get(user=annotator)


def sound(member: Member, kind: AlarmKind = AlarmKind.GOLD, **fields: Any) -> Alarm:
    alarm = alarms.sound(member.campaign, member.user, kind, {"answers": 4}, **fields)
    assert alarm
    return alarm


def standing(member: Member) -> str:
    member.refresh_from_db()
    return member.standing


def rule(alarm: Alarm, outcome: Outcome, reasons: str = WHY) -> Ruling:
    return alarms.rule(alarm, alarm.campaign.owner, outcome, reasons)


def test_an_alarm_is_a_reason_to_look_and_nothing_more(seated: Member) -> None:
    sound(seated, AlarmKind.COLLUSION)

    assert standing(seated) == Standing.WORKING
    assert lease(seated.campaign, seated.user)


def test_one_that_pauses_takes_the_clips_until_somebody_has_looked(seated: Member) -> None:
    (held,) = lease(seated.campaign, seated.user)

    sound(seated, pauses=True)

    held.refresh_from_db()
    assert held.state == Assignment.State.EXPIRED
    assert lease(seated.campaign, seated.user) == []
    nothing = waiting.why_nothing(seated.campaign, seated.user)
    assert (nothing.reason, nothing.standing) == ("waiting", Standing.PAUSED)


def test_a_second_of_the_same_kind_brings_the_figures_up_to_date(seated: Member) -> None:
    first = sound(seated)

    again = alarms.sound(seated.campaign, seated.user, AlarmKind.GOLD, {"answers": 9})

    assert again == first
    first.refresh_from_db()
    assert first.evidence == {"answers": 9}


@pytest.mark.parametrize(
    ("outcome", "then"),
    [
        (Outcome.NOTHING, Standing.WORKING),
        (Outcome.ADVICE, Standing.WORKING),
        (Outcome.STOP, Standing.STOPPED),
        (Outcome.LEAVE_OUT, Standing.STOPPED),
    ],
)
def test_what_is_decided_follows(seated: Member, outcome: Outcome, then: Standing) -> None:
    rule(sound(seated, pauses=True), outcome)

    assert standing(seated) == then


def test_labels_that_are_left_out_are_heard_no_more(seated: Member) -> None:
    consensus.refresh(seated.campaign)
    assert Consensus.objects.exists()

    rule(sound(seated), Outcome.LEAVE_OUT)
    consensus.refresh(seated.campaign, settle=True)

    assert not Consensus.objects.exists()
    assert Job.objects.filter(kind="consensus", args__settle=True).exists()


def test_stopped_labels_still_count(seated: Member) -> None:
    rule(sound(seated), Outcome.STOP)
    consensus.refresh(seated.campaign, settle=True)

    assert Consensus.objects.exists()


def test_a_decision_needs_reasons(seated: Member) -> None:
    with pytest.raises(alarms.NotPossibleError, match="Say why"):
        rule(sound(seated), Outcome.STOP, " spam ")


def test_a_decision_keeps_what_it_was_based_on(seated: Member) -> None:
    ruling = rule(sound(seated), Outcome.STOP)

    assert ruling.seen == {"evidence": {"answers": 4}, "objection": ""}
    assert Event.objects.filter(verb="alarm.decided").count() == 1


def test_nothing_is_decided_twice(seated: Member) -> None:
    alarm = sound(seated)
    rule(alarm, Outcome.STOP)

    with pytest.raises(alarms.NotPossibleError, match="decided meanwhile"):
        rule(alarm, Outcome.NOTHING)


def test_an_objection_has_it_decided_again(seated: Member) -> None:
    alarm = sound(seated)
    rule(alarm, Outcome.STOP)

    alarms.object_to(alarm, seated.user, NO)

    assert alarms.waiting(seated.campaign) == 1
    assert standing(seated) == Standing.STOPPED
    assert rule(alarm, Outcome.NOTHING).seen["objection"] == NO
    assert standing(seated) == Standing.WORKING


def test_there_is_one_objection(seated: Member) -> None:
    alarm = sound(seated)
    rule(alarm, Outcome.STOP)
    alarms.object_to(alarm, seated.user, NO)
    rule(alarm, Outcome.STOP)

    with pytest.raises(alarms.NotPossibleError, match="nothing to object"):
        alarms.object_to(alarm, seated.user, NO)


def test_nobody_objects_for_somebody_else(seated: Member, researcher: User) -> None:
    alarm = sound(seated)
    rule(alarm, Outcome.STOP)
    Member.objects.create(campaign=seated.campaign, user=researcher)

    with pytest.raises(alarms.NotPossibleError):
        alarms.object_to(alarm, researcher, NO)


def test_a_decision_holds_until_something_new_is_labelled(seated: Member) -> None:
    rule(sound(seated), Outcome.NOTHING)

    again = (seated.campaign, seated.user, AlarmKind.GOLD, {"answers": 5})
    assert alarms.sound(*again) is None
    make_label(seated.campaign.tasks.order_by("pk")[1], seated.user)
    assert alarms.sound(*again)


def test_two_alarms_are_decided_each_on_its_own(seated: Member) -> None:
    first = sound(seated, pauses=True)
    sound(seated, AlarmKind.ATTENTION, pauses=True)

    rule(first, Outcome.NOTHING)

    assert standing(seated) == Standing.PAUSED


def test_the_annotator_is_told_of_what_concerns_them(seated: Member) -> None:
    silent = sound(seated, AlarmKind.COLLUSION)
    pausing = sound(seated, pauses=True)
    assert alarms.shown_to(seated.user, seated.campaign) == [pausing]

    rule(silent, Outcome.ADVICE)
    rule(pausing, Outcome.NOTHING)

    assert alarms.shown_to(seated.user, seated.campaign) == [silent]


def test_decisions_are_only_ever_added_to(seated: Member) -> None:
    ruling = rule(sound(seated), Outcome.STOP)

    with pytest.raises(DatabaseError), transaction.atomic():
        Ruling.objects.filter(pk=ruling.pk).update(outcome=Outcome.NOTHING)


def test_a_closed_alarm_stays_closed(seated: Member) -> None:
    alarm = sound(seated)
    rule(alarm, Outcome.NOTHING)

    assert alarm.state == AlarmState.CLOSED
    with pytest.raises(alarms.NotPossibleError):
        alarms.object_to(alarm, seated.user, NO)


def test_one_may_object_to_a_decision_while_a_newer_alarm_of_its_kind_waits(
    seated: Member,
) -> None:
    decided = sound(seated)
    rule(decided, Outcome.ADVICE)
    make_label(seated.campaign.tasks.order_by("pk")[1], seated.user)
    newer = sound(seated)

    alarms.object_to(decided, seated.user, NO)

    states = dict(seated.campaign.alarms.values_list("pk", "state"))
    assert states == {decided.pk: AlarmState.OBJECTED, newer.pk: AlarmState.OPEN}
    assert alarms.waiting(seated.campaign) == 2
