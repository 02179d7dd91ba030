"""Clips come in normalised and linked to their people, or are refused with a reason."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from PIL import Image

from accounts.models import User
from annotation import ingest, manifest
from annotation.ingest import Options
from annotation.models import Clip, ClipImport, Collection, Task
from annotation.rows import InvalidRow
from consent import review
from consent.models import Consent, Participant, State
from tests.factories import make_campaign, make_collection, make_form

pytestmark = pytest.mark.django_db
APPROVE = Options(may_approve=True)


def draw(path: Path, shade: int = 100) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (48, 32), (shade, 0, 255 - shade)).save(path)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number, name in enumerate(("a.png", "b.png", "c.png")):
        draw(tmp_path / "clips" / name, 40 * number)
    return tmp_path / "clips"


@pytest.fixture
def collection() -> Collection:
    return make_collection()


def bring_in(collection: Collection, source: Path, options: Options = APPROVE) -> ClipImport:
    report = ClipImport.objects.create(collection=collection, source="test")
    return ingest.import_clips(manifest.read(source), report, options)


def listing(folder: Path, *records: dict[str, Any]) -> Path:
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(map(json.dumps, records)))
    return path


def reasons(report: ClipImport) -> str:
    return " | ".join(refusal["reason"] for refusal in report.refused)


def kept_files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_a_folder_comes_in(folder: Path, collection: Collection) -> None:
    report = bring_in(collection, folder)

    assert (report.accepted, report.already_there, report.refused) == (3, 0, [])
    assert report.finished_at is not None
    clip = collection.clips.get(external_id="a")
    assert (clip.kind, clip.width, clip.height) == ("image", 48, 32)
    assert clip.media_path.is_file()


def test_nobody_can_guess_a_file_from_its_clip(folder: Path, collection: Collection) -> None:
    bring_in(collection, folder)
    bring_in(make_collection(), folder)

    names = set(Clip.objects.values_list("media", flat=True))
    assert len(names) == 6
    assert all(clip.sha256[:8] not in clip.media for clip in Clip.objects.all())


def test_the_second_run_imports_nothing_new(folder: Path, collection: Collection) -> None:
    bring_in(collection, folder)
    files = kept_files()

    report = bring_in(collection, folder)

    assert (report.accepted, report.already_there) == (0, 3)
    assert kept_files() == files


def test_what_came_in_since_is_added(folder: Path, collection: Collection) -> None:
    bring_in(collection, folder)
    draw(folder / "d.png", 200)

    assert bring_in(collection, folder).accepted == 1


def test_the_same_bytes_are_refused_with_the_name_they_have(
    folder: Path, collection: Collection
) -> None:
    draw(folder / "z.png", 0)

    report = bring_in(collection, folder)

    assert report.accepted == 3
    assert report.refused == [
        {"file": "z.png", "reason": "The same file is in the collection, as 'a'."}
    ]


def test_another_file_under_a_name_that_is_taken_is_refused(
    folder: Path, collection: Collection
) -> None:
    bring_in(collection, folder)
    draw(folder / "a.png", 99)

    report = bring_in(collection, folder)

    assert "external_id: another clip" in reasons(report)
    assert report.already_there == 2


def test_the_same_bytes_may_be_in_two_collections(folder: Path, collection: Collection) -> None:
    bring_in(collection, folder)

    assert bring_in(make_collection(), folder).accepted == 3


def test_what_is_no_media_is_refused_and_the_rest_comes_in(
    folder: Path, collection: Collection
) -> None:
    (folder / "text.mp4").write_text("This is a text, whatever its name says.")
    (folder / "empty.png").write_bytes(b"")
    whole = (folder / "a.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])

    report = bring_in(collection, folder)

    assert report.accepted == 3
    assert [row["file"] for row in report.refused] == ["cut.png", "empty.png", "text.mp4"]
    assert all(len(row["reason"]) > 20 for row in report.refused)
    assert len(kept_files()) == sum(1 + bool(clip.poster) for clip in Clip.objects.all())


def test_nothing_is_left_of_what_was_refused(tmp_path: Path, collection: Collection) -> None:
    (tmp_path / "text.mp4").write_text("This is a text, whatever its name says.")

    bring_in(collection, listing(tmp_path, {"file": "text.mp4", "participant": "P1"}))

    assert kept_files() == []
    assert not Participant.objects.exists()


def test_a_file_that_cannot_be_read_is_refused(folder: Path, collection: Collection) -> None:
    entries = manifest.read(folder)
    (folder / "b.png").unlink()
    report = ClipImport.objects.create(collection=collection, source="test")

    ingest.import_clips(entries, report, APPROVE)

    assert report.accepted == 2
    assert "cannot be read" in reasons(report)


@pytest.mark.parametrize("crash", [KeyboardInterrupt, MemoryError])
def test_an_import_that_was_cut_short_is_taken_up_again(
    folder: Path,
    collection: Collection,
    monkeypatch: pytest.MonkeyPatch,
    crash: type[BaseException],
) -> None:
    def fail(_actor: object, _verb: str, clip: Clip, **_: object) -> None:
        if clip.external_id == "b":
            raise crash

    with monkeypatch.context() as patch:
        patch.setattr(ingest, "record", fail)
        with pytest.raises(crash):
            bring_in(collection, folder)
    assert [clip.external_id for clip in Clip.objects.all()] == ["a"]
    assert len(kept_files()) == sum(1 + bool(clip.poster) for clip in Clip.objects.all())

    report = bring_in(collection, folder)

    assert (report.accepted, report.already_there) == (2, 1)


def test_an_import_that_another_overtook_is_refused_in_words(
    folder: Path, collection: Collection
) -> None:
    importer = ingest._Importer(collection, APPROVE)
    bring_in(collection, folder)
    ((_, row), *_rest) = manifest.read(folder)
    files = kept_files()

    with pytest.raises(InvalidRow, match="Another import"):
        importer.add(row)

    assert kept_files() == files


def test_the_database_refuses_the_same_bytes_twice(collection: Collection) -> None:
    fields = {"kind": "image", "sha256": "0", "media": "x", "mime": "image/png"}
    Clip.objects.create(collection=collection, external_id="1", **fields)

    with pytest.raises(IntegrityError):
        Clip.objects.create(collection=collection, external_id="2", **fields)


def test_people_and_consents_come_with_the_clip(folder: Path, collection: Collection) -> None:
    record = {"file": "a.png", "participant": "P1;P2", "consent": "approved", "evidence": "box 3"}

    bring_in(collection, listing(folder, record))

    clip = collection.clips.get()
    assert sorted(person.code for person in clip.participants.all()) == ["P1", "P2"]
    assert {consent.state for consent in Consent.objects.all()} == {State.APPROVED}
    assert {consent.evidence for consent in Consent.objects.all()} == {"box 3"}


def test_one_consent_serves_all_clips_of_a_person(folder: Path, collection: Collection) -> None:
    same = {"participant": "P1", "consent": "approved"}

    bring_in(collection, listing(folder, {"file": "a.png", **same}, {"file": "b.png", **same}))

    assert Consent.objects.count() == 1


@pytest.mark.parametrize(
    ("word", "options", "states"),
    [
        ("approved", Options(), {State.PENDING}),
        ("pending", APPROVE, {State.PENDING}),
        ("yes", APPROVE, {State.PENDING}),
        ("no", APPROVE, set()),
        ("", APPROVE, set()),
    ],
)
def test_only_who_may_approve_brings_in_approved_consents(
    folder: Path, collection: Collection, word: str, options: Options, states: set[State]
) -> None:
    record = {"file": "a.png", "participant": "P1", "consent": word}

    bring_in(collection, listing(folder, record), options)

    assert {consent.state for consent in Consent.objects.all()} == states
    assert collection.clips.get().participants.get().code == "P1"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"consent_form": "nothing"}, "consent_form: There is no consent form 'nothing'"),
        ({"consent_expires": "2020-01-01"}, "consent_expires: the date has passed"),
        ({"consent_purposes": "health.research"}, "consent_purposes: the form does not offer"),
    ],
)
def test_a_consent_that_cannot_be_is_refused_with_its_clip(
    folder: Path, collection: Collection, fields: dict[str, str], reason: str
) -> None:
    record = {"file": "a.png", "participant": "P1", "consent": "yes", **fields}

    report = bring_in(collection, listing(folder, record))

    assert reason in reasons(report)
    assert not Clip.objects.exists()
    assert not Consent.objects.exists()


def test_a_form_in_the_manifest_is_the_one_that_was_signed(
    folder: Path, collection: Collection
) -> None:
    form = make_form()
    record = {"file": "a.png", "participant": "P1", "consent": "yes", "consent_form": form.key}

    bring_in(collection, listing(folder, record))

    assert Consent.objects.get().form == form


def test_everybody_in_a_folder_can_be_named_at_once(folder: Path, collection: Collection) -> None:
    bring_in(collection, folder, Options(participant="P1"))

    assert Participant.objects.get(code="P1").clips.count() == 3


def test_people_and_consents_that_were_missing_are_added(
    folder: Path, collection: Collection
) -> None:
    bring_in(collection, folder)
    campaign = make_campaign(collection, running=False)
    assert not Task.objects.cleared().exists()
    record = {"file": "a.png", "participant": "P1", "consent": "approved"}

    report = bring_in(collection, listing(folder, record))

    assert (report.accepted, report.already_there) == (0, 1)
    (task,) = Task.objects.cleared()
    assert (task.campaign, task.clip.external_id) == (campaign, "a")


def test_a_person_who_is_added_closes_a_clip_until_they_consent(
    folder: Path, collection: Collection
) -> None:
    record = {"file": "a.png", "participant": "P1", "consent": "approved"}
    bring_in(collection, listing(folder, record))
    make_campaign(collection)

    bring_in(collection, listing(folder, {"file": "a.png", "participant": "P1;P2"}))

    assert not Task.objects.cleared().exists()


def test_nobody_is_taken_out_of_a_clip(folder: Path, collection: Collection) -> None:
    bring_in(collection, listing(folder, {"file": "a.png", "participant": "P1;P2"}))

    bring_in(collection, listing(folder, {"file": "a.png", "participant": "P1"}))

    assert collection.clips.get().participants.count() == 2


@pytest.mark.parametrize("decide", [review.withdraw, review.reject])
@pytest.mark.parametrize("name", ["a.png", "b.png"])
def test_an_old_list_does_not_bring_back_a_consent_that_was_taken_away(
    folder: Path, collection: Collection, decide: Any, name: str
) -> None:
    same = {"participant": "P1", "consent": "pending"}
    bring_in(collection, listing(folder, {"file": "a.png", **same}))
    decide(Consent.objects.get(), None, "No longer.")

    bring_in(collection, listing(folder, {"file": name, **same, "consent": "approved"}))

    assert not Consent.objects.in_force().exists()
    assert Consent.objects.count() == 1


def command(*args: Any, **options: Any) -> None:
    call_command("import_clips", *map(str, args), **options)


def test_the_command_tells_what_came_in_and_what_did_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "text.png").write_text("no picture")

    command(folder, collection="faces")

    said = capsys.readouterr().out
    assert "text.png: refused: " in said
    assert "3 imported, 0 there already, 1 refused." in said


@pytest.mark.parametrize(
    ("make", "options", "reason"),
    [
        ("", {}, "no rows.*Nothing was imported"),
        ("file\nnowhere.png\n", {}, "Every file was refused"),
        ("file\na.png\n", {"collection": ""}, "--collection"),
        ("file\na.png\n", {"collection": "x" * 121}, "--collection"),
        ("file\na.png\n", {"email": "nobody@example.org"}, "not a consent reviewer"),
    ],
)
def test_the_command_refuses_in_a_sentence(
    folder: Path, make: str, options: dict[str, str], reason: str
) -> None:
    path = folder / "m.csv"
    path.write_text(make)

    with pytest.raises(CommandError, match=reason):
        command(path, **{"collection": "faces", **options})

    assert not Clip.objects.exists()


def test_who_answers_for_the_consents_is_written_down(folder: Path, reviewer: User) -> None:
    record = {"file": "a.png", "participant": "P1", "consent": "approved"}

    command(listing(folder, record), collection="faces", email=reviewer.email)

    assert Consent.objects.get().decided_by == reviewer


def test_context_comes_in_layers_and_the_neutral_clip_of_the_same_person(
    folder: Path, collection: Collection
) -> None:
    source = listing(
        folder,
        {"file": "a.png", "participant": "P1", "baseline": "b", "context": "At work"},
        {"file": "b.png", "participant": "P1", "context_before": "They met", "transcript": "Hm"},
    )

    report = bring_in(collection, source)

    first, neutral = collection.clips.order_by("external_id")
    assert report.refused == []
    assert first.baseline == neutral
    assert first.layer_names == ["setting", "baseline"]
    assert neutral.layers == {"before": "They met", "transcript": "Hm"}


def test_a_neutral_clip_of_somebody_else_is_not_linked(
    folder: Path, collection: Collection
) -> None:
    source = listing(
        folder,
        {"file": "a.png", "participant": "P1", "baseline": "b"},
        {"file": "b.png", "participant": "P2", "baseline": "nowhere"},
    )

    report = bring_in(collection, source)

    assert "shows none of the people" in reasons(report)
    assert "there is no clip 'nowhere'" in reasons(report)
    assert not collection.clips.exclude(baseline=None).exists()


def test_flags_come_in_with_the_clip(folder: Path, collection: Collection) -> None:
    source = listing(folder, {"file": "a.png", "flags": ["Violence", "death"]}, {"file": "b.png"})

    bring_in(collection, source)

    assert collection.clips.get(external_id="a").flags == ["violence", "death"]
    assert collection.clips.get(external_id="b").flags == []


def test_an_unknown_flag_refuses_its_row_alone(folder: Path, collection: Collection) -> None:
    source = listing(folder, {"file": "a.png", "flags": "gore"}, {"file": "b.png", "flags": ""})

    report = bring_in(collection, source)

    assert report.accepted == 1
    assert "flags: 'gore' is not one of: violence, injury" in reasons(report)


def test_a_repeated_import_changes_flags_where_it_speaks_of_them(
    folder: Path, collection: Collection
) -> None:
    bring_in(
        collection, listing(folder, *({"file": f, "flags": "hate"} for f in ("a.png", "b.png")))
    )

    bring_in(collection, listing(folder, {"file": "a.png", "flags": ""}))
    bring_in(collection, listing(folder, {"file": "b.png"}))

    assert collection.clips.get(external_id="a").flags == []
    assert collection.clips.get(external_id="b").flags == ["hate"]
