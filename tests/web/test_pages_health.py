from __future__ import annotations

import pytest
from django.test import Client

from jobs import health
from jobs.health import PROCESSES

BROWSER = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"


def test_a_machine_is_told_that_no_worker_was_ever_seen(client: Client, db: None) -> None:
    answer = client.get("/health/", headers={"Accept": "application/json"})

    assert answer.status_code == 503
    assert answer.json()["status"] == "unwell"


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
def test_a_machine_is_told_when_all_parts_are_at_work(
    accept: str, client: Client, db: None
) -> None:
    for process in PROCESSES:
        health.beat(process)

    answer = client.get("/health/", headers={"Accept": accept})

    assert answer.status_code == 200
    assert all(finding["ok"] for finding in answer.json()["findings"])


def test_a_person_gets_a_page(client: Client, db: None) -> None:
    answer = client.get("/health/", headers={"Accept": BROWSER})

    assert answer["Content-Type"].startswith("text/html")
    assert "The worker was never seen." in answer.content.decode()
