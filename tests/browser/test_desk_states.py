"""Every state of the labelling page: accessible, on a phone, from right to left.

The documents of stages, care and comparisons are pretended: what the server makes of them is shown
in its own tests.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from annotation.models import Campaign
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, Document, say
from tests.browser.test_pages import violations

pytestmark = pytest.mark.browser
SETTING = {"name": "setting", "title": "Setting", "text": "A kitchen, early in the morning."}
WORDS = {"name": "transcript", "title": "What was said", "text": "I told you so."}


@pytest.fixture
def asked(database: None) -> Campaign:
    return desk.picture_campaign(clips=3, confidence=True)


@pytest.fixture
def films(database: None) -> Campaign:
    return desk.film_campaign(clips=2)


def assisted(document: Document) -> Document:
    return document | {
        "stage": "assisted",
        "step": 2,
        "steps": 3,
        "context": {"layers": [SETTING, WORDS], "latest": "transcript"},
        "suggestion": {"distribution": {"joy": 0.55, "sadness": 0.3, "anger": 0.15}},
        "previous": {"emotion": "anger", "confidence": 2},
    }


def pair(document: Document) -> Document:
    return document | {"clips": [document["clip"], document["clip"]]}


def veiled(document: Document) -> Document:
    return document | {"veil": "blur", "flags": ["violence"], "full_view": True}


def on_a_break(route: Route) -> None:
    response = route.fetch()
    break_ = {
        "assignments": [],
        "reason": "break",
        "retry_after": 900,
        "break": {"kind": "session"},
    }
    route.fulfill(response=response, json=response.json() | break_)


class Server:
    """A server that asks a second time about the first clip, with context."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []

    def __call__(self, route: Route) -> None:
        answers = desk.answers(route)
        self.sent += answers
        response = route.fetch(post_data={"want": 2})
        said = response.json()
        first, *others = said["assignments"]
        kept = {"status": "created", "label": 1}
        said["results"] = [{"client_id": one["client_id"], **kept} for one in answers]
        said["assignments"] = [*self.asked(first), *map(self.blind, others)]
        route.fulfill(response=response, json=said)

    def asked(self, first: Document) -> list[Document]:
        if not self.sent:
            return [self.blind(first)]
        told = assisted(first) | {"step": 1, "steps": 2, "previous": self.sent[-1]["value"]}
        return [told] if len(self.sent) == 1 else []

    @staticmethod
    def blind(document: Document) -> Document:
        return document | {"stage": "blind", "step": 0, "steps": 2}


def test_context_comes_after_the_blind_answer_which_may_be_kept(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    server = Server()
    desk.pretend(window, Server.blind)
    window.route("**/batch/", server)
    page = desk.open_desk(open_as, asked)
    shown = page.locator("[name=assignment]").input_value()
    say(page, "2")
    expect(page.get_by_text("I told you so.")).to_be_visible()
    assert page.locator("[name=assignment]").input_value() == shown
    expect(page.get_by_role("button", name="Undo")).to_be_hidden()
    page.wait_for_timeout(desk.PACE_MS)

    page.keyboard.press("k")

    expect(page.get_by_text("I told you so.")).to_be_hidden()
    expect(page.locator(STATE)).to_have_text("Saved")
    assert [one["stage"] for one in server.sent] == ["blind", "assisted"]
    assert server.sent[0]["value"] == server.sent[1]["value"]
    assert server.sent[1]["shown"]["layers"] == ["setting", "transcript"]


def test_a_suggestion_is_shown_in_words_and_numbers(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, assisted)
    page = desk.open_desk(open_as, asked)

    rows = page.locator(".told-shares li").all_inner_texts()

    assert [" ".join(row.split()) for row in rows] == ["joy 55%", "sadness 30%", "anger 15%"]
    expect(page.locator("[name=emotion][value=anger]")).to_be_checked()


def test_a_break_says_why_and_until_when(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, asked)
    window.route("**/batch/", on_a_break)

    say(page, "1")

    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()
    expect(page.get_by_text("You have worked for a good while.")).to_be_visible()
    expect(page.get_by_text("15 minutes")).to_be_visible()


def test_after_the_break_the_page_goes_on_by_itself(
    asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    def short(route: Route) -> None:
        response = route.fetch()
        none = {"assignments": [], "reason": "break", "retry_after": 1, "break": {"kind": "day"}}
        route.fulfill(response=response, json=response.json() | none)

    page = desk.open_desk(open_as, asked)
    window.route("**/batch/", short, times=1)

    say(page, "1")

    expect(page.locator(".stage img")).to_be_visible()


def skip_dialog(page: Page, window: BrowserContext) -> None:
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name="Why skip it?")).to_be_visible()


