"""The files we take: extension, content and decoder must agree on one line of this table."""

from dataclasses import dataclass
from pathlib import Path

import puremagic

from annotation.media.errors import UnreadableMedia
from annotation.media.results import Kind

HEAD = 8192


@dataclass(frozen=True)
class Format:
    """One kind of file. `reader` is Pillow's format or libav's demuxer, the only one ever tried."""

    kind: Kind
    reader: str
    mime: str
    magic: frozenset[str]


def _format(kind: Kind, reader: str, mime: str, magic: str) -> Format:
    return Format(kind, reader, mime, frozenset(magic.split()))


_JPEG = _format("image", "JPEG", "image/jpeg", ".jpg .jpeg .jpe .jfif")
_TIFF = _format("image", "TIFF", "image/tiff", ".tif .tiff")
_AIFF = _format("audio", "aiff", "audio/aiff", ".aif .aiff")
_MP4 = _format("video", "mov", "video/mp4", ".mp4 .m4v .mov .3gp .f4v .m4a")
_QUICKTIME = _format("video", "mov", "video/quicktime", ".mov .qtvr .mp4 .m4v .3gp")
_OGG = _format("audio", "ogg", "audio/ogg", ".ogg .oga .opus")

EXTENSIONS: dict[str, Format] = {
    ".jpg": _JPEG,
    ".jpeg": _JPEG,
    ".png": _format("image", "PNG", "image/png", ".png"),
    ".webp": _format("image", "WEBP", "image/webp", ".webp"),
    ".bmp": _format("image", "BMP", "image/bmp", ".bmp .dib"),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".gif": _format("image", "GIF", "image/gif", ".gif"),
    ".wav": _format("audio", "wav", "audio/wav", ".wav"),
    ".mp3": _format("audio", "mp3", "audio/mpeg", ".mp3 .mpga .mp1 .mp2"),
    ".m4a": _format("audio", "mov", "audio/mp4", ".m4a .f4a .mp4 .m4b"),
    ".aac": _format("audio", "aac", "audio/aac", ".aac"),
    ".flac": _format("audio", "flac", "audio/flac", ".flac"),
    ".ogg": _OGG,
    ".oga": _OGG,
    ".opus": _OGG,
    ".aif": _AIFF,
    ".aiff": _AIFF,
    ".weba": _format("audio", "matroska", "audio/webm", ".webm .mkv"),
    ".mp4": _MP4,
    ".m4v": _MP4,
    ".mov": _QUICKTIME,
    ".webm": _format("video", "matroska", "video/webm", ".webm .mkv"),
    ".mkv": _format("video", "matroska", "video/x-matroska", ".mkv .webm"),
    ".avi": _format("video", "avi", "video/x-msvideo", ".avi"),
}


def format_of(source: Path) -> Format:
    """Return the format that the name and the first bytes of `source` agree on.

    Raises `UnreadableMedia` for an extension we do not take or content that is something else.
    """
    extension = source.suffix.lower()
    declared = EXTENSIONS.get(extension)
    if declared is None:
        raise _not_taken(extension)
    with source.open("rb") as file:
        head = file.read(HEAD)
    if declared.magic.isdisjoint(_guesses(head)):
        raise _misnamed(extension, head)
    return declared


def _not_taken(extension: str) -> UnreadableMedia:
    taken = " ".join(sorted(EXTENSIONS))
    if not extension:
        return UnreadableMedia(
            "Files without an extension are not taken. Convert to one of {taken}.", taken=taken
        )
    return UnreadableMedia(
        "Files named {extension} are not taken. Convert to one of {taken}.",
        extension=extension,
        taken=taken,
    )


def _misnamed(extension: str, head: bytes) -> UnreadableMedia:
    known = next((guess for guess in _guesses(head) if guess in EXTENSIONS), None)
    if known:
        return UnreadableMedia(
            "The name says {extension} but the content is {known}. Give the file the extension of "
            "its real content, or export it again.",
            extension=extension,
            known=known,
        )
    if _is_text(head):
        return UnreadableMedia(
            "The name says {extension} but the content is text. Export the file again.",
            extension=extension,
        )
    return UnreadableMedia(
        "The name says {extension} but the content is of an unknown format. Give the file the "
        "extension of its real content, or export it again.",
        extension=extension,
    )


def _guesses(head: bytes) -> list[str]:
    """Extensions that fit `head`, likeliest first. Only what puremagic 1.30 and 2 share is used."""
    try:
        return [guess.extension for guess in puremagic.magic_string(head) if guess.extension]
    except (puremagic.PureError, ValueError):
        return []


def _is_text(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # A character cut in two by the end of the sample.
    return b"\0" not in head
