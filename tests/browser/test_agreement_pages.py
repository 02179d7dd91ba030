"""A researcher looks into agreement: which answers meet, whose labels weigh what, and where."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from annotation.models import Campaign
from tests.annotation.views.agreeing import labelled_campaign
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import violations
from tests.factories import draw_media

pytestmark = pytest.mark.browser


@pytest.fixture
def campaign(database: None) -> Campaign:
    campaign = labelled_campaign(clips=12)
    for clip in campaign.collection.clips.all():
        draw_media(clip)
    return campaign


def go(page: Page, name: str) -> None:
    """Follow a link of the campaign's own by keyboard."""
    page.get_by_role("navigation", name="Of this campaign").get_by_role("link", name=name).press(
        "Enter"
    )
    expect(page.get_by_role("link", name=name, exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_a_researcher_goes_by_keyboard_from_alpha_to_a_clip(
    campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, reverse("annotation:campaign", args=[campaign.pk]))

    go(page, "Agreement")
    expect(page.get_by_role("heading", name="Which answers meet on the same clip")).to_be_visible()
    go(page, "Annotators")
    page.get_by_role("link", name="Mean weight").press("Enter")
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Mean weight ↓")
    page.get_by_role("link", name="reader 0").press("Enter")
    expect(page.get_by_role("heading", name="What the labels weigh, and why")).to_be_visible()
    go(page, "Ambiguous clips")
    page.get_by_label("An answer").select_option("joy")
    page.get_by_label("And another").select_option("anger")
    page.get_by_role("button", name="Show").press("Enter")

    expect(page.locator(".gallery > li")).to_have_count(2)
    assert page.locator(".gallery img").first.evaluate("image => image.naturalWidth") > 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_full_pages_are_accessible_in_light_and_dark(
    scheme: str, campaign: Campaign, open_as: OpenPage
) -> None:
    page = open_as(campaign.owner, "/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    who = campaign.labels.earliest("pk").annotator_id
    found = {}

    for name, place in (("agreement", []), ("annotators", []), ("annotator", [who])):
        page.goto(reverse(f"annotation:{name}", args=[campaign.pk, *place]))
        found[name] = violations(page)

    assert not any(found.values()), found


def test_a_wide_table_scrolls_in_itself_on_a_phone(
    campaign: Campaign, phone: BrowserContext, open_as: OpenPage
) -> None:
    address = reverse("annotation:agreement", args=[campaign.pk])
    page = open_as(campaign.owner, address, phone)

    frame = page.locator(".table-frame:has(.heat)")

    assert page.evaluate("document.documentElement.scrollWidth") == 390
    expect(frame).to_have_attribute("tabindex", "0")
    # 14 pairs of joy; of 16 labels among 36, chance brings together 16 x 15 / 35.
    expect(frame.locator("td").first).to_have_text("2.04")
