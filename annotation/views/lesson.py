"""What others see in a clip of the training, where the page's script does not run."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from annotation import media_links, training
from annotation.models import Label, Probe
from annotation.views.access import open_campaign, person


@login_required
@never_cache
def lesson(request: HttpRequest, pk: int, label_pk: int) -> HttpResponse:
    """Show the clip once more, with how many see what in it."""
    user, campaign = person(request), open_campaign(request, pk)
    mine = Label.objects.consented().filter(campaign=campaign, annotator=user, probe=Probe.TRAINING)
    label = get_object_or_404(mine.select_related("task__clip", "assignment"), pk=label_pk)
    told = training.feedback(campaign, label)
    if told is None or not label.assignment.is_through:
        return redirect("annotation:label", campaign.pk)
    clip = label.task.clip
    context = {
        "campaign": campaign,
        "told": told,
        "clip": clip,
        "media_url": media_links.media_url(label.task_id, user.pk),
        "poster_url": media_links.poster_url(label.task_id, user.pk) if clip.poster else "",
    }
    return render(request, "annotation/lesson.html", context)
