"""One clip to import, and the checks on what a manifest says of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath

from annotation import flags
from annotation.refusals import Refusal
from consent.models import Purpose

# The manifest's columns of text around the clip, and the layer each is.
LAYER_COLUMNS = {
    "context": "setting",
    "context_before": "before",
    "context_after": "after",
    "context_relationship": "relationship",
    "transcript": "transcript",
}
LONGEST_LAYER = 20_000
CONSENT_WORDS = {
    "approved": "approved",
    "pending": "pending",
    "given": "pending",
    "yes": "pending",
    "no": "",
    "refused": "",
    "": "",
}
KNOWN = {
    "file",
    "external_id",
    "participant",
    "consent",
    "consent_form",
    "consent_purposes",
    "consent_expires",
    "evidence",
    *LAYER_COLUMNS,
    "baseline",
    "flags",
}
SEPARATOR = ";"
LONGEST_ID, LONGEST_CODE = 200, 80


class InvalidRow(Refusal):
    """One row cannot be imported; the others can."""


@dataclass(frozen=True)
class Row:
    """One clip to import. `consent` is "approved", "pending" or empty for none."""

    path: Path
    external_id: str
    participants: tuple[str, ...] = ()
    consent: str = ""
    consent_form: str = ""
    consent_purposes: tuple[str, ...] = ()
    consent_expires: datetime | None = None
    evidence: str = ""
    layers: dict[str, str] = field(default_factory=dict)
    # The external id of a clip of the same person in a neutral moment.
    baseline: str = ""
    # None: the manifest does not speak of flags.
    flags: tuple[str, ...] | None = None
    attributes: dict[str, str] = field(default_factory=dict)


def external_id_of(record: dict[str, str]) -> str:
    return record.get("external_id") or PurePosixPath(record.get("file", "")).stem


def row_of(record: dict[str, str], media_root: Path) -> Row:
    """Return what a manifest's row says, or raise InvalidRow."""
    word = record.get("consent", "").casefold()
    if word not in CONSENT_WORDS:
        raise InvalidRow(
            "{key}: {given} is not one of: {known}.",
            key="consent",
            given=repr(word),
            known=", ".join(filter(None, CONSENT_WORDS)),
        )
    for name, text in record.items():
        _refuse_unstorable(name, text)
    external_id = checked_id(external_id_of(record))
    participants = _parts(record.get("participant", ""))
    for code in participants:
        _checked("participant", code, LONGEST_CODE)
    if CONSENT_WORDS[word] and not participants:
        raise InvalidRow("participant: a consent needs the person who gave it.")
    return Row(
        path=inside(media_root, record.get("file", "")),
        external_id=external_id,
        participants=participants,
        consent=CONSENT_WORDS[word],
        consent_form=record.get("consent_form", ""),
        consent_purposes=_purposes(record.get("consent_purposes", "")),
        consent_expires=_day(record.get("consent_expires", "")),
        evidence=record.get("evidence", "")[:300],
        layers=_layers(record),
        baseline=record.get("baseline", ""),
        flags=_flags(record["flags"]) if "flags" in record else None,
        attributes={name: value for name, value in record.items() if name not in KNOWN and value},
    )


def _layers(record: dict[str, str]) -> dict[str, str]:
    found = {layer: record.get(column, "").strip() for column, layer in LAYER_COLUMNS.items()}
    for column, layer in LAYER_COLUMNS.items():
        if len(found[layer]) > LONGEST_LAYER:
            raise InvalidRow(
                "{key}: at most {most} characters are kept.", key=column, most=LONGEST_LAYER
            )
    return {layer: text for layer, text in found.items() if text}


def checked_id(external_id: str) -> str:
    """Return the clip's own name, if it can be kept."""
    return _checked("external_id", external_id, LONGEST_ID)


def _checked(field: str, text: str, longest: int) -> str:
    _refuse_unstorable(field, text)
    if not 0 < len(text) <= longest:
        raise InvalidRow("{key}: 1 to {most} characters are needed.", key=field, most=longest)
    return text


def _refuse_unstorable(field: str, text: str) -> None:
    # A name that is not UTF-8, or half a character written out in JSON.
    if not text.isprintable() and re.search("[\0\ud800-\udfff]", text):
        raise InvalidRow("{key}: it holds something that is not text.", key=field)


def inside(root: Path, name: str) -> Path:
    """Return the file of this name, if it lies in `root` and nowhere else."""
    if not name:
        raise InvalidRow("file: the name of the clip's file is missing.")
    if Path(name).is_absolute() or PureWindowsPath(name).drive or ".." in Path(name).parts:
        raise InvalidRow("file: give a name inside the manifest's folder, without '..'.")
    path = root / name
    if not path.is_file():
        raise InvalidRow("file: there is no such file.")
    if not path.resolve().is_relative_to(root.resolve()):
        raise InvalidRow("file: a link that leads out of the folder is not followed.")
    return path


def _purposes(text: str) -> tuple[str, ...]:
    purposes = _parts(text)
    unknown = [purpose for purpose in purposes if purpose not in Purpose.values]
    if unknown:
        raise InvalidRow(
            "{key}: {given} is not one of: {known}.",
            key="consent_purposes",
            given=repr(unknown[0]),
            known=", ".join(Purpose.values),
        )
    return purposes


def _flags(text: str) -> tuple[str, ...]:
    try:
        return tuple(flags.checked(part.casefold() for part in _parts(text)))
    except flags.UnknownFlag as error:
        raise InvalidRow("flags: {problem}", problem=error) from error


def _day(text: str) -> datetime | None:
    if not text:
        return None
    try:
        day = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRow(
            "consent_expires: {given} is not a date like 2030-12-31.", given=repr(text)
        ) from error
    return day if day.tzinfo else day.replace(tzinfo=UTC)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(SEPARATOR) if part.strip()))
