from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from active_learning.models import Round, RoundState
from annotation.models import Campaign
from jobs.models import Job
from tests import factories


@pytest.fixture
def campaign(client: Client, db: None) -> Campaign:
    made = factories.make_campaign(clips=1)
    client.force_login(made.owner)
    return made


def estimate(value: float) -> dict[str, Any]:
    return {"value": value, "low": value - 0.1, "high": value + 0.1, "n": 40}


def make_round(campaign: Campaign, number: int, accuracy: float) -> Round:
    return Round.objects.create(
        campaign=campaign,
        number=number,
        state=RoundState.DONE,
        trigger="hand",
        seed=1,
        n_labels=100 * number,
        metrics={
            "accuracy": estimate(accuracy),
            "base_rate_accuracy": estimate(0.4),
            "log_loss": estimate(1.0),
            "cold_start": "",
        },
    )


def address(campaign: Campaign) -> str:
    return reverse("active_learning:rounds", args=[campaign.pk])


def test_two_rounds_make_a_curve_with_its_table(client: Client, campaign: Campaign) -> None:
    make_round(campaign, 1, 0.5)
    make_round(campaign, 2, 0.625)

    html = client.get(address(campaign)).content.decode()

    assert "Accuracy went from 50% at 100 labels to 62% at 200." in html
    assert "0.525 – 0.725" in html


def test_a_round_that_could_not_be_measured_is_in_the_table_alone(
    client: Client, campaign: Campaign
) -> None:
    row = make_round(campaign, 1, 0.5)
    Round.objects.filter(pk=row.pk).update(metrics={"cold_start": "Too few labels."})

    html = client.get(address(campaign)).content.decode()

    assert "Too few labels." in html
    assert "<figure" not in html


def test_the_button_asks_for_a_round_once(client: Client, campaign: Campaign) -> None:
    for _ in range(2):
        client.post(address(campaign))

    assert Job.objects.filter(kind="round").count() == 1


def test_a_draft_has_nothing_to_learn_from(client: Client, db: None) -> None:
    draft = factories.make_campaign(running=False)
    client.force_login(draft.owner)

    answer = client.post(address(draft), follow=True)

    assert "Start the campaign first" in answer.content.decode()
    assert not Job.objects.filter(kind="round").exists()


def test_htmx_gets_the_part_alone_and_only_when_it_changed(
    client: Client, campaign: Campaign
) -> None:
    part = client.get(address(campaign), headers={"HX-Request": "true"})
    again = client.get(address(campaign), {"seen": part.context["stamp"]})

    assert b"<html" not in part.content
    assert again.status_code == 204
