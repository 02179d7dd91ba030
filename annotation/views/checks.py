"""What annotators are told beforehand of the probes among their clips."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from annotation import probing, staging
from annotation.models import Campaign


@dataclass(frozen=True)
class Checks:
    """How many clips are practice, and what the others are by which looking is checked."""

    practice: int
    kinds: list[str]


def of(campaign: Campaign, user: User) -> Checks:
    """Return the probes that a campaign has for somebody, as `annotation.probing` deals them."""
    found = []
    is_tested = probing.tests(campaign, user)
    if is_tested and campaign.n_gold and (campaign.entry_checks or campaign.check_every):
        found.append(_("clips of which it is known how people see them"))
    if campaign.stages == [staging.BLIND] and campaign.repeat_every:
        found.append(_("clips that you have met before"))
    if campaign.stages == [staging.BLIND] and is_tested and campaign.attention_every:
        found.append(_("clips that tell you which answer to choose"))
    return Checks(min(campaign.training_clips, campaign.n_teaching), found)
