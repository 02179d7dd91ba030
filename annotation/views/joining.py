"""Invitations to one campaign: the researcher makes a link, the annotator takes a seat by it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import inviting
from accounts.models import Role, User
from annotation import care, flags, grouping, resting, support
from annotation.models import Campaign, CampaignState, Member
from annotation.views import checks
from annotation.views.access import managed_campaign, person
from annotation.views.campaigns import SHOWN_ONCE
from annotation.views.forms import FlagsForm, GuestsForm
from annotation.views.group_fields import GroupForm
from audit.log import record


@login_required
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link by which annotators come in and join the campaign."""
    campaign = managed_campaign(request, pk)
    form = GuestsForm(request.POST)
    if form.is_valid():
        role = Role.EXPERT if form.cleaned_data["expert"] else Role.ANNOTATOR
        _invitation, secret = inviting.invite(
            person(request),
            role,
            subject=_subject(campaign),
            max_uses=form.cleaned_data["max_uses"],
        )
        door = reverse("accounts:invitation", args=[secret])
        onward = reverse("annotation:join", args=[campaign.pk])
        request.session[SHOWN_ONCE] = request.build_absolute_uri(f"{door}?next={onward}")
    return redirect("annotation:campaign", campaign.pk)


@login_required
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the campaign asks, and give the person a seat in it."""
    user = person(request)
    campaign = get_object_or_404(Campaign.objects.exclude(state=CampaignState.DRAFT), pk=pk)
    if not user.is_annotator or not _may_join(campaign, user):
        raise Http404
    opt_outs = resting.care_of(user).opt_outs
    form = FlagsForm(bits=campaign.flags, initial={"flags": flags.words(opt_outs)})
    sent = request.POST if request.method == "POST" else None
    group = GroupForm(sent, campaign=campaign, member=_member(campaign, user))
    if request.method == "POST":
        form = FlagsForm(request.POST, bits=campaign.flags)
        if form.is_valid() and group.is_valid():
            elsewhere = flags.words(opt_outs & ~campaign.flags)
            _seat(campaign, user, [*elsewhere, *form.cleaned_data["flags"]])
            grouping.answer(campaign, user, group.cleaned_data.get("group", ""))
            return redirect("annotation:label", campaign.pk)
    context = {
        "campaign": campaign,
        "form": form,
        "group": group,
        "support": support.of(campaign),
        "checks": checks.of(campaign, user),
    }
    return render(request, "annotation/join.html", context)


def _may_join(campaign: Campaign, user: User) -> bool:
    invited = user.accepted_invitations.filter(subject=_subject(campaign)).exists()
    return invited or Campaign.objects.open_to(user).filter(pk=campaign.pk).exists()


def _member(campaign: Campaign, user: User) -> Member | None:
    return campaign.members.filter(user=user).first()


@transaction.atomic
def _seat(campaign: Campaign, user: User, unwanted: list[str]) -> None:
    _member, is_new = Member.objects.get_or_create(campaign=campaign, user=user)
    if is_new:
        record(user, "campaign.joined", campaign)
    if campaign.flags:
        Member.objects.filter(campaign=campaign, user=user).update(told_flags=campaign.flags)
        care.opt_out(user, unwanted)


def _subject(campaign: Campaign) -> str:
    return f"campaign:{campaign.pk}"
