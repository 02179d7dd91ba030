"""The page of a round and its model card: what they say, and to whom."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from active_learning import cards, telling
from active_learning.models import Round, RoundState
from annotation.models import Campaign
from tests.active_learning.judged import figure, make_judged_round, metrics
from tests.factories import make_annotator, make_researcher

pytestmark = pytest.mark.django_db

PAGES = ("round", "card", "card-file")


def see(user: User | None, campaign: Campaign, page: str = "round", number: int = 1) -> Any:
    client = Client()
    if user:
        client.force_login(user)
    return client.get(reverse(f"active_learning:{page}", args=[campaign.pk, number]))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("page", PAGES)
def test_nobody_but_who_manages_the_campaign_sees_a_round(campaign: Campaign, page: str) -> None:
    make_judged_round(campaign)

    assert see(campaign.owner, campaign, page).status_code == 200
    assert see(None, campaign, page).status_code == 302
    assert see(make_annotator(), campaign, page).status_code == 404
    assert see(make_researcher(), campaign, page).status_code == 404


def test_a_round_that_is_not_there_is_not_found(campaign: Campaign) -> None:
    assert see(campaign.owner, campaign, number=7).status_code == 404


def test_a_round_tells_the_figure_of_people_kept_apart_first(campaign: Campaign) -> None:
    make_judged_round(campaign)

    page = text(see(campaign.owner, campaign))

    assert '<dd class="figure-value">0.590</dd>' in page
    assert "0.540 to 0.640, on 90 clips" in page


def test_a_round_tells_how_long_each_step_took(campaign: Campaign) -> None:
    steps = [
        {"step": "fit", "began": "2026-01-01T10:00:00+00:00", "seconds": 2.345},
        {"step": "rank", "began": "2026-01-01T10:00:03+00:00", "seconds": None},
    ]
    row = make_judged_round(campaign)
    Round.objects.update(manifest=row.manifest | {"steps": steps})

    page = text(see(campaign.owner, campaign))

    assert "Fitting the learner 2.3 s" in page
    assert "Ordering the queue" not in page


def test_arms_that_are_right_about_the_same_clips_are_said_to_be(campaign: Campaign) -> None:
    found = metrics()
    found["control"]["difference"] = figure(0.0, 90, 0.0)
    row = make_judged_round(campaign, metrics=found)

    assert "right about the very same clips so far" in telling.picking(row)


def test_a_part_that_is_too_small_has_no_figure(campaign: Campaign) -> None:
    make_judged_round(campaign)

    page = text(see(campaign.owner, campaign))

    row = page[page.index("60+") :][:400]
    assert "too few" in row
    assert "span-bar" not in row[: row.index("too few")]


def test_a_round_that_failed_says_why_and_what_to_do(campaign: Campaign) -> None:
    make_judged_round(campaign, state=RoundState.FAILED, metrics={}, error="The disk is full.")

    page = text(see(campaign.owner, campaign))

    assert "The disk is full." in page
    assert "The order of the queue is what it was" in page
    assert reverse("active_learning:rounds", args=[campaign.pk]) in page


def test_a_round_from_before_these_figures_can_still_be_read(campaign: Campaign) -> None:
    old = {"accuracy": figure(0.5), "base_rate_accuracy": figure(0.4), "cold_start": ""}
    make_judged_round(campaign, metrics=old)

    assert {see(campaign.owner, campaign, page).status_code for page in PAGES} == {200}


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.04, "more often"), (-0.04, "less often"), (0.01, "cannot be told apart")],
)
def test_what_picking_bought_is_said_no_stronger_than_its_interval(
    campaign: Campaign, value: float, words: str
) -> None:
    found = metrics()
    found["control"]["difference"] = figure(value, 90, 0.06)

    row = make_judged_round(campaign, metrics=found)

    assert words in telling.picking(row)


def test_a_card_forbids_what_the_law_forbids(campaign: Campaign) -> None:
    card = cards.markdown(make_judged_round(campaign))

    assert "people at work or in education" in card
    assert "annotators" in card


def test_a_card_names_each_part_that_it_has_no_figure_for(campaign: Campaign) -> None:
    card = cards.markdown(make_judged_round(campaign))

    assert "No figure for age, 60+: 12 clips of 2 people." in card
    assert "| sex | female | 100 | 9 | 0.650 (0.600 – 0.700; 100) |" in card


def test_a_card_holds_the_fingerprints(campaign: Campaign) -> None:
    card = cards.markdown(make_judged_round(campaign))

    for fingerprint in ("ab", "cd", "ef", "01"):
        assert fingerprint * 32 in card


def test_a_name_cannot_write_markdown_into_a_card(campaign: Campaign) -> None:
    campaign.name = "x\n# Approved <script> [here](http://a.example)"
    campaign.save()

    first, second = cards.markdown(make_judged_round(campaign)).splitlines()[:2]

    assert "\\# Approved &lt;script&gt; \\[here\\]" in first
    assert second == ""


def test_a_card_is_downloaded_as_a_file(campaign: Campaign) -> None:
    make_judged_round(campaign)

    answer = see(campaign.owner, campaign, "card-file")

    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename=")


def test_a_round_asks_the_database_no_more_where_there_are_more_of_them(
    campaign: Campaign,
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            see(campaign.owner, campaign, number=2)
        return len(queries)

    for number in (1, 2, 3):
        make_judged_round(campaign, number)
    asked()
    few = asked()
    for number in range(4, 10):
        make_judged_round(campaign, number)

    assert asked() == few
