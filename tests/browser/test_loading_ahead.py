"""Loading ahead where a file hangs: it is given up, and what comes slowly is not."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import say
from tests.browser.slow_line import MEDIA

pytestmark = pytest.mark.browser
ALONG = 10
SILENCE_MS = 20_000  # How long the page waits for a sign of a file.
READ = """async (address) => {
  const { fetch } = window;
  const file = (signal) => new Response(new ReadableStream({
    start(body) {
      window.body = body;
      signal.addEventListener("abort", () => body.error(signal.reason));
    },
  }));
  window.fetch = async (wish, how) => wish === "/file" ? file(how.signal) : fetch(wish, how);
  const { arrival } = await import(address);
  arrival("/file", new AbortController().signal, (response) => response.text())
    .then((text) => (document.title = text), () => (document.title = "given up"));
}"""
BRING = "part => window.body.enqueue(new TextEncoder().encode(part))"


class Hung:
    """Lets the first file that is fetched ahead hang, and every later wish for it pass."""

    def __init__(self, window: BrowserContext) -> None:
        self.held: list[Route] = []
        window.route(MEDIA, self.bring)

    def bring(self, route: Route) -> None:
        if self.held or route.request.resource_type != "fetch":
            route.continue_()
        else:
            self.held.append(route)


@pytest.fixture
def page(database: None, open_as: OpenPage, window: BrowserContext) -> Page:
    """Open the page with one clip in sight, the next hung, and eight behind it, at a set clock."""
    Hung(window)
    window.clock.install()
    page = desk.open_desk(open_as, desk.picture_campaign(clips=ALONG))
    page.keyboard.press("?")
    page.get_by_label("Take clips along").check()
    expect(page.locator("label-desk")).to_have_attribute("data-hand", str(ALONG))
    expect(page.get_by_text("Ready: 1.")).to_be_visible()
    return page


def test_the_clips_behind_one_that_hangs_are_loaded_all_the_same(page: Page) -> None:
    page.clock.fast_forward(SILENCE_MS)

    expect(page.get_by_text(f"Ready: {ALONG - 1}.")).to_be_visible()


def test_one_that_hung_is_fetched_from_its_address_when_its_turn_comes(page: Page) -> None:
    page.clock.fast_forward(SILENCE_MS)
    expect(page.get_by_text(f"Ready: {ALONG - 1}.")).to_be_visible()
    page.keyboard.press("Escape")

    say(page, "1")

    expect(page.locator(".stage img")).to_have_attribute("src", re.compile("^/media/"))
    expect(page.locator(".stage img")).to_have_js_property(name="complete", value=True)
    assert page.locator(".stage img").evaluate("picture => picture.naturalWidth") > 0


@pytest.fixture
def reading(page: Page) -> Page:
    """Read a file through the page's own module, part by part, until it is the page's title."""
    address = page.locator("script[src*=label-desk]").get_attribute("src") or ""
    page.evaluate(READ, re.sub(r"label-desk.*", "desk/arrival.js", address))
    return page


def test_a_file_that_comes_slowly_is_waited_for(reading: Page) -> None:
    for part in "slow":
        reading.evaluate(BRING, part)
        reading.clock.fast_forward(SILENCE_MS - 5_000)

    reading.evaluate("window.body.close()")

    expect(reading).to_have_title("slow")


def test_a_file_that_stops_coming_in_its_middle_is_given_up(reading: Page) -> None:
    reading.evaluate(BRING, "ha")

    reading.clock.fast_forward(SILENCE_MS)

    expect(reading).to_have_title("given up")
