"""The public face: a path in, a clip's facts and files out, or `UnreadableMedia`."""

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from annotation.media.errors import UnreadableMedia
from annotation.media.formats import format_of
from annotation.media.limits import MEBIBYTE, Limits
from annotation.media.results import Media, Probe
from annotation.media.worker import run_limited


def probe(source: Path, limits: Limits | None = None) -> Probe:
    """Return what `source` is, after decoding it to its end; write nothing.

    Raises `UnreadableMedia` with a reason that names the remedy.
    """
    limits = limits or Limits()
    size = _checked_size(source, limits)
    sha256 = _sha256(source)
    return Probe(**run_limited("probe", source, None, limits), sha256=sha256, size=size)


def normalise(source: Path, folder: Path, limits: Limits | None = None) -> Media:
    """Write into `folder` what every browser plays of `source`, and a poster; return the facts.

    Image: JPEG or PNG; audio: AAC in `.m4a`; video: H.264 and AAC in `.mp4`. Metadata is dropped.
    `folder` is made where needed; files of an earlier run are replaced; nothing half-written is
    left. Raises `UnreadableMedia` with a reason that names the remedy.
    """
    limits = limits or Limits()
    size = _checked_size(source, limits)
    sha256 = _sha256(source)
    folder.parent.mkdir(parents=True, exist_ok=True)
    stage = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        facts = run_limited("normalise", source, stage, limits)
        names = [name for name in (facts.pop("file"), facts.pop("poster")) if name]
        written = [_moved(stage / name, folder) for name in names]
    finally:
        shutil.rmtree(stage, ignore_errors=True)
    waveform = tuple(facts.pop("waveform"))
    poster = written[1] if len(written) > 1 else None
    return Media(
        **facts, sha256=sha256, size=size, file=written[0], poster=poster, waveform=waveform
    )


def _checked_size(source: Path, limits: Limits) -> int:
    """Return the bytes of `source`; refuse at once what no decoder need see."""
    if not source.is_file():
        raise UnreadableMedia("There is no such file. Check the path in the manifest.")
    size = source.stat().st_size
    if size == 0:
        raise UnreadableMedia("The file is empty. Copy or export it again from the original.")
    if size > limits.bytes:
        raise UnreadableMedia(
            "{size} MiB are more than the {most} MiB allowed. Cut the clip shorter or export it "
            "smaller.",
            size=round(size / MEBIBYTE, 1),
            most=round(limits.bytes / MEBIBYTE, 1),
        )
    try:
        format_of(source)
    except OSError as error:
        raise UnreadableMedia("The file cannot be read. Check its permissions.") from error
    return size


def _sha256(source: Path) -> str:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _moved(file: Path, folder: Path) -> Path:
    """Put a finished file in its place at one stroke, on the disk before its name is."""
    with file.open("rb+") as written:
        os.fsync(written.fileno())
    folder.mkdir(parents=True, exist_ok=True)
    return file.replace(folder / file.name)
