"""Serves a clip's media to whoever may see it now, and asks again at every range."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from accounts.models import User
from annotation import media_links
from annotation.models import Assignment, Campaign, Task
from web.media import serve


@extend_schema(exclude=True)
class MediaView(APIView):
    """Open to the page's session and to a script's token alike."""

    def get(self, request: Request, token: str) -> HttpResponseBase:
        link = media_links.read(token)
        user = cast("User", request.user)
        if link is None or link.user != user.pk:
            raise Http404
        task = Task.objects.cleared().select_related("clip").filter(pk=link.task).first()
        if task is None or not _may_see(user, task):
            raise Http404
        return _file(request._request, task, link)  # noqa: SLF001 - Django's own request

    head = get


def _may_see(user: User, task: Task) -> bool:
    if user.is_annotator:
        return Assignment.objects.kept().filter(task=task, annotator=user).exists()
    return Campaign.objects.managed_by(user).filter(pk=task.campaign_id).exists()


def _file(request: HttpRequest, task: Task, link: media_links.Link) -> HttpResponseBase:
    if link.place >= task.n_clips:
        raise Http404
    clip = task.clips[link.place]
    is_poster = link.what == "poster"
    name, mime = (clip.poster, "image/jpeg") if is_poster else (clip.media, clip.mime)
    if not name:
        raise Http404
    prefix = settings.MEDIA_ACCEL_PREFIX or None
    filename = f"clip-{task.pk}-{link.place + 1}{Path(name).suffix}"
    path = Path(name) if prefix else Path(settings.MEDIA_ROOT) / name
    return serve(request, path, mime, filename=filename, accel_prefix=prefix)
