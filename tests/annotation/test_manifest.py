"""What a folder or a manifest says, and what is wrong with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotation import manifest
from annotation.manifest import InvalidManifest
from annotation.rows import InvalidRow, Row

FILES = ("a.jpg", "b.jpg", "deep/c.jpg")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in FILES:
        path = tmp_path / "clips" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return tmp_path / "clips"


def write(folder: Path, text: str | bytes, name: str = "manifest.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def rows(source: Path) -> list[Row]:
    found = []
    for _name, row in manifest.read(source):
        assert isinstance(row, Row), row
        found.append(row)
    return found


def refusal(folder: Path, **record: Any) -> str:
    """Return why the one row of a manifest is refused."""
    path = write(folder, json.dumps(record), "manifest.jsonl")
    ((_name, row),) = manifest.read(path)
    assert isinstance(row, InvalidRow)
    return str(row)


def test_a_folder_is_read_with_what_lies_below(folder: Path) -> None:
    assert [row.external_id for row in rows(folder)] == ["a", "b", "deep/c"]


def test_files_that_differ_in_their_ending_keep_it(folder: Path) -> None:
    write(folder, b"x", "a.mp3")

    assert [row.external_id for row in rows(folder)] == ["a.jpg", "a.mp3", "b", "deep/c"]


def test_hidden_files_are_left_alone(folder: Path) -> None:
    write(folder, b"x", ".DS_Store")

    assert len(rows(folder)) == 3


def test_a_link_in_a_folder_is_not_followed_out_of_it(folder: Path, tmp_path: Path) -> None:
    (folder / "out.jpg").symlink_to(write(tmp_path, b"secret", "secret.jpg"))

    refused = [str(row) for _, row in manifest.read(folder) if isinstance(row, InvalidRow)]

    assert refused == ["file: a link that leads out of the folder is not followed."]


@pytest.mark.parametrize("name", [b"\xff\xfe.jpg", b"x" * 250 + b".jpg"])
def test_a_file_whose_name_cannot_be_kept_is_refused(folder: Path, name: bytes) -> None:
    target = bytes(folder) + b"/" + name
    Path(target.decode(errors="surrogateescape")).write_bytes(b"x")

    refused = [(shown, row) for shown, row in manifest.read(folder) if isinstance(row, InvalidRow)]

    assert len(refused) == 1
    assert refused[0][0].encode()
    assert "external_id" in str(refused[0][1])


def test_a_csv_manifest_says_who_is_in_the_clip_and_what_they_allow(folder: Path) -> None:
    text = """\
