"""Guards: who the person is, and the rows they may see. What is a stranger's is not there."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from accounts.models import User
from annotation.models import Campaign, CampaignState


def person(request: HttpRequest) -> User:
    return cast("User", request.user)


def researcher(request: HttpRequest) -> User:
    """Return the person, who must be one that may launch campaigns."""
    user = person(request)
    if not user.is_researcher:
        raise PermissionDenied
    return user


def managed_campaign(request: HttpRequest, pk: int) -> Campaign:
    """Return a campaign that the person manages."""
    campaigns = Campaign.objects.managed_by(person(request))
    return get_object_or_404(campaigns.select_related("scheme", "collection", "owner"), pk=pk)


def open_campaign(request: HttpRequest, pk: int) -> Campaign:
    """Return a campaign that asks, or asked, for the person's labels."""
    campaigns = Campaign.objects.open_to(person(request))
    campaign = get_object_or_404(campaigns.select_related("scheme", "owner"), pk=pk)
    if campaign.state == CampaignState.DRAFT:
        raise Http404
    return campaign
