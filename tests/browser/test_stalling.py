"""A film that stops in mid-play because the network hangs: said, recorded, and got over."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, FloatRect, Page, expect

from annotation.models import Assignment, Campaign
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE
from tests.browser.slow_line import SlowLine

pytestmark = pytest.mark.browser
SECONDS = 8
LONG_MS = 40_000  # The page is patient for ten seconds before it offers a way on.


@pytest.fixture
def films(database: None) -> Campaign:
    return desk.film_campaign(clips=2, seconds=SECONDS)


@pytest.fixture
def line(films: Campaign, window: BrowserContext) -> SlowLine:
    return SlowLine(window, share=0.5)


@pytest.fixture
def page(films: Campaign, line: SlowLine, open_as: OpenPage) -> Page:
    """Play the first film until it stands still for want of bytes, in its middle."""
    page = desk.open_desk(open_as, films)
    page.keyboard.press(" ")
    expect(page.get_by_text("Loading …")).to_be_visible(timeout=LONG_MS)
    assert 1 < time_of(page) < SECONDS - 1
    return page


def time_of(page: Page) -> float:
    return float(page.locator("video").evaluate("video => video.currentTime"))


def box_of(page: Page, part: str) -> FloatRect:
    box = page.locator(part).bounding_box()
    assert box
    return box


def top_of(page: Page, part: str) -> float:
    return box_of(page, part)["y"]


def foot_of(page: Page, part: str) -> float:
    return top_of(page, part) + box_of(page, part)["height"]


def middle_of(page: Page, part: str) -> float:
    return (top_of(page, part) + foot_of(page, part)) / 2


def record(films: Campaign) -> dict[str, Any]:
    return dict(films.labels.get().playback)


def test_it_says_so_goes_on_by_itself_and_the_record_has_the_stall(
    page: Page, line: SlowLine, films: Campaign
) -> None:
    page.wait_for_timeout(1000)
    line.flow()
    expect(page.get_by_text("Loading …")).to_be_hidden()
    desk.play_to_the_end(page)

    desk.say(page, "1")

    expect(page.locator(STATE)).to_have_text("Saved")
    played = record(films)
    assert (played["stalls"], played["plays"], played["ended"]) == (1, 1, True)
    assert played["stall_seconds"] >= 1
    assert played["seconds"] > SECONDS - 0.5


def test_an_answer_sent_while_it_stands_still_has_the_stall_up_to_then(
    page: Page, films: Campaign
) -> None:
    page.wait_for_timeout(1000)

    desk.say(page, "1")

    expect(page.locator(STATE)).to_have_text("Saved")
    played = record(films)
    assert (played["stalls"], played["ended"]) == (1, False)
    assert played["stall_seconds"] >= 1


def test_a_long_wait_offers_a_way_on_until_bytes_come(page: Page, line: SlowLine) -> None:
    expect(page.get_by_role("button", name="Report and skip")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_text("This clip is slow to arrive.")).to_be_visible()
    expect(page.get_by_text("This clip does not play here.")).to_be_hidden()
    expect(page.locator("video")).to_be_visible()
    assert foot_of(page, ".player-wait") <= top_of(page, ".player-bar")
    assert top_of(page, ".player-bar") > middle_of(page, ".player")

    line.flow()

    expect(page.get_by_role("button", name="Report and skip")).to_be_hidden()
    desk.play_to_the_end(page)


def test_trying_again_loses_neither_the_answer_nor_the_record(
    page: Page, line: SlowLine, films: Campaign
) -> None:
    page.keyboard.press("2")
    page.get_by_role("button", name="Try again").click(timeout=LONG_MS)
    expect(page.locator(".player-time")).to_have_text(f"0:00 / 0:0{SECONDS}")
    expect(page.locator("input[name=emotion]").nth(1)).to_be_checked()

    line.flow()
    page.keyboard.press(" ")
    desk.play_to_the_end(page)
    page.keyboard.press("Enter")

    expect(page.locator(STATE)).to_have_text("Saved")
    played = record(films)
    assert (played["plays"], played["ended"]) == (2, True)
    assert played["stall_seconds"] > 5
    order = films.assignments.get(state="labelled").options_order["emotion"]
    assert films.labels.get().value == {"emotion": order[1]}


def test_one_that_never_comes_is_reported_and_the_next_is_shown(
    page: Page, films: Campaign
) -> None:
    page.get_by_role("button", name="Report and skip").click(timeout=LONG_MS)

    expect(page.locator(STATE)).to_have_text("Saved")
    assert films.assignments.get(state="skipped").skip_reason == "not-playing"
    expect(page.get_by_text("Loading …")).to_be_hidden()
    page.keyboard.press(" ")
    desk.play_to_the_end(page)


def test_one_of_which_nothing_comes_at_all_can_be_reported(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    SlowLine(window, share=0)
    page = desk.open_desk(open_as, films)

    page.get_by_role("button", name="Report and skip").click(timeout=LONG_MS)

    expect(page.locator(STATE)).to_have_text("Saved")
    assert Assignment.objects.get(campaign=films, state="skipped").skip_reason == "not-playing"
