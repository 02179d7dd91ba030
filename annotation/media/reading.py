"""What the child does with one file. Runs inside the limits; see `child`."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from annotation.media import images, transcoding
from annotation.media.formats import Format, format_of
from annotation.media.limits import Limits

Facts = dict[str, Any]


def probe(source: Path, limits: Limits) -> Facts:
    """Decode `source` to its end and return the facts of a `Probe`, less hash and size."""
    form = format_of(source)
    facts = _facts(form)
    if form.kind == "image":
        image = images.load(source, form.reader, limits)
        return facts | {"width": image.width, "height": image.height}
    if form.kind == "video":
        (width, height), rate = transcoding.shape(source, form, limits)
        facts |= {"width": width, "height": height, "fps": round(float(rate), 3)}
    duration, has_audio = transcoding.read_to_the_end(source, form, limits)
    return facts | {"duration": round(duration, 3), "has_audio": has_audio}


def normalise(source: Path, folder: Path, limits: Limits) -> Facts:
    """Write the playable file and its poster into `folder`; return the facts of a `Media`."""
    form = format_of(source)
    if form.kind == "image":
        return _normalise_image(source, form, folder, limits)
    if form.kind == "audio":
        written = transcoding.write_sound(source, form, folder, limits)
        return _written(form, "audio/mp4", written)
    written = transcoding.write_film(source, form, folder, limits)
    poster = images.write_poster(transcoding.representative_frame(written.path), folder)
    return _written(form, "video/mp4", written) | {"poster": poster.name}


def _normalise_image(source: Path, form: Format, folder: Path, limits: Limits) -> Facts:
    image = images.fit(images.load(source, form.reader, limits), limits.image_side)
    path, mime = images.write(image, folder, form.reader)
    poster = images.write_poster(image, folder)
    shape = {"mime": mime, "width": image.width, "height": image.height}
    return _facts(form) | shape | {"file": path.name, "poster": poster.name, "waveform": []}


def _written(form: Format, mime: str, written: transcoding.Written) -> Facts:
    facts = asdict(written)
    name = facts.pop("path").name
    return _facts(form) | facts | {"mime": mime, "file": name, "poster": None}


def _facts(form: Format) -> Facts:
    return {
        "kind": form.kind,
        "mime": form.mime,
        "duration": 0.0,
        "width": 0,
        "height": 0,
        "fps": 0.0,
        "has_audio": False,
    }
