"""A researcher plans a campaign before launching it."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, expect

from tests.active_learning.planned import make_plan
from tests.browser.conftest import OpenPage
from tests.browser.test_pages import TOO_WIDE, violations
from tests.factories import make_collection, make_researcher

pytestmark = pytest.mark.browser
SIMULATED = 60_000


def test_a_researcher_plans_by_keyboard_and_launches_what_was_advised(
    database: None, open_as: OpenPage
) -> None:
    collection = make_collection(120, people=12)
    page = open_as(make_researcher(), reverse("annotation:collection", args=[collection.pk]))

    page.get_by_role("link", name="Plan a campaign").press("Enter")
    expect(page.get_by_label("Collection")).to_have_value(str(collection.pk))
    page.get_by_label("How far people agree").press("c")
    expect(page.get_by_label("Alpha")).to_be_hidden()
    page.get_by_label("Annotators").fill("12")
    page.get_by_label("As many labels of every clip").fill("3")
    page.get_by_label("Adaptive: at least").fill("2")
    page.get_by_label("and where people differ up to").fill("20")
    page.get_by_role("button", name="Simulate").press("Enter")
    expect(page.get_by_text("A clip cannot get 20 labels from 12 annotators.")).to_be_visible()
    page.get_by_label("and where people differ up to").fill("5")
    page.get_by_role("button", name="Simulate").press("Enter")

    expect(page.get_by_role("heading", name="3 labels each; adaptive, 2 to 5")).to_be_visible()
    launch = page.get_by_role("link", name="Launch a campaign this way")
    expect(launch).to_be_visible(timeout=SIMULATED)
    page.locator("summary", has_text="What changes").press("Enter")
    expect(page.get_by_role("rowheader", name="nobody is careless")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Launch adaptive")).press("Enter")
    expect(page.get_by_label("Labels per clip")).to_have_value("2")
    expect(page.get_by_label("Collection")).to_have_value(str(collection.pk))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_of_plans_are_accessible_and_fit_a_phone(
    scheme: str, database: None, phone: BrowserContext, open_as: OpenPage
) -> None:
    plan = make_plan(make_researcher(), learns=True)
    page = open_as(plan.owner, "/", phone)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    found = {}

    for address in (
        reverse("active_learning:plans"),
        reverse("active_learning:plans") + f"?like={plan.pk}",
        reverse("active_learning:plan", args=[plan.pk]),
    ):
        page.goto(address)
        for details in page.locator("main details").all():
            details.locator("summary").click()
        found[address] = [*violations(page), *page.evaluate(TOO_WIDE)]

    assert not any(found.values()), found
