"""A researcher looks into a round: how good its learner is, for whom, and its model card."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from annotation.models import Campaign
from tests.active_learning.judged import make_judged_round, metrics
from tests.active_learning.test_proposals import make_proposal
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import TOO_WIDE, violations
from tests.factories import make_campaign

pytestmark = pytest.mark.browser


@pytest.fixture
def campaign(database: None) -> Campaign:
    campaign = make_campaign(clips=4)
    for number in (1, 2, 3):
        make_judged_round(campaign, number, metrics=metrics(0.5 + 0.05 * number))
    return campaign


def test_a_researcher_goes_by_keyboard_from_the_curve_to_the_model_card(
    campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, reverse("active_learning:rounds", args=[campaign.pk]))

    page.get_by_text("3 rounds as a table").press("Enter")
    page.get_by_role("link", name="Round 2").press("Enter")
    expect(page.get_by_role("heading", name="Round 2")).to_be_visible()
    expect(page.get_by_role("row", name="60+")).to_contain_text("too few")
    page.get_by_text("As a table").press("Enter")
    expect(page.get_by_role("columnheader", name="People who agree")).to_be_visible()
    page.get_by_role("link", name="Round 3").press("Enter")
    page.get_by_role("link", name="Read the card").press("Enter")
    expect(page.get_by_role("heading", name="Limits")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as Markdown").press("Enter")

    assert download.value.path().read_text().startswith("# Model card")


def test_a_researcher_accepts_a_proposal_by_keyboard_and_takes_it_back(
    database: None, open_as: OpenPage
) -> None:
    proposal = make_proposal()
    campaign = proposal.campaign
    page = open_as(campaign.owner, reverse("active_learning:rounds", args=[campaign.pk]))

    page.get_by_role("button", name="Ask one person").press("Enter")
    expect(page.get_by_role("heading", name="6 clips are asked of one person")).to_be_visible()
    expect(page.get_by_text("none of 4 yet")).to_be_visible()
    assert not violations(page)
    page.get_by_role("button", name="Take it back").press("Enter")
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)

    assert set(campaign.tasks.values_list("target", flat=True)) == {3}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_a_round_are_accessible_and_fit_a_phone(
    scheme: str, campaign: Campaign, phone: BrowserContext, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, "/", phone)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}

    for name, place in (("rounds", []), ("round", [2]), ("card", [2])):
        page.goto(reverse(f"active_learning:{name}", args=[campaign.pk, *place]))
        found[name] = [*violations(page), *page.evaluate(TOO_WIDE)]

    assert not any(found.values()), found
