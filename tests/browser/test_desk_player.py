"""Clips that move: playing by key, what is recorded of it, stalls, veils and clips side by side."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from annotation.models import Assignment, Campaign, Label
from tests.browser import desk
from tests.browser.conftest import OpenPage
from tests.browser.desk import STATE, Document, say

pytestmark = pytest.mark.browser


@pytest.fixture
def films(database: None) -> Campaign:
    return desk.film_campaign(clips=3)


@pytest.fixture
def page(films: Campaign, open_as: OpenPage) -> Page:
    return desk.open_desk(open_as, films)


def playback(page: Page) -> dict[str, Any]:
    expect(page.locator(STATE)).to_have_text("Saved")
    return dict(Label.objects.latest("pk").playback)


def test_keys_play_and_the_record_says_what_was_played(page: Page) -> None:
    for key in (".", "m", " "):
        page.keyboard.press(key)
    desk.play_to_the_end(page)
    page.keyboard.press("j")
    expect(page.locator(".player-time")).to_have_text("0:00 / 0:01")

    say(page, "1")

    record = playback(page)
    assert record["ended"]
    assert record["plays"] == 1
    assert record["seeks"] == 1
    assert record["rate"] == 1.25
    assert record["muted"]
    assert record["seconds"] > 0.9


def test_speed_and_volume_are_said_and_stay_for_the_next_clip(page: Page) -> None:
    page.keyboard.press("q")
    page.keyboard.press(",")
    expect(page.locator(".player-said")).to_have_text("Speed 0.75×")

    say(page, "1")

    video = "document.querySelector('video')"
    assert page.evaluate(f"[{video}.volume, {video}.playbackRate]") == [0.9, 0.75]


def test_the_next_film_is_in_memory_before_it_is_wanted(page: Page, window: BrowserContext) -> None:
    page.wait_for_timeout(500)
    window.set_offline(True)

    say(page, "1")
    page.keyboard.press(" ")

    desk.play_to_the_end(page)
    assert page.locator("video").evaluate("video => video.src").startswith("blob:")


def test_what_was_answered_is_not_kept_in_memory(page: Page) -> None:
    say(page, "1")
    blob = page.locator("video").evaluate("video => video.src")
    say(page, "1")
    page.wait_for_timeout(desk.PACE_MS)
    say(page, "1")

    assert page.evaluate(GONE, blob)


GONE = """address => new Promise((resolve) => {
  const video = document.createElement("video");
  video.onerror = () => resolve(true);
  video.onloadeddata = () => resolve(false);
  video.src = address;
})"""


def test_a_film_that_stalls_says_so_and_it_is_recorded(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    held = desk.hold_next(window, "**/media/**")
    page = desk.open_desk(open_as, films)
    page.keyboard.press(" ")
    expect(page.get_by_text("Loading …")).to_be_visible()

    held[0].continue_()
    desk.play_to_the_end(page)
    expect(page.get_by_text("Loading …")).to_be_hidden()
    say(page, "1")

    record = playback(page)
    assert record["stalls"] == 1
    assert record["stall_seconds"] > 0


def test_a_clip_is_seen_to_its_end_before_it_is_answered(open_as: OpenPage) -> None:
    films = desk.film_campaign(clips=2, full_view=True)
    page = desk.open_desk(open_as, films)
    say(page, "1")
    expect(page.get_by_text("See the clip to its end first.")).to_be_visible()
    assert not films.labels.exists()

    page.get_by_role("button", name="Play it").click()
    desk.play_to_the_end(page)
    expect(page.get_by_text("See the clip to its end first.")).to_be_hidden()
    page.keyboard.press("Enter")

    assert playback(page)["ended"]


def test_jumping_to_the_end_is_not_seeing_it(open_as: OpenPage) -> None:
    page = desk.open_desk(open_as, desk.film_campaign(clips=2, full_view=True))
    for _ in range(3):
        page.keyboard.press("l")

    say(page, "1")

    expect(page.get_by_text("See the clip to its end first.")).to_be_visible()


def veiled(document: Document) -> Document:
    return document | {"veil": "blur", "flags": ["self-harm"]}


def test_a_flagged_clip_is_veiled_until_its_viewer_chooses(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, veiled)
    page = desk.open_desk(open_as, films)
    filtered = "getComputedStyle(document.querySelector('video')).filter"
    expect(page.locator("[data-flags]")).to_be_visible()
    assert "blur" in page.evaluate(filtered)

    page.keyboard.press("v")
    assert page.evaluate(filtered) == "none"
    say(page, "1")

    assert playback(page)["revealed"] is True


def test_a_veiled_clip_can_be_answered_as_it_is(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, veiled)
    page = desk.open_desk(open_as, films)

    say(page, "1")

    assert playback(page)["revealed"] is False


def test_a_muted_first_view_is_silent_until_it_is_revealed(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, lambda document: document | {"veil": "mute", "flags": ["screaming"]})
    page = desk.open_desk(open_as, films)
    muted = "document.querySelector('video').muted"
    assert page.evaluate(muted)

    page.keyboard.press("v")

    assert not page.evaluate(muted)


def test_stop_ends_a_film_while_it_plays(page: Page) -> None:
    page.keyboard.press(" ")

    page.keyboard.press("x")

    expect(page.locator(STATE)).to_have_text("Saved")
    assert Assignment.objects.filter(state="skipped").latest("pk").skip_reason == "stopped"


def test_captions_are_off_until_they_are_wanted(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    words = "WEBVTT\n\n00:00.000 --> 00:05.000\nI told you so.\n"
    window.route(
        "**/captions.vtt", lambda route: route.fulfill(body=words, content_type="text/vtt")
    )
    desk.pretend(window, lambda document: document | {"captions_url": "/captions.vtt"})
    page = desk.open_desk(open_as, films)
    mode = "document.querySelector('video').textTracks[0].mode"
    assert page.evaluate(mode) == "disabled"

    page.keyboard.press("c")
    assert page.evaluate(mode) == "showing"
    say(page, "1")

    assert playback(page)["captions"] is True


def pair(document: Document) -> Document:
    return document | {
        "clips": [document["clip"], {**document["clip"], "id": 0}],
        "options_order": {**document["options_order"], "pair": ["second", "first"]},
    }


def test_of_two_clips_side_by_side_one_plays_at_a_time(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    desk.pretend(window, pair)
    page = desk.open_desk(open_as, films)
    expect(page.locator("clip-player")).to_have_count(2)
    first = page.locator("clip-player").nth(0)
    first.get_by_role("button", name="Play").click()
    expect(first.get_by_role("button", name="Pause")).to_be_visible()

    page.keyboard.press("n")

    paused = "[...document.querySelectorAll('video')].map((video) => video.paused)"
    assert page.evaluate(paused) == [True, False]
    second = page.locator("clip-player").nth(1)
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    expect(first.get_by_role("button", name="Pause")).to_be_hidden()
    say(page, "1")
    record = playback(page)
    assert [clip["plays"] for clip in record["clips"]] == [1, 1]


def test_after_a_comparison_a_single_clip_stands_alone(
    films: Campaign, open_as: OpenPage, window: BrowserContext
) -> None:
    first: list[int] = []

    def only_first(document: Document) -> Document:
        first.append(document["assignment"])
        return pair(document) if document["assignment"] == first[0] else document

    desk.pretend(window, only_first)
    page = desk.open_desk(open_as, films)
    expect(page.locator("clip-player")).to_have_count(2)

    say(page, "1")

    expect(page.locator("clip-player")).to_have_count(1)
