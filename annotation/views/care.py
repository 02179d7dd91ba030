"""Pages that look after annotators: what they will not see, what they saw, a clip's flags."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from annotation import care, exposure, flags, resting, support
from annotation.models import Clip
from annotation.views.access import person, researcher
from annotation.views.forms import FlagsForm


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
        {"form": form, "exposure": exposure.of(user), "support": support.of()},
    )


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
