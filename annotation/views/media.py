"""Serves a clip's media to whoever may see it now, and asks again at every range."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from annotation import media_links, transcripts
from annotation.models import Assignment, Campaign, Clip, Task
from web.media import serve

# What shows a layer of the context, and is open only with it.
LAYERS = {"captions": "transcript", "baseline": "baseline"}


@extend_schema(exclude=True)
class MediaView(APIView):
    """Open to the page's session and to a script's token alike."""

    def get(self, request: Request, token: str) -> HttpResponseBase:
        link = media_links.read(token)
        user = cast("User", request.user)
        if link is None or link.user != user.pk:
            raise Http404
        task = (
            Task.objects.cleared()
            .select_related("clip__baseline", "campaign")
            .filter(pk=link.task)
            .first()
        )
        if task is None or not _may_see(user, task):
            raise Http404
        if link.what in LAYERS and not _is_open(user, task, LAYERS[link.what]):
            raise Http404
        if link.what == "captions":
            return _captions(task)
        clip = _clip(task, link)
        return _file(request._request, task, clip, link.what)  # noqa: SLF001 - Django's own request

    head = get


def _may_see(user: User, task: Task) -> bool:
    if user.is_annotator:
        return Assignment.objects.kept().filter(task=task, annotator=user).exists()
    return Campaign.objects.managed_by(user).filter(pk=task.campaign_id).exists()


def _is_open(user: User, task: Task, layer: str) -> bool:
    """Whether an annotator has come to a step that shows the layer."""
    if not user.is_annotator or (layer == "transcript" and task.campaign.captions):
        return True
    mine = Assignment.objects.kept().filter(task=task, annotator=user).first()
    return mine is not None and any(layer in step["layers"] for step in mine.plan[: mine.step + 1])


def _captions(task: Task) -> HttpResponse:
    transcript, seconds = task.clip.layers.get("transcript"), task.clip.duration
    if not transcript or not seconds:
        raise Http404
    answer = HttpResponse(
        transcripts.captions(transcript, seconds), content_type="text/vtt; charset=utf-8"
    )
    answer["Cache-Control"] = "no-store, private"
    return answer


def _clip(task: Task, link: media_links.Link) -> Clip:
    if link.what == "baseline":
        baseline = task.clip.baseline
        if baseline is None or not task.campaign.may_show(baseline):
            raise Http404
        return baseline
    if link.place >= task.n_clips:
        raise Http404
    return task.clips[link.place]


def _file(request: HttpRequest, task: Task, clip: Clip, what: str) -> HttpResponseBase:
    name, mime = (clip.poster, "image/jpeg") if what == "poster" else (clip.media, clip.mime)
    if not name:
        raise Http404
    prefix = settings.MEDIA_ACCEL_PREFIX or None
    filename = f"clip-{task.pk}-{clip.pk}{Path(name).suffix}"
    path = Path(name) if prefix else Path(settings.MEDIA_ROOT) / name
    return serve(request, path, mime, filename=filename, accel_prefix=prefix)
