"""Whether annotators have read what was decided about their work; the log knows since when."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import User
from annotation import alarms
from annotation.models import Alarm, Campaign
from audit.log import label, record
from audit.models import Event

READ = "alarm.read"


def campaigns_that_tell(annotator: User) -> dict[int, bool]:
    """Return the campaigns that have something to read for somebody: whether it is new to them."""
    concerned = Campaign.objects.filter(alarms__annotator=annotator).distinct()
    found = {campaign.pk: alarms.shown_to(annotator, campaign) for campaign in concerned}
    return {pk: bool(_unread(shown)) for pk, shown in found.items() if shown}


@transaction.atomic
def note_read(annotator: User, shown: list[Alarm]) -> None:
    """Note of each alarm, once for everything that is new about it, that the annotator read it."""
    for alarm in _unread(shown):
        record(annotator, READ, alarm, state=alarm.state)


def _unread(shown: list[Alarm]) -> list[Alarm]:
    read: dict[str, datetime] = {}
    targets = [label(alarm) for alarm in shown]
    for event in Event.objects.filter(target__in=targets, verb=READ).order_by("id"):
        read[event.target] = event.at
    return [one for one in shown if label(one) not in read or read[label(one)] < _newest(one)]


def _newest(alarm: Alarm) -> datetime:
    """Return when the last thing happened that the annotator is told of."""
    return alarm.ruling.made_at if alarm.ruling else alarm.raised_at
