from __future__ import annotations

import hashlib

import pytest
from django.test import Client
from django.urls import reverse

from annotation import export
from annotation.models import Campaign, Export
from consent import review
from jobs.models import Job
from tests import factories


@pytest.fixture
def campaign(client: Client, db: None) -> Campaign:
    made = factories.make_campaign(clips=1)
    factories.make_label(made.tasks.get())
    client.force_login(made.owner)
    return made


def test_an_export_is_a_job_and_then_a_file_with_its_checksum(
    client: Client, campaign: Campaign
) -> None:
    client.post(reverse("annotation:export-create", args=[campaign.pk]), {"format": "long-csv"})
    row = Export.objects.get()
    assert Job.objects.filter(kind="export", args={"export": row.pk}).exists()

    export.make(row)
    answer = client.get(reverse("annotation:export-file", args=[row.pk]))

    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert content.startswith(b"task,worker,label")
    assert hashlib.sha256(content).hexdigest() == row.sha256


def test_an_unknown_format_makes_nothing(client: Client, campaign: Campaign) -> None:
    client.post(reverse("annotation:export-create", args=[campaign.pk]), {"format": "exe"})

    assert not Export.objects.exists()


def test_after_a_withdrawal_the_file_is_not_given_out(client: Client, campaign: Campaign) -> None:
    row = export.make(export.request_export(campaign, "long-csv", campaign.owner))
    consent = campaign.tasks.get().clip.participants.get().consents.get()
    review.withdraw(consent, None)

    answer = client.get(reverse("annotation:export-file", args=[row.pk]), follow=True)

    assert "Make a new export" in answer.content.decode()


def test_a_strangers_export_is_not_there(campaign: Campaign) -> None:
    row = export.make(export.request_export(campaign, "jsonl", campaign.owner))
    stranger = Client()
    stranger.force_login(factories.make_researcher())

    assert stranger.get(reverse("annotation:export-file", args=[row.pk])).status_code == 404
