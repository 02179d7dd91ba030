"""Pages that look after annotators: what they will not see, what they saw, a clip's flags."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from annotation import care, exposure, flags, grouping, resting, support
from annotation.models import Clip, Member
from annotation.views.access import person, researcher
from annotation.views.forms import FlagsForm
from annotation.views.group_fields import GroupForm


@login_required
@never_cache
def mine(request: HttpRequest) -> HttpResponse:
    """Show an annotator what they were shown and take what they will not see; a part for htmx."""
    user = person(request)
    if not user.is_annotator:
        raise Http404
    chosen = flags.words(resting.care_of(user).opt_outs)
    form = FlagsForm(initial={"flags": chosen})
    if request.method == "POST":
        form = FlagsForm(request.POST)
        if form.is_valid():
            care.opt_out(user, form.cleaned_data["flags"])
            messages.success(request, _("Saved. It holds from now on, in every campaign."))
            return redirect("annotation:care")
    partial = bool(request.headers.get("HX-Request"))
    return render(
        request,
        "annotation/_care.html" if partial else "annotation/care.html",
        {
            "form": form,
            "exposure": exposure.of(user),
            "support": support.of(),
            "groups": _groups(user),
        },
    )


@login_required
@require_POST
def my_group(request: HttpRequest, pk: int) -> HttpResponse:
    """Take what an annotator says of themselves in one campaign, or that they take it back."""
    user = person(request)
    member = get_object_or_404(grouping.asked_of(user), campaign=pk)
    form = GroupForm(request.POST, campaign=member.campaign, member=member)
    if form.is_valid():
        grouping.answer(member.campaign, user, form.cleaned_data["group"])
        messages.success(request, _("Saved."))
    return redirect("annotation:care")


def _groups(user: User) -> list[tuple[Member, GroupForm]]:
    return [
        (member, GroupForm(campaign=member.campaign, member=member))
        for member in grouping.asked_of(user)
    ]


@login_required
@never_cache
def clip_flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a researcher say what a clip holds."""
    user = researcher(request)
    clip = get_object_or_404(Clip.objects.select_related("collection"), pk=pk)
    form = FlagsForm(initial={"flags": clip.flags})
    if request.method == "POST":
        form = FlagsForm(request.POST)
        if form.is_valid():
            care.flag(clip, form.cleaned_data["flags"], user)
            messages.success(request, _("Saved. It holds from now on, in every campaign."))
            return redirect("annotation:collection", clip.collection_id)
    return render(request, "annotation/clip_flags.html", {"form": form, "clip": clip})
