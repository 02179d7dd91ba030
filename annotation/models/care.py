"""What an annotator will not see, and how long they have worked."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from annotation.models.campaign import Campaign

HOUR = 3600
DAY_HOURS = 24


class Break(models.TextChoices):
    """Which limit a break comes from."""

    SESSION = "session", _("Long enough on end")
    DAY = "day", _("Long enough for a day")
    FLAGGED = "flagged", _("Enough flagged clips")


class Care(models.Model):
    """One row for each annotator: it follows them through all campaigns.

    Serving locks it together with the seat, so that two requests of one person come one after the
    other whatever their campaigns, and an opt-out cannot slip between picking and leasing.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="care")
    # Bits of `annotation.flags`: clips with any of them are never served to this person.
    opt_outs = models.PositiveIntegerField(default=0)
    # Recorded answers are played in their name: nobody sits there who could get tired.
    is_simulated = models.BooleanField(default=False)
    # Until when they were last known to be at work, and in which campaign they hold clips.
    seen_at = models.DateTimeField(null=True, blank=True)
    busy_in = models.ForeignKey(
        Campaign, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of the longest clip in hand: somebody who watches it is silent for that long.
    clip_seconds = models.FloatField(default=0.0)
    # Seconds of work and flagged clips served since the last break.
    on_end = models.FloatField(default=0.0)
    flagged = models.PositiveIntegerField(default=0)
    # Seconds of work in each hour of the last 24, by the number of the hour since 1970.
    hours = models.JSONField(default=dict, blank=True)
    # The break that was imposed and told of; empty once they work again.
    on_break = models.CharField(max_length=8, choices=Break.choices, blank=True)

    def __str__(self) -> str:
        return f"care of {self.user_id}"

    def day_seconds(self, now: datetime) -> float:
        """Return the seconds of work in the last 24 hours."""
        oldest = int(now.timestamp() // HOUR) - DAY_HOURS
        return sum(float(seconds) for hour, seconds in self.hours.items() if int(hour) > oldest)
