"""Addresses of media: signed, expiring, good for one person and one clip of one task."""

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
    # Of the clip in its task: 0 is the first, and the only one where nothing is compared.
    place: int = 0


def media_url(task: int, user: int, place: int = 0) -> str:
    return _url(Link(task, user, "media", place))


def poster_url(task: int, user: int, place: int = 0) -> str:
    return _url(Link(task, user, "poster", place))


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
        task, user, what, place = signed.split(".")
        return Link(int(task), int(user), what, int(place))
    except (signing.BadSignature, ValueError):
        return None


def _url(link: Link) -> str:
    said = f"{link.task}.{link.user}.{link.what}.{link.place}"
    signed = signing.TimestampSigner(salt=SALT).sign(said)
    return reverse("annotation:media", args=[signed])
