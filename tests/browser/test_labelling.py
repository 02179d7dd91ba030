"""The labelling page in a browser: keys, saving, and what happens when the network goes away."""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from accounts.models import User
from annotation.models import Campaign
from consent import review
from tests import factories
from tests.browser.conftest import OpenPage

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(database: None) -> Campaign:
    campaign = factories.make_campaign(clips=4, confidence=True)
    for clip in campaign.collection.clips.all():
        factories.draw_media(clip)
    return campaign


@pytest.fixture
def desk(asked: Campaign, open_as: OpenPage) -> Page:
    page = open_as(factories.make_annotator(), reverse("annotation:label", args=[asked.pk]))
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")
    page.wait_for_timeout(300)  # An answer faster than a person is taken for a slip of the key.
    return page


def say(page: Page, *keys: str) -> None:
    """Press the keys of one answer, as slowly as a quick person."""
    for key in keys:
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)


def test_the_keyboard_alone_labels_every_clip(desk: Page, asked: Campaign) -> None:
    order = asked.assignments.filter(state="leased").first()
    assert order

    for _ in range(4):
        say(desk, "2", "Shift+Digit4")

    expect(desk.get_by_role("heading", name="That is all for you")).to_be_visible()
    values = list(asked.labels.values_list("value", flat=True))
    assert values == [{"emotion": order.options_order["emotion"][1], "confidence": 4}] * 4


def test_saved_is_shown_once_the_server_has_it(desk: Page, asked: Campaign) -> None:
    say(desk, "1")

    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.labels.count() == 1
    expect(desk.locator("[data-slot=labelled]")).to_have_text("1")


def test_the_label_carries_how_it_came_about(desk: Page, asked: Campaign) -> None:
    desk.keyboard.press("1")
    say(desk, "3")
    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")

    label = asked.labels.get()
    assert label.changes == 1
    assert label.latency_ms is not None
    assert label.active_ms is not None
    assert label.latency_ms <= label.active_ms
    assert label.playback == {"loaded": True}
    assert label.shown["modality"] == "image"


def test_a_skip_by_keys_keeps_its_reason(desk: Page, asked: Campaign) -> None:
    desk.keyboard.press("s")
    desk.keyboard.press("3")

    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.assignments.get(state="skipped").skip_reason == "distressing"


def test_without_a_choice_enter_sends_nothing(desk: Page, asked: Campaign) -> None:
    say(desk)

    expect(desk.locator("[data-slot=state]")).to_have_text("")
    assert not asked.labels.exists()


def test_answers_wait_while_the_network_is_away_and_are_sent_when_it_is_back(
    desk: Page, asked: Campaign, window: BrowserContext
) -> None:
    window.set_offline(True)
    say(desk, "1")
    say(desk, "2")
    expect(desk.locator("[data-slot=state]")).to_have_text("2 waiting to be sent")
    expect(desk.get_by_role("heading", name="No connection")).to_be_visible()
    assert not asked.labels.exists()

    window.set_offline(False)

    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.labels.count() == 2
    expect(desk.locator(".stage img")).to_be_visible()


def test_answers_outlive_the_page(desk: Page, asked: Campaign, window: BrowserContext) -> None:
    window.set_offline(True)
    say(desk, "1")
    address = desk.url
    desk.close()
    window.set_offline(False)

    again = window.new_page()
    again.goto(address)

    expect(again.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.labels.count() == 1


def test_an_answer_whose_reply_was_lost_is_stored_once(desk: Page, asked: Campaign) -> None:
    def lose_the_reply(route: object) -> None:
        route.fetch()  # type: ignore[attr-defined]
        route.abort()  # type: ignore[attr-defined]

    desk.route("**/batch/", lose_the_reply, times=1)
    say(desk, "1")

    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.labels.count() == 1


def test_who_was_signed_out_keeps_the_answer_and_is_asked_to_come_back(
    desk: Page, window: BrowserContext
) -> None:
    window.clear_cookies()
    say(desk, "1")

    expect(desk.get_by_role("link", name="Sign in again")).to_be_visible()
    expect(desk.locator("[data-slot=state]")).to_have_text("1 waiting to be sent")


def test_a_clip_that_lost_its_consent_leaves_the_page(
    desk: Page, asked: Campaign, reviewer: User
) -> None:
    for clip in asked.collection.clips.all():
        for person in clip.participants.all():
            for consent in person.consents.in_force():
                review.withdraw(consent, reviewer)
    say(desk, "1")

    expect(desk.get_by_text("This clip is no longer available")).to_be_visible()
    assert not asked.labels.exists()
    expect(desk.locator(".stage img")).to_have_count(0)


def test_a_clip_that_does_not_load_can_be_reported(desk: Page, asked: Campaign) -> None:
    desk.route("**/media/**", lambda route: route.abort())
    desk.reload()
    expect(desk.get_by_text("This clip does not play here.")).to_be_visible()
    expect(desk.get_by_text("This clip is slow to arrive.")).to_be_hidden()

    desk.get_by_role("button", name="Report and skip").click()

    expect(desk.locator("[data-slot=state]")).to_have_text("Saved")
    assert asked.assignments.get(state="skipped").skip_reason == "not-playing"


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (1280, 720)])
def test_the_main_action_is_in_sight_without_scrolling(size: tuple[int, int], desk: Page) -> None:
    desk.set_viewport_size({"width": size[0], "height": size[1]})

    send = desk.locator("[data-slot=send]").bounding_box()

    assert send
    assert send["y"] + send["height"] <= size[1]
    assert desk.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_single_keys_can_be_switched_off(desk: Page) -> None:
    desk.keyboard.press("?")
    desk.get_by_label("Single keys are on").uncheck()
    desk.keyboard.press("Escape")

    desk.keyboard.press("1")

    expect(desk.locator("input[name=emotion]:checked")).to_have_count(0)


def test_sending_at_once_is_remembered_from_clip_to_clip(desk: Page, asked: Campaign) -> None:
    desk.get_by_label("Send as soon as I choose").check()
    for _ in range(2):
        desk.keyboard.press("1")
        desk.wait_for_timeout(300)

    expect(desk.locator("[data-slot=labelled]")).to_have_text("2")
    assert asked.labels.count() == 2
