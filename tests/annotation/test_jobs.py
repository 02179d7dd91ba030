"""What workers and the scheduler do for annotation, beside consensus and exports."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from PIL import Image

from accounts.models import User
from annotation import jobs
from annotation.models import Assignment, Campaign, ClipImport
from annotation.soundness import examine
from consent import review
from consent.models import Consent
from jobs import registry, running
from jobs.models import Job
from jobs.queue import enqueue
from tests.factories import lease, make_collection


@pytest.fixture
def upload(tmp_path: Path, researcher: User) -> ClipImport:
    folder = tmp_path / "upload"
    folder.mkdir()
    Image.new("RGB", (32, 32), "red").save(folder / "red.png")
    (folder / "text.png").write_text("no picture")
    options = {"source": str(folder), "media_root": str(folder), "participant": "P1"}
    return ClipImport.objects.create(
        collection=make_collection(), created_by=researcher, source="upload", options=options
    )


def test_an_upload_is_imported_by_a_job(upload: ClipImport) -> None:
    job = enqueue("ingest", report=upload.pk)

    running.run(job.pk)

    job.refresh_from_db()
    upload.refresh_from_db()
    assert (job.state, job.result) == (Job.State.DONE, {"accepted": 1, "refused": 1})
    assert upload.finished_at is not None
    assert [row["file"] for row in upload.refused] == ["text.png"]
    assert upload.collection.clips.get().participants.get().code == "P1"


def test_an_upload_that_is_taken_up_again_counts_anew(upload: ClipImport) -> None:
    for _ in range(2):
        ClipImport.objects.update(finished_at=None)
        running.run(enqueue("ingest", report=upload.pk).pk)

    upload.refresh_from_db()
    assert (upload.accepted, upload.already_there, len(upload.refused)) == (0, 1, 1)


def test_what_was_uploaded_is_not_kept(upload: ClipImport) -> None:
    folder = Path(upload.options["source"])
    ClipImport.objects.update(options={**upload.options, "folder": str(folder)})

    running.run(enqueue("ingest", report=upload.pk).pk)

    assert not folder.exists()


def test_an_import_that_is_over_is_not_done_again(upload: ClipImport) -> None:
    for _ in range(2):
        running.run(enqueue("ingest", report=upload.pk).pk)

    upload.refresh_from_db()
    assert (upload.accepted, upload.already_there) == (1, 0)


def test_who_uploads_approves_no_consents(upload: ClipImport) -> None:
    folder = Path(upload.options["source"])
    (folder / "m.csv").write_text("file,participant,consent\nred.png,P1,approved\n")
    ClipImport.objects.update(options={**upload.options, "source": str(folder / "m.csv")})

    running.run(enqueue("ingest", report=upload.pk).pk)

    assert Consent.objects.get().state == "pending"


def test_an_upload_that_cannot_be_read_says_so(upload: ClipImport) -> None:
    ClipImport.objects.update(options={**upload.options, "source": "/nowhere"})

    running.run(enqueue("ingest", report=upload.pk).pk)

    upload.refresh_from_db()
    assert "no such file" in upload.error
    assert upload.finished_at is not None


def test_the_scheduler_gives_back_what_ran_out_or_was_withdrawn(
    campaign: Campaign, annotator: User
) -> None:
    lease(campaign, annotator, 2)
    Assignment.objects.filter(pk=Assignment.objects.latest("pk").pk).update(
        lease_expires_at=timezone.now() + timedelta(days=1)
    )
    with time_machine.travel(timezone.now() + timedelta(seconds=901)):
        jobs.keep_leases_honest()
        assert sorted(Assignment.objects.values_list("state", flat=True)) == ["expired", "leased"]

        review.withdraw(Consent.objects.get(), None)
        jobs.keep_leases_honest()

    assert not Assignment.objects.leased().exists()
    assert examine(campaign).is_sound


def test_every_kind_of_job_is_known_to_the_workers() -> None:
    assert {"consensus", "export", "ingest"} <= set(registry.kinds)