file,external_id,participant,consent,consent_form,consent_purposes,consent_expires,context,light
a.jpg,one,P1; P2,approved,form@2,health.research;accessibility,2090-12-31,"At work, alone",dim
"""
    (row,) = rows(write(folder, text))

    assert (row.external_id, row.participants, row.consent) == ("one", ("P1", "P2"), "approved")
    assert (row.consent_form, row.layers) == ("form@2", {"setting": "At work, alone"})
    assert row.consent_purposes == ("health.research", "accessibility")
    assert row.consent_expires is not None
    assert row.consent_expires.isoformat() == "2090-12-31T00:00:00+00:00"
    assert row.attributes == {"light": "dim"}


def test_json_lines_say_the_same(folder: Path) -> None:
    record = {"file": "deep/c.jpg", "participant": ["P1", "P2"], "consent": "yes", "take": 3}

    (row,) = rows(write(folder, json.dumps(record) + "\n\n", "m.jsonl"))

    assert (row.external_id, row.participants) == ("c", ("P1", "P2"))
    assert (row.consent, row.attributes) == ("pending", {"take": "3"})


@pytest.mark.parametrize("text", ["\ufefffile\na.jpg\n", "file\r\na.jpg\r\n", "file \n a.jpg\n"])
def test_marks_and_blanks_of_spreadsheets_do_no_harm(folder: Path, text: str) -> None:
    assert [row.external_id for row in rows(write(folder, text))] == ["a"]


def test_a_separator_of_lines_inside_json_text_is_text(folder: Path) -> None:
    line = json.dumps({"file": "a.jpg", "context": "one\u2028two"}, ensure_ascii=False)

    (row,) = rows(write(folder, line, "m.jsonl"))

    assert row.layers == {"setting": "one\u2028two"}


UNREADABLE: list[tuple[str, str | bytes, str]] = [
    ("m.csv", "", "no rows"),
    ("m.csv", "file\n", "no rows"),
    ("m.jsonl", "\n", "no rows"),
    ("m.csv", "name\na.jpg\n", r"column 'file' is missing.*name"),
    ("m.csv", "file;consent\na.jpg;yes\n", r"column 'file' is missing"),
    ("m.csv", "file,consent\na.jpg\n", "row 2: 2 columns"),
    ("m.csv", "file,consent\na.jpg,yes\nb.jpg,yes,no\n", "row 3: 2 columns"),
    ("m.csv", "file,file\na.jpg,b.jpg\n", "twice"),
    ("m.csv", 'file\n"a.jpg\n', "m.csv, line"),
    ("m.csv", "file\n" + "x" * 200_000, "field larger"),
    ("m.csv", "file,context\na.jpg,caf\xe9\n".encode("latin-1"), "not UTF-8"),
    ("m.csv", "file\na.jpg\n".encode("utf-16"), "not UTF-8"),
    ("m.csv", "file\na\0.jpg\n", "NUL"),
    ("m.csv", "file,external_id\na.jpg,x\nb.jpg,x\n", r"'x' is there 2 times"),
    ("m.csv", "file\na.jpg\na.jpg\n", r"'a' is there 2 times"),
    ("m.jsonl", '{"file": "a.jpg"', "line 1"),
    ("m.jsonl", '["a.jpg"]', "line 1: an object"),
    ("m.jsonl", "[" * 100_000, "line 1"),
]


@pytest.mark.parametrize(
    ("name", "text", "reason"), UNREADABLE, ids=[reason for *_, reason in UNREADABLE]
)
def test_a_manifest_that_cannot_be_read_is_refused_as_a_whole(
    folder: Path, name: str, text: str | bytes, reason: str
) -> None:
    with pytest.raises(InvalidManifest, match=reason):
        manifest.read(write(folder, text, name))


def test_a_source_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(InvalidManifest, match=r"nowhere\.csv: there is no such"):
        manifest.read(folder / "nowhere.csv")


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(InvalidManifest, match="no file in this folder"):
        manifest.read(tmp_path)


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"file": "a.jpg", "consent": "maybe"}, "consent: 'maybe' is not one of: approved"),
        ({"file": "a.jpg", "consent": "yes"}, "participant: a consent needs the person"),
        ({"file": "a.jpg", "consent_purposes": "marketing"}, "consent_purposes: 'marketing'"),
        ({"file": "a.jpg", "consent_expires": "soon"}, "consent_expires: 'soon' is not a date"),
        ({"file": "a.jpg", "consent_expires": "2030-02-30"}, "is not a date"),
        ({"file": "a.jpg", "external_id": "x" * 201}, "external_id: 1 to 200"),
        ({"file": "a.jpg", "participant": "p" * 81}, "participant: 1 to 80"),
        ({"file": "a.jpg", "context": "\ud800"}, "context: it holds something"),
        ({"file": "a.jpg", "note": "a\0b"}, "note: it holds something"),
        ({"file": ""}, "external_id: 1 to 200"),
        ({"file": "", "external_id": "x"}, "name of the clip's file is missing"),
        ({"file": "nowhere.jpg"}, "no such file"),
        ({"file": "deep"}, "no such file"),
        ({"file": "../clips/a.jpg"}, "without '..'"),
        ({"file": "deep/../a.jpg"}, "without '..'"),
        ({"file": "/etc/passwd"}, "inside the manifest's folder"),
        ({"file": "C:\\clips\\a.jpg"}, "inside the manifest's folder"),
    ],
)
def test_a_row_that_cannot_be_imported_says_why(
    folder: Path, record: dict[str, Any], reason: str
) -> None:
    assert reason in refusal(folder, **record)


def test_a_link_in_a_manifest_is_not_followed_out_of_its_folder(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "out.jpg").symlink_to(write(tmp_path, b"secret", "secret.jpg"))

    assert "leads out" in refusal(folder, file="out.jpg")


def test_one_bad_row_leaves_the_others(folder: Path) -> None:
    path = write(folder, '{"file": "a.jpg"}\n{"name": "no file"}\n', "m.jsonl")

    (_, good), (name, bad) = manifest.read(path)

    assert isinstance(good, Row)
    assert isinstance(bad, InvalidRow)
    assert name == "row 2"


def test_the_files_may_lie_elsewhere(folder: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "file\na.jpg\n")

    ((_, row),) = manifest.read(path, folder)

    assert isinstance(row, Row)
    assert row.path == folder / "a.jpg"
