"""Where somebody finds help after a clip that was hard to see."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from annotation.models import Campaign


@dataclass(frozen=True)
class Support:
    """An address and some words; either may be missing."""

    url: str
    text: str


def of(campaign: Campaign | None = None) -> Support:
    """Return the campaign's own support, or the site's where it names none."""
    if campaign is not None and (campaign.support_url or campaign.support_text):
        return Support(campaign.support_url, campaign.support_text)
    return Support(settings.SUPPORT_URL, settings.SUPPORT_TEXT)
