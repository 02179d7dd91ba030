"""What follows from an alarm: a person decides, with reasons, and the annotator may object.

An alarm that pauses takes the clips out of the annotator's hand until somebody has looked. What a
member may do is worked out anew from all their alarms and what was decided about each, so that no
order of events leaves somebody stopped for a reason that is gone.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from annotation import releasing
from annotation.models import (
    Alarm,
    AlarmKind,
    AlarmState,
    Assignment,
    Campaign,
    Label,
    Member,
    Outcome,
    Ruling,
    Standing,
)
from audit.log import record
from jobs.queue import enqueue

SHORTEST = 10


class NotPossibleError(Exception):
    """It cannot be decided or objected to like that; the message says why and what to do."""


@transaction.atomic
def sound(
    campaign: Campaign,
    annotator: User,
    kind: AlarmKind,
    evidence: dict[str, Any],
    *,
    pauses: bool = False,
) -> Alarm | None:
    """Raise an alarm, or bring the figures of the one that is open up to date.

    Nothing is raised where nothing was labelled since somebody decided about the same.
    """
    member = _hold(campaign, annotator)
    earlier = campaign.alarms.filter(annotator=annotator, kind=kind).first()
    if earlier and earlier.is_waiting:
        if earlier.state == AlarmState.OPEN:
            Alarm.objects.filter(pk=earlier.pk).update(evidence=evidence)
        return earlier
    newest = _newest_label(campaign, annotator)
    if earlier and earlier.last_label >= newest:
        return None
    alarm = Alarm.objects.create(
        campaign=campaign, annotator=annotator, kind=kind, evidence=evidence, pauses=pauses
    )
    record(None, "alarm.raised", alarm, kind=kind, annotator=annotator.pk, pauses=pauses)
    _stand(member)
    return alarm


@transaction.atomic
def rule(alarm: Alarm, actor: User, outcome: str, reasons: str) -> Ruling:
    """Store what somebody decided about an alarm, and let it follow.

    Raises:
        NotPossibleError: it is decided already, or the reasons are missing.
    """
    member = _hold(alarm.campaign, alarm.annotator)
    alarm.refresh_from_db()
    reasons = reasons.strip()
    if not alarm.is_waiting:
        raise NotPossibleError(_("This was decided meanwhile. Have a look at what was decided."))
    if len(reasons) < SHORTEST:
        raise NotPossibleError(_("Say why, in a sentence that the annotator can follow."))
    ruling = Ruling.objects.create(
        alarm=alarm,
        outcome=outcome,
        reasons=reasons,
        made_by=actor,
        seen={"evidence": alarm.evidence, "objection": alarm.objection},
    )
    is_last = outcome == Outcome.NOTHING or alarm.state == AlarmState.OBJECTED
    alarm.state = AlarmState.CLOSED if is_last else AlarmState.DECIDED
    alarm.last_label = _newest_label(alarm.campaign, alarm.annotator)
    alarm.save(update_fields=["state", "last_label"])
    record(actor, "alarm.decided", alarm, kind=alarm.kind, outcome=outcome)
    _stand(member)
    return ruling


@transaction.atomic
def object_to(alarm: Alarm, annotator: User, text: str) -> None:
    """Store the annotator's objection, which somebody has to look at; there is one to each alarm.

    Raises:
        NotPossibleError: nothing was decided, it was objected to before, or the text is missing.
    """
    member = _hold(alarm.campaign, annotator)
    alarm.refresh_from_db()
    text = text.strip()
    if alarm.annotator_id != annotator.pk or alarm.state != AlarmState.DECIDED:
        raise NotPossibleError(_("There is nothing to object to here, or you did so before."))
    if len(text) < SHORTEST:
        raise NotPossibleError(_("Say in a sentence what was overlooked."))
    alarm.state, alarm.objection, alarm.objected_at = AlarmState.OBJECTED, text, timezone.now()
    alarm.save(update_fields=["state", "objection", "objected_at"])
    record(annotator, "alarm.objected", alarm, kind=alarm.kind)
    _stand(member)


def waiting(campaign: Campaign) -> int:
    """Return how many alarms of a campaign somebody has to look at."""
    return campaign.alarms.waiting().count()


def shown_to(annotator: User, campaign: Campaign) -> list[Alarm]:
    """Return the alarms that the annotator is told of: those that pause, and what was decided.

    Others are a reason for somebody to look, and nothing may come of them.
    """
    mine = campaign.alarms.filter(annotator=annotator).prefetch_related("rulings__made_by")
    return [alarm for alarm in mine if (alarm.pauses and alarm.is_waiting) or _matters(alarm)]


def _matters(alarm: Alarm) -> bool:
    return alarm.ruling is not None and not (
        len(alarm.rulings.all()) == 1 and alarm.ruling.outcome == Outcome.NOTHING
    )


def _hold(campaign: Campaign, annotator: User) -> Member:
    """Lock the annotator's seat: whatever changes it comes one after the other."""
    return campaign.members.select_for_update(no_key=True).get(user=annotator)


def _newest_label(campaign: Campaign, annotator: User) -> int:
    mine = Label.objects.filter(campaign=campaign, annotator=annotator)
    return mine.aggregate(newest=Max("pk"))["newest"] or 0


def _stand(member: Member) -> None:
    """Work out from all alarms whether the member is served, and whether their labels count."""
    alarms = list(
        member.campaign.alarms.filter(annotator=member.user_id).prefetch_related("rulings")
    )
    outcomes = {alarm.ruling.outcome for alarm in alarms if alarm.ruling}
    held_back = any(alarm.pauses and alarm.state == AlarmState.OPEN for alarm in alarms)
    heard = Outcome.LEAVE_OUT not in outcomes
    standing = Standing.PAUSED if held_back else Standing.WORKING
    if {Outcome.STOP, Outcome.LEAVE_OUT} & outcomes:
        standing = Standing.STOPPED
    if standing != Standing.WORKING:
        _take_back(member)
    if heard != member.heard:
        key = f"consensus:{member.campaign_id}:True"
        enqueue("consensus", key=key, campaign=member.campaign_id, settle=True)
    Member.objects.filter(pk=member.pk).update(standing=standing, heard=heard)


def _take_back(member: Member) -> None:
    leases = Assignment.objects.leased().filter(
        campaign=member.campaign_id, annotator=member.user_id
    )
    releasing.release(leases, Assignment.State.EXPIRED, wait=True)
