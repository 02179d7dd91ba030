"""Addresses of media: signed, expiring, good for one person and one task."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

SALT = "annotation.media"


@dataclass(frozen=True)
class Link:
    task: int
    user: int
    what: str


def media_url(task: int, user: int) -> str:
    return _url(Link(task, user, "media"))


def poster_url(task: int, user: int) -> str:
    return _url(Link(task, user, "poster"))


def baseline_url(task: int, user: int) -> str:
    return _url(Link(task, user, "baseline"))


def captions_url(task: int, user: int) -> str:
    return _url(Link(task, user, "captions"))


def read(token: str) -> Link | None:
    """Return what a link was made for; None where it is forged or its time is over."""
    try:
        signed = signing.TimestampSigner(salt=SALT).unsign(
            token, max_age=settings.MEDIA_LINK_SECONDS
        )
        task, user, what = signed.split(".")
        return Link(int(task), int(user), what)
    except (signing.BadSignature, ValueError):
        return None


def _url(link: Link) -> str:
    signed = signing.TimestampSigner(salt=SALT).sign(f"{link.task}.{link.user}.{link.what}")
    return reverse("annotation:media", args=[signed])
