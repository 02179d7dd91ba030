"""The labelling page without a network, in two tabs, and after the session ended."""

from __future__ import annotations

import json
import re

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from annotation.models import Campaign, Label
from tests import factories
from tests.browser import desk
from tests.browser.conftest import OpenPage, sign_in
from tests.browser.desk import STATE, say

pytestmark = pytest.mark.browser


@pytest.fixture
def asked(database: None) -> Campaign:
    return desk.picture_campaign(clips=14)


def take_along(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_label("Take clips along").check()
    expect(page.get_by_text("Ready: 10.")).to_be_visible()
    page.keyboard.press("Escape")


def labels(campaign: Campaign) -> int:
    return Label.objects.filter(campaign=campaign).count()


def test_ten_answers_without_a_network_outlive_a_reload(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, asked)
    take_along(page)
    window.set_offline(True)
    for number in range(10):
        expect(page.locator(".stage img")).to_be_visible()
        say(page, str(number % 4 + 1))
    expect(page.locator(STATE)).to_have_text("10 waiting to be sent")
    assert labels(asked) == 0

    window.set_offline(False)
    page.reload()

    expect(page.locator("[data-slot=labelled]")).to_have_text("10")
    assert labels(asked) == 10


def test_any_page_sends_what_waits(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, asked)
    window.set_offline(True)
    say(page, "1")
    page.close()
    window.set_offline(False)

    elsewhere = window.new_page()
    with elsewhere.expect_response("**/batch/"):
        elsewhere.goto(reverse("home"))

    elsewhere.wait_for_load_state("networkidle")
    assert labels(asked) == 1


def test_two_tabs_send_each_answer_once_and_do_not_ask_twice(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    first = desk.open_desk(open_as, asked)
    second = window.new_page()
    second.goto(first.url)
    expect(second.locator("label-desk")).to_have_attribute("data-hand", "2")
    shown = second.locator("[name=assignment]").input_value()
    window.set_offline(True)
    say(first, "1")
    expect(second.locator("[name=assignment]")).not_to_have_value(shown)
    second.wait_for_timeout(desk.PACE_MS)
    say(second, "2")
    sent: list[str] = []
    window.on("requestfinished", lambda request: sent.extend(ids(request.post_data)))

    window.set_offline(False)

    expect(second.locator("[data-slot=labelled]")).to_have_text("2")
    assert labels(asked) == 2
    assert sorted(sent) == sorted(set(sent))


def ids(body: str | None) -> list[str]:
    return re.findall(r'"client_id":"([^"]+)"', body or "")


def test_signing_in_again_elsewhere_sends_and_keeps_the_clip(
    asked: Campaign, open_as: OpenPage, window: BrowserContext, site: str
) -> None:
    user = factories.make_annotator()
    page = desk.open_desk(open_as, asked, user)
    window.clear_cookies()
    say(page, "1")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    page.keyboard.press("2")
    shown = page.locator("[name=assignment]").input_value()

    sign_in(window, user, site)
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator(STATE)).to_have_text("Saved")
    assert page.locator("[name=assignment]").input_value() == shown
    expect(page.locator("input[name=emotion]:checked")).to_have_count(1)


def test_answers_do_not_go_out_in_the_name_of_another(
    asked: Campaign, open_as: OpenPage, window: BrowserContext, site: str
) -> None:
    page = desk.open_desk(open_as, asked)
    window.clear_cookies()
    say(page, "1")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()

    sign_in(window, factories.make_annotator(), site)
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")
    assert labels(asked) == 0


def refuse(route: Route) -> None:
    said = {"status": "invalid", "label": None, "detail": "It is not a word."}
    results = [{"client_id": one["client_id"], **said} for one in desk.answers(route)]
    progress = {"labelled": 0, "skipped": 0, "total": 14}
    nothing: desk.Document = {
        "assignments": [],
        "reason": "done",
        "retry_after": None,
        "progress": progress,
    }
    route.fulfill(status=200, json={"results": results, **nothing})


def test_a_refused_answer_is_shown_with_its_reason_until_it_is_dismissed(
    asked: Campaign, open_as: OpenPage
) -> None:
    page = desk.open_desk(open_as, asked)
    page.route("**/batch/", refuse)
    say(page, "1")
    notice = page.get_by_text("1 answer was not accepted: It is not a word.")
    expect(notice).to_be_visible()

    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    page.get_by_role("button", name="Dismiss").click()

    expect(notice).to_be_hidden()
    assert json.loads(download.value.path().read_text())[0]["answer"]["value"]["emotion"]


def test_one_bad_answer_does_not_hold_up_the_others(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, asked)
    window.set_offline(True)
    say(page, "1")
    page.evaluate(SPOIL)
    say(page, "2")

    window.set_offline(False)

    expect(page.get_by_text("1 answer was not accepted")).to_be_visible()
    expect(page.locator("[data-slot=labelled]")).to_have_text("1")


SPOIL = """() => new Promise((resolve) => {
  indexedDB.open("attune").onsuccess = ({ target }) => {
    const shelf = target.result.transaction("answers", "readwrite").objectStore("answers");
    shelf.getAll().onsuccess = ({ target: { result: [entry] } }) => {
      entry.answer.unheard = "of";
      shelf.put(entry).onsuccess = () => (target.result.close(), resolve());
    };
  };
})"""


def test_a_browser_that_keeps_nothing_says_so(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    window.add_init_script(
        "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"
    )
    page = desk.open_desk(open_as, asked)

    say(page, "1")

    expect(page.get_by_text("This browser keeps nothing beyond this page.")).to_be_visible()
    expect(page.locator(STATE)).to_have_text("Saved")
    assert labels(asked) == 1
