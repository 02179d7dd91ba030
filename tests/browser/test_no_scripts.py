"""Comparisons where no script runs: the page's plain form alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from annotation.models import Campaign
from tests import factories
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def open_plain(open_as: OpenPage, open_window: Callable[..., BrowserContext]) -> OpenPage:
    """Return a function that opens a comparison as a new annotator whose browser runs no script."""
    window = open_window(java_script_enabled=False)

    def open_plain(campaign: Campaign) -> Page:
        for clip in campaign.collection.clips.all():
            factories.draw_media(clip)
        address = reverse("annotation:label", args=[campaign.pk])
        return open_as(factories.make_annotator(), address, window)

    return open_plain


def choose(page: Page, name: str, value: str) -> None:
    page.locator("label", has=page.locator(f"[name='{name}'][value={value}]")).click()


def send(page: Page) -> None:
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("Saved.", exact=True)).to_be_visible()


def test_one_of_a_pair_is_chosen(database: None, open_plain: OpenPage) -> None:
    campaign = factories.make_comparison("pairwise")
    page = open_plain(campaign)
    expect(page.locator(".stage img")).to_have_count(2)

    choose(page, "happier", "second")
    send(page)

    assert campaign.labels.get().value == {"happier": "second"}


def test_the_most_and_the_least_of_four_are_chosen(database: None, open_plain: OpenPage) -> None:
    campaign = factories.make_comparison("best-worst", clips=8)
    page = open_plain(campaign)
    expect(page.locator(".stage img")).to_have_count(4)

    choose(page, "calm.best", "third")
    choose(page, "calm.worst", "first")
    send(page)

    assert campaign.labels.get().value == {"calm": {"best": "third", "worst": "first"}}