def help_dialog(page: Page, window: BrowserContext) -> None:
    page.keyboard.press("?")
    page.get_by_role("button", name="Change the key for: faster").click()
    expect(page.get_by_text("Press the new key")).to_be_visible()


def offline(page: Page, window: BrowserContext) -> None:
    window.set_offline(True)
    for number, key in enumerate("12", start=1):
        expect(page.get_by_role("region", name=f"Clip {number}.")).to_be_visible()
        say(page, key)
    expect(page.get_by_role("heading", name="No connection")).to_be_visible()


def taken_back(page: Page, window: BrowserContext) -> None:
    say(page, "1")
    page.keyboard.press("u")
    expect(page.get_by_text("This is your last answer.")).to_be_visible()


def signed_out(page: Page, window: BrowserContext) -> None:
    window.clear_cookies()
    say(page, "1")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()


def flawed(page: Page, window: BrowserContext) -> None:
    page.keyboard.press("Enter")
    expect(page.get_by_text("This question needs an answer.")).to_be_visible()


def resting(page: Page, window: BrowserContext) -> None:
    window.route("**/batch/", on_a_break)
    say(page, "1")
    expect(page.get_by_role("heading", name="Time for a break")).to_be_visible()


Enter = Callable[[Page, BrowserContext], None]
STATES: list[Enter] = [
    skip_dialog, help_dialog, offline, taken_back, signed_out, flawed, resting,
]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("enter", STATES)
def test_every_state_is_accessible(
    enter: Enter, scheme: str, asked: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    page = desk.open_desk(open_as, asked)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    enter(page, window)

    found = violations(page)

    assert not found


@pytest.mark.parametrize("change", [assisted, pair, veiled])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_kind_of_film_is_accessible_and_fits(
    width: int,
    change: Callable[[Document], Document],
    films: Campaign,
    open_as: OpenPage,
    window: BrowserContext,
) -> None:
    desk.pretend(window, change)
    page = desk.open_desk(open_as, films)
    page.set_viewport_size({"width": width, "height": 800})
    page.locator(".player-more summary").first.click()
    if change is veiled:
        say(page, "1")

    assert not violations(page)
    assert not page.evaluate(BEYOND)


@pytest.mark.parametrize("change", [assisted, pair, veiled])
def test_right_to_left_nothing_overflows(
    change: Callable[[Document], Document],
    films: Campaign,
    open_as: OpenPage,
    window: BrowserContext,
) -> None:
    desk.pretend(window, change)
    page = desk.open_desk(open_as, films)

    page.evaluate("document.documentElement.dir = 'rtl'")
    page.set_viewport_size({"width": 390, "height": 800})

    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert not page.evaluate(BEYOND)


BEYOND = """[...document.querySelectorAll("body *:not(.skip-link, .visually-hidden)")]
  .filter((e) => e.checkVisibility())
  .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
  .filter(([{ left, right }]) => left < -1 || right > innerWidth + 1)
  .map(([_rectangle, html]) => html)"""


def test_on_a_phone_everything_is_done_by_touch(
    phone: BrowserContext, films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.open_desk(open_as, films)
    phone.add_cookies(window.cookies())  # type: ignore[arg-type]
    page = phone.new_page()
    page.goto(f"/campaigns/{films.pk}/label/")
    expect(page.locator("label-desk")).to_have_attribute("data-hand", "2")
    page.wait_for_timeout(desk.PACE_MS)

    page.get_by_role("button", name="Play").tap()
    page.locator(".choice").nth(1).tap()
    page.locator("[data-slot=send]").tap()

    expect(page.locator(STATE)).to_have_text("Saved")
    assert not small_targets(page)


def small_targets(page: Page) -> list[str]:
    """Return the buttons of the main work that a thumb would miss."""
    return list(page.evaluate(SMALL, ".desk-actions .button, .choice, .player-bar > .button"))


SMALL = """wanted => [...document.querySelectorAll(wanted)]
  .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 43.5)
  .map((e) => e.outerHTML.slice(0, 120))"""
