from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from PIL import Image

import annotation.jobs  # noqa: F401 - what a worker would know
from accounts.models import User
from annotation.models import ClipImport, Collection
from consent.models import Consent
from jobs import running
from jobs.models import Job
from tests import factories


@pytest.fixture
def collection(client: Client, researcher: User) -> Collection:
    client.force_login(researcher)
    return factories.make_collection()


def picture(tmp_path: Path, name: str = "a.png", shade: int = 90) -> SimpleUploadedFile:
    path = tmp_path / name
    Image.effect_noise((96, 96), shade).save(path)
    return SimpleUploadedFile(name, path.read_bytes(), "image/png")


def upload(client: Client, collection: Collection, **sent: object) -> ClipImport:
    """Send the form and do what the worker would."""
    address = reverse("annotation:upload", args=[collection.pk])
    answer = client.post(address, {"participant": "", **sent})
    assert answer.status_code == 302, answer.content.decode()
    running.run(Job.objects.get(kind="ingest").pk)
    return ClipImport.objects.get()


def test_what_can_be_used_comes_in_and_the_rest_is_listed(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    fake = SimpleUploadedFile("film.mp4", b"This is a text.", "video/mp4")

    report = upload(client, collection, clips=[picture(tmp_path), fake], participant="P1")

    page = client.get(reverse("annotation:import", args=[report.pk])).content.decode()
    assert report.accepted == 1
    assert collection.clips.get().participants.get().code == "P1"
    assert "film.mp4" in page


def test_a_report_is_in_the_language_of_who_uploaded(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    fake = SimpleUploadedFile("film.mp4", b"This is a text.", "video/mp4")

    report = upload(client, collection, clips=[picture(tmp_path), fake], participant="P1")

    assert report.refused == [
        {
            "file": "film.mp4",
            "reason": "Der Name sagt .mp4, der Inhalt ist aber Text. "
            "Exportieren Sie die Datei noch einmal.",
        }
    ]


def test_a_report_on_a_manifest_that_cannot_be_read_is_in_that_language_too(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "es"
    manifest = SimpleUploadedFile("clips.csv", b"name\nx\n", "text/csv")

    report = upload(client, collection, clips=[picture(tmp_path)], manifest=manifest)

    assert report.error == "manifest.csv: falta la columna 'file'. Columnas encontradas: name."


def test_a_manifest_says_who_is_in_the_clips_and_consents_wait(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    rows = b"file,external_id,participant,consent\na.png,one,P7,approved\n"
    manifest = SimpleUploadedFile("clips.csv", rows, "text/csv")

    upload(client, collection, clips=[picture(tmp_path)], manifest=manifest)

    assert collection.clips.get().external_id == "one"
    assert Consent.objects.get().state == "pending"


def test_a_manifest_that_cannot_be_read_is_explained(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    manifest = SimpleUploadedFile("clips.csv", b"name\nx\n", "text/csv")

    report = upload(client, collection, clips=[picture(tmp_path)], manifest=manifest)

    page = client.get(reverse("annotation:import", args=[report.pk])).content.decode()
    assert report.error
    assert "notice-error" in page


@pytest.mark.parametrize("sneaky", ["../../../evil.png", "..\\evil.png", ".evil.png"])
def test_a_sneaky_name_stays_inside_the_upload_folder(
    sneaky: str, client: Client, collection: Collection, tmp_path: Path
) -> None:
    form = encode_multipart(BOUNDARY, {"clips": picture(tmp_path), "participant": ""})
    form = form.replace(b'filename="a.png"', f'filename="{sneaky}"'.encode())

    address = reverse("annotation:upload", args=[collection.pk])
    client.generic("POST", address, form, MULTIPART_CONTENT)

    kept = [path for path in Path(settings.UPLOAD_ROOT).rglob("*") if path.is_file()]
    assert [path.name for path in kept] == ["evil.png"]


def test_two_files_of_one_name_are_refused_before_anything_is_stored(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    address = reverse("annotation:upload", args=[collection.pk])
    twice = [picture(tmp_path), picture(tmp_path, shade=30)]

    answer = client.post(address, {"clips": twice})

    assert "Two files are called a.png" in answer.content.decode()
    assert not ClipImport.objects.exists()


def test_an_upload_of_nothing_is_refused(
    client: Client, researcher: User, collection: Collection
) -> None:
    client.force_login(researcher)

    response = client.post(reverse("annotation:upload", args=[collection.pk]), {})

    assert "required" in response.content.decode()
    assert not ClipImport.objects.exists()


def test_an_import_that_runs_asks_again_by_itself_and_a_finished_one_stops(
    client: Client, collection: Collection, tmp_path: Path
) -> None:
    client.post(reverse("annotation:upload", args=[collection.pk]), {"clips": [picture(tmp_path)]})
    report, job = ClipImport.objects.get(), Job.objects.get(kind="ingest")
    address = reverse("annotation:import", args=[report.pk])

    before = client.get(address, headers={"HX-Request": "true"}).content.decode()
    running.run(job.pk)
    after = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "every 2s" in before
    assert "every 2s" not in after


def test_the_collection_shows_consent_but_no_media(client: Client, researcher: User) -> None:
    client.force_login(researcher)
    collection = factories.make_collection(clips=1)
    factories.make_clip(collection, factories.make_consent().participant)

    page = client.get(reverse("annotation:collection", args=[collection.pk])).content.decode()

    assert "1 with consent, 1 waiting" in page
    assert "/media/" not in page
