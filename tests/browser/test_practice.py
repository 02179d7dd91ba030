"""Practice with feedback on the labelling page: by keys, offline, reloaded, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Locator, Page, expect

from annotation import gold
from annotation.gold import Known
from annotation.models import Assignment, Campaign, Probe
from tests import factories
from tests.annotation.test_probing import names_of
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, say

pytestmark = pytest.mark.browser
SEEN = {"joy": 0.25, "calm": 0.75}
WHY = "The shoulders are low, and the hands rest."
SUMMARY = "Most people see “calm” in this clip (75%). 25% see “joy”, as you did."


@pytest.fixture
def teaching(database: None) -> Campaign:
    """A campaign that begins with two clips of practice."""
    return make_teaching()


def make_teaching(**fields: object) -> Campaign:
    campaign = desk.picture_campaign(clips=6, training_clips=2, **fields)
    known = [Known(name, SEEN, teaches=True, explanation=WHY) for name in names_of(campaign)[:2]]
    gold.mark(campaign, known, campaign.owner)
    return campaign


def shown(page: Page) -> Assignment:
    return Assignment.objects.get(pk=page.locator("[name=assignment]").input_value())


def key_of(page: Page, value: str) -> str:
    """Return the key that chooses an answer to the clip that is shown."""
    return str(shown(page).options_order["emotion"].index(value) + 1)


def panel(page: Page) -> Locator:
    return page.get_by_role("region", name="What others see")


def go_on(page: Page) -> Locator:
    return panel(page).get_by_role("button", name="Go on")


def practise(page: Page, value: str = "joy") -> None:
    say(page, key_of(page, value))
    expect(panel(page)).to_be_visible()
    page.wait_for_timeout(desk.PACE_MS)


def test_practice_is_done_by_the_keyboard_alone(teaching: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, teaching)
    expect(page.get_by_text("Practice: you will see what others say.")).to_be_visible()
    first = shown(page)

    practise(page)

    expect(go_on(page)).to_be_focused()
    expect(go_on(page)).to_have_accessible_description(f"{SUMMARY} {WHY}")
    expect(page.locator(".stage img")).to_be_visible()
    assert shown(page) == first
    rows = [" ".join(row.split()) for row in panel(page).locator("li").all_inner_texts()]
    assert rows == ["calm 75%", "joy you 25%"]
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_hidden()
    assert shown(page) != first


def test_after_the_practice_the_work_begins(teaching: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, teaching)
    for _ in range(2):
        practise(page)
        page.keyboard.press("Enter")
        page.wait_for_timeout(desk.PACE_MS)

    expect(page.get_by_text("Practice: you will see")).to_be_hidden()
    say(page, "1")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()

    expect(page.locator(STATE)).to_have_text("Saved")
    assert list(teaching.labels.order_by("pk").values_list("probe", flat=True)) == [
        Probe.TRAINING, Probe.TRAINING, Probe.NONE,
    ]  # fmt: skip


def test_while_feedback_is_read_no_key_changes_the_answer(
    teaching: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, teaching)
    practise(page)
    said = page.locator("[name=emotion]:checked").input_value()

    for key in ("1", "2", "3", "4", "s", "x", "u"):
        page.keyboard.press(key)

    assert page.locator("[name=emotion]:checked").input_value() == said
    expect(page.get_by_role("heading", name="Why skip it?")).to_be_hidden()
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    expect(panel(page)).to_be_visible()
    assert teaching.labels.count() == 1


def test_feedback_comes_again_after_a_reload(teaching: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, teaching)
    first = shown(page)
    practise(page)

    page.reload()

    expect(go_on(page)).to_be_focused()
    expect(panel(page)).to_contain_text(SUMMARY)
    assert shown(page) == first
    page.wait_for_timeout(desk.PACE_MS)
    page.keyboard.press("Enter")
    expect(page.locator("[name=assignment]")).not_to_have_value(str(first.pk))
    assert teaching.labels.count() == 1


def test_feedback_that_was_read_does_not_come_again(teaching: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, teaching)
    practise(page)
    page.keyboard.press("Enter")
    expect(panel(page)).to_be_hidden()

    page.reload()

    expect(page.locator("label-desk")).to_have_attribute("data-hand", re.compile("[1-9]"))
    expect(panel(page)).to_be_hidden()


def test_without_a_connection_the_practice_goes_on_and_nothing_is_lost(
    teaching: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, teaching)
    first = shown(page)
    window.set_offline(True)

    say(page, key_of(page, "joy"))

    expect(
        page.get_by_text("What others see in the last clip could not be fetched.")
    ).to_be_visible()
    assert shown(page) != first
    window.set_offline(False)
    expect(page.locator(STATE)).to_have_text("Saved")
    assert teaching.labels.get().assignment == first


def test_a_page_that_went_before_the_answer_arrived_shows_feedback_when_it_is_back(
    teaching: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, teaching)
    held = desk.hold_next(page, "**/batch/")
    say(page, key_of(page, "joy"))
    assert held

    page.reload()

    expect(panel(page)).to_contain_text(SUMMARY)
    assert teaching.labels.count() == 1


def test_a_skipped_practice_clip_brings_no_feedback(teaching: Campaign, open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, teaching)
    first = shown(page)

    page.keyboard.press("x")

    expect(page.locator("[name=assignment]")).not_to_have_value(str(first.pk))
    expect(panel(page)).to_be_hidden()


@pytest.fixture
def plain_window(open_window: Callable[..., BrowserContext]) -> BrowserContext:
    return open_window(java_script_enabled=False)


def test_without_scripts_practice_has_a_page_of_its_own(
    teaching: Campaign, open_as: OpenPage, plain_window: BrowserContext
) -> None:
    address = reverse("annotation:label", args=[teaching.pk])
    page = open_as(factories.make_annotator(), address, plain_window)
    expect(page.get_by_text("Practice: you will see what others say.")).to_be_visible()
    first = shown(page)

    page.locator("label", has=page.locator("[value=joy]")).click()
    page.get_by_role("button", name="Send").click()

    expect(page.get_by_text(SUMMARY)).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    expect(page.locator("main img")).to_be_visible()
    page.get_by_role("link", name="Go on").click()
    assert shown(page) != first
