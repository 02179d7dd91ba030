"""Reads what is to be imported: a folder of media, or a manifest that says more of each clip."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path

from annotation.refusals import Refusal
from annotation.rows import SEPARATOR, InvalidRow, Row, checked_id, external_id_of, inside, row_of


class InvalidManifest(Refusal):
    """The manifest cannot be read as a whole; nothing of it was imported."""


Entries = list[tuple[str, Row | InvalidRow]]


def read(source: Path, media_root: Path | None = None) -> Entries:
    """Return (name, row or what is wrong with it) for every clip of a folder or a manifest."""
    if source.is_dir():
        return _folder(source)
    if not source.is_file():
        raise InvalidManifest("{file}: there is no such file or folder.", file=str(source))
    return _manifest(source, media_root or source.parent)


def _folder(folder: Path) -> Entries:
    files = sorted(
        path for path in folder.rglob("*") if path.is_file() and not _hidden(path, folder)
    )
    if not files:
        raise InvalidManifest("{folder}: there is no file in this folder.", folder=str(folder))
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
            "{file}: external_id {given} is there {n} times; each clip needs one of its own.",
            file=path.name,
            given=repr(doubled[0]),
            n=ids[doubled[0]],
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
        raise InvalidManifest(
            "{file}: it cannot be read ({problem}).", file=str(path), problem=str(error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise InvalidManifest(
            "{file} is not UTF-8 text (byte {byte}). Save it as UTF-8.",
            file=path.name,
            byte=error.start,
        ) from error
    if "\0" in text:
        raise InvalidManifest(
            "{file} holds a NUL: it is no text. Save it as UTF-8.", file=path.name
        )
    records = _json_lines(path, text) if path.suffix == ".jsonl" else _csv(path, text)
    if not records:
        raise InvalidManifest("{file} has no rows.", file=path.name)
    missing = [name for name in ("file",) if name not in records[0]]
    if missing:
        raise InvalidManifest(
            "{file}: the column {column} is missing. Columns found: {columns}.",
            file=path.name,
            column=repr(missing[0]),
            columns=", ".join(records[0]) or "–",
        )
    return records


def _csv(path: Path, text: str) -> list[dict[str, str]]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise InvalidManifest(
            "{file}, line {line}: {problem}.",
            file=path.name,
            line=reader.line_num,
            problem=str(error),
        ) from error
    columns = [name.strip() for name in reader.fieldnames or []]
    if len(set(columns)) != len(columns):
        raise InvalidManifest("{file}: a column is there twice.", file=path.name)
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise InvalidManifest(
                "{file}, row {line}: {n} columns are needed. Quote commas in text.",
                file=path.name,
                line=line,
                n=len(columns),
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
            raise InvalidManifest(
                "{file}, line {line}: {problem}.", file=path.name, line=number, problem=str(error)
            ) from error
        if not isinstance(record, dict):
            raise InvalidManifest(
                "{file}, line {line}: an object is needed.", file=path.name, line=number
            )
        records.append({str(name): _text(value) for name, value in record.items()})
    return records


def _text(value: object) -> str:
    if isinstance(value, list):
        return SEPARATOR.join(str(part) for part in value)
    return "" if value is None else str(value).strip()
