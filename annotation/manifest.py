"""Reads what is to be imported: a folder of media, or a manifest that says more of each clip."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

from annotation.rows import SEPARATOR, InvalidRow, Row, checked_id, external_id_of, inside, row_of


class InvalidManifest(ValueError):
    """The manifest cannot be read as a whole; nothing of it was imported."""


Entries = list[tuple[str, Row | InvalidRow]]


def read(source: Path, media_root: Path | None = None) -> Entries:
    """Return (name, row or what is wrong with it) for every clip of a folder or a manifest."""
    if source.is_dir():
        return _folder(source)
    if not source.is_file():
        raise InvalidManifest(f"{source}: there is no such file or folder.")
    return _manifest(source, media_root or source.parent)


def _folder(folder: Path) -> Entries:
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder)
    )
    if not files:
        raise InvalidManifest(f"{folder}: there is no file in this folder.")
    names = [path.relative_to(folder).with_suffix("").as_posix() for path in files]
    doubled = {name for name, count in Counter(names).items() if count > 1}
    entries: Entries = []
    for path, stem in zip(files, names, strict=True):
        shown = path.relative_to(folder).as_posix()
        try:
            name = checked_id(shown if stem in doubled else stem)
            entries.append((shown, Row(inside(folder, shown), name)))
        except InvalidRow as error:
            entries.append((_printable(shown), error))
    return entries


def _hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _manifest(path: Path, media_root: Path) -> Entries:
    records = _records(path)
    ids = Counter(external_id_of(record) for record in records)
    doubled = [name for name, count in ids.items() if name and count > 1]
    if doubled:
        raise InvalidManifest(
            f"{path.name}: external_id {doubled[0]!r} is there {ids[doubled[0]]} times; "
            "each clip needs one of its own."
        )
    entries: Entries = []
    for line, record in enumerate(records, start=1):
        name = record.get("file") or f"row {line}"
        try:
            entries.append((name, row_of(record, media_root)))
        except InvalidRow as error:
            entries.append((_printable(name), error))
    return entries


def _printable(name: str) -> str:
    return name.encode(errors="backslashreplace").decode()


def _records(path: Path) -> list[dict[str, str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InvalidManifest(f"{path}: it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InvalidManifest(
            f"{path.name} is not UTF-8 text (byte {error.start}). Save it as UTF-8."
        ) from error
    if "\0" in text:
        raise InvalidManifest(f"{path.name} holds a NUL: it is no text. Save it as UTF-8.")
    records = _json_lines(path, text) if path.suffix == ".jsonl" else _csv(path, text)
    if not records:
        raise InvalidManifest(f"{path.name} has no rows.")
    missing = [name for name in ("file",) if name not in records[0]]
    if missing:
        columns = ", ".join(records[0]) or "none"
        raise InvalidManifest(
            f"{path.name}: the column {missing[0]!r} is missing. Columns found: {columns}."
        )
    return records


def _csv(path: Path, text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise InvalidManifest(f"{path.name}, line {reader.line_num}: {error}.") from error
    columns = [name.strip() for name in reader.fieldnames or []]
    if len(set(columns)) != len(columns):
        raise InvalidManifest(f"{path.name}: a column is there twice.")
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise InvalidManifest(
                f"{path.name}, row {line}: {len(columns)} columns are needed. Quote commas in text."
            )
    return [{name.strip(): (value or "").strip() for name, value in row.items()} for row in rows]


def _json_lines(path: Path, text: str) -> list[dict[str, str]]:
    records = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InvalidManifest(f"{path.name}, line {number}: {error}.") from error
        if not isinstance(record, dict):
            raise InvalidManifest(f"{path.name}, line {number}: an object is needed.")
        records.append({str(name): _text(value) for name, value in record.items()})
    return records


def _text(value: object) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(str(part) for part in value)
    return "" if value is None else str(value).strip()
