"""The commands: a campaign from a file, and a sentence for every mistake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from annotation.models import Campaign, Collection, LabelScheme
from consent.models import Purpose
from tests.factories import make_collection, make_researcher

ROOT = Path(__file__).resolve().parents[2]
FILE = """\
name: Faces
collection: faces
purpose: research.noncommercial.affective_science
scheme:
  question: What does the person feel?
  options: [joy, {value: sad, text: Sadness}]
  confidence: true
"""


@pytest.fixture
def collection(db: None) -> Collection:
    collection = make_collection(clips=2)
    collection.name = "faces"
    collection.save()
    return collection


def create(folder: Path, text: str | bytes, name: str = "campaign.yaml", **options: object) -> None:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    call_command("create_campaign", str(path), **options)


def test_a_campaign_is_made_from_a_file(
    collection: Collection, researcher: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    create(tmp_path, FILE)

    campaign = Campaign.objects.get()
    assert (campaign.state, campaign.owner, campaign.n_tasks) == ("draft", researcher, 2)
    question, confidence = campaign.scheme.questions
    assert question["options"][1] == {"value": "sad", "text": "Sadness"}
    assert confidence["required"] is False
    assert "2 tasks, 2 with consent" in capsys.readouterr().out


def test_it_can_be_started_at_once(
    collection: Collection, researcher: User, tmp_path: Path
) -> None:
    create(tmp_path, FILE, start=True)

    assert Campaign.objects.get().is_running


def test_json_is_read_as_well(collection: Collection, researcher: User, tmp_path: Path) -> None:
    text = """{"name": "Faces", "collection": "faces", "purpose": "accessibility",
        "scheme": {"question": "?", "options": ["joy", "anger"]}}"""

    create(tmp_path, text, "campaign.json")

    assert Campaign.objects.get().purpose == Purpose.ACCESSIBILITY


def changed(old: str, new: str) -> str:
    assert old in FILE
    return FILE.replace(old, new)


OPTIONS = "[joy, {value: sad, text: Sadness}]"
WRONG: list[tuple[str | bytes, str]] = [
    (FILE + "colour: red\n", "colour: There is no such key. Known keys: .*audience"),
    (FILE + "  colour: red\n", "scheme.colour: There is no such key"),
    (FILE + "redundancy: 0\n", "redundancy: .*1"),
    (FILE + "redundancy: many\n", "redundancy: "),
    (FILE + "audit_share: .nan\n", "audit_share: "),
    (FILE + "audience: everybody\n", "audience: "),
    (FILE + "vectors: wav2vec\n", "vectors: faces has no vectors called wav2vec. Bring them"),
    (changed("name: Faces\n", ""), "name: "),
    (changed("faces", "elsewhere"), "collection: .*elsewhere"),
    (changed("research.noncommercial.affective_science", "marketing"), "purpose: .*marketing"),
    (changed(OPTIONS, "[joy]"), "scheme.options: give a list of 2 to 12 options, not 1"),
    (changed(OPTIONS, f"{list(range(13))}"), "scheme.options: .*not 13"),
    (changed(OPTIONS, "[joy, JOY]"), "scheme.options: 'joy' is there twice"),
    (changed(OPTIONS, "[yes, no]"), "scheme.options: True is not a word; quote it"),
    (changed(OPTIONS, "[joy, ' ']"), "scheme.options: .*1 to 60"),
    (changed(OPTIONS, "[joy, {text: sad}]"), "scheme.options: an option is a word"),
    (changed(OPTIONS, "joy"), "scheme.options: Expected a list"),
    (changed("question: What does the person feel?", "question: ''"), "scheme.question: "),
    ("- a\n- b\n", "a mapping of keys to values is needed"),
    ("", "a mapping of keys to values is needed"),
    ("name: [\n", "is not yaml"),
    (b"name: caf\xe9\n", "is not yaml"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG, ids=[reason for _, reason in WRONG])
def test_what_is_wrong_in_a_file_is_named_and_nothing_is_made(
    collection: Collection, researcher: User, tmp_path: Path, text: str | bytes, reason: str
) -> None:
    with pytest.raises(CommandError, match=reason):
        create(tmp_path, text)

    assert not Campaign.objects.exists()
    assert not LabelScheme.objects.exists()


def test_a_name_that_is_taken_is_refused(
    collection: Collection, researcher: User, tmp_path: Path
) -> None:
    create(tmp_path, FILE)

    with pytest.raises(CommandError, match=r"^name: .*exists"):
        create(tmp_path, FILE)

    assert LabelScheme.objects.count() == 1


def test_a_campaign_that_cannot_start_is_not_made(
    collection: Collection, researcher: User, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="consents"):
        create(
            tmp_path,
            changed("noncommercial.affective_science", "noncommercial.benchmark"),
            start=True,
        )

    assert not Campaign.objects.exists()


@pytest.mark.parametrize("email", ["nobody@example.org", None])
def test_a_campaign_needs_a_researcher(
    collection: Collection, annotator: User, tmp_path: Path, email: str | None
) -> None:
    with pytest.raises(CommandError, match="not a researcher"):
        create(tmp_path, FILE, owner=email)


def test_the_owner_can_be_named(collection: Collection, tmp_path: Path) -> None:
    make_researcher()
    wanted = make_researcher()

    create(tmp_path, FILE, owner=wanted.email.upper())

    assert Campaign.objects.get().owner == wanted


def test_a_file_that_is_not_there_is_named(researcher: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nowhere\.yaml: No such file"):
        call_command("create_campaign", str(tmp_path / "nowhere.yaml"))


@pytest.mark.parametrize(
    ("command", "database", "reason"),
    [
        ("create_token a@example.org", "sqlite:///{folder}/new.sqlite3", "manage.py migrate"),
        ("import_clips . --collection x", "sqlite:///{folder}/new.sqlite3", "manage.py migrate"),
        ("export x --format jsonl --out y", "sqlite:///{folder}/new.sqlite3", "manage.py migrate"),
        ("create_token a@example.org", "sqlite:///{folder}/no/new.sqlite3", "does not answer"),
    ],
)
def test_without_its_tables_a_command_says_what_to_do(
    tmp_path: Path, command: str, database: str, reason: str
) -> None:
    environment = {
        "DATABASE_URL": database.format(folder=tmp_path),
        "ATTUNE_VAR": str(tmp_path),
        "PATH": "/usr/bin:/bin",
    }

    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()],
        cwd=ROOT,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert reason in done.stderr
    assert "Traceback" not in done.stderr
