"""Finds what a command line names."""

from django.core.management.base import CommandError

from annotation.models import Campaign


def find_campaign(name: str) -> Campaign:
    """Return the campaign with this number or name."""
    campaigns = Campaign.objects.select_related("scheme", "owner")
    found = campaigns.filter(name=name).first()
    if found is None and name.isdecimal():
        found = campaigns.filter(pk=int(name)).first()
    if found is None:
        known = ", ".join(f"{c.pk} ({c.name})" for c in campaigns.order_by("-pk")[:5])
        raise CommandError(f"There is no campaign {name!r}. The newest: {known or 'none'}.")
    return found
