"""Segments and traces over a film: by keys, mouse and touch, and what the server has of them."""

from __future__ import annotations

from bisect import bisect_right
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.desk import play_to_the_end
from tests.browser.widgets import Finger, ask, middle, seek, show, stored, value, widget

pytestmark = pytest.mark.browser
SEEN: dict[str, Any] = {"options": [{"value": "smile", "text": "Smile"}], "overlap": False}
HELD_MS = 450


def mark(page: Page, start: float, end: float, key: str = "1") -> None:
    """Mark a segment by pressing at its onset and at its offset."""
    for at in (start, end):
        seek(page, at)
        page.keyboard.press(key)


def test_a_key_marks_onset_and_offset(open_as: OpenPage) -> None:
    campaign = ask("segments", **SEEN)
    page = show(open_as, campaign, None)
    assert value(page) is None

    mark(page, 0.5, 1.5)

    expect(page.get_by_text("Marked: 1.")).to_be_visible()
    assert stored(page, campaign) == [{"start": 0.5, "end": 1.5, "category": "smile"}]


def test_a_key_that_is_held_marks_while_it_is_held(open_as: OpenPage) -> None:
    page = show(open_as, ask("segments", **SEEN), None)
    seek(page, 1)

    page.keyboard.down("1")
    page.wait_for_timeout(HELD_MS)
    seek(page, 2)
    page.keyboard.up("1")

    assert value(page) == [{"start": 1, "end": 2, "category": "smile"}]


def test_a_button_is_held_by_a_finger_while_it_plays(
    open_as: OpenPage, phone: BrowserContext
) -> None:
    campaign = ask("segments", **SEEN)
    page = show(open_as, campaign, phone)
    finger = Finger(page)
    page.get_by_role("button", name="Play", exact=True).tap()

    finger.down(*middle(page.get_by_role("button", name="Smile")))
    page.wait_for_timeout(2 * HELD_MS)
    finger.up()

    (segment,) = stored(page, campaign)
    assert segment["end"] - segment["start"] == pytest.approx(2 * HELD_MS / 1000, abs=0.4)


def test_a_segment_that_was_left_open_is_asked_for(open_as: OpenPage) -> None:
    page = show(open_as, ask("segments", **SEEN), None)

    page.keyboard.press("1")
    page.keyboard.press("Enter")

    problem = "Smile is still open. Press it again where it ends."
    expect(page.locator("[data-slot=problem]")).to_have_text(problem)


def test_times_are_changed_taken_back_and_checked(open_as: OpenPage) -> None:
    page = show(open_as, ask("segments", **SEEN), None)
    mark(page, 0.5, 1.5)
    mark(page, 2, 3)

    page.get_by_label("End, in seconds").first.press("ArrowUp")
    page.get_by_label("Start, in seconds").last.fill("1.2")
    page.get_by_label("Start, in seconds").last.press("Enter")

    problem = "Two segments of Smile overlap. Change their times, or delete one."
    expect(page.locator("[data-slot=problem]")).to_have_text(problem)
    page.get_by_role("button", name="Undo").last.click()
    page.get_by_role("button", name="Delete this segment").last.click()
    assert value(page) == [{"start": 0.5, "end": 1.6, "category": "smile"}]


def test_nothing_to_mark_is_an_answer(open_as: OpenPage) -> None:
    campaign = ask("segments", **SEEN)
    page = show(open_as, campaign, None)

    page.get_by_label("There is nothing to mark").check()

    assert stored(page, campaign) == []


def test_a_trace_is_the_path_of_the_pointer(open_as: OpenPage) -> None:
    campaign = ask("trace", dimension="valence")
    page = show(open_as, campaign, None)
    assert value(page) is None

    path = follow(page, [0.8, 0.2, -0.6, -0.9, 0.1, 0.7])

    trace = stored(page, campaign)
    clocks = [clock for _, clock, _ in trace["events"]]
    media = [at for at, _, _ in trace["events"]]
    assert clocks == sorted(clocks)
    assert media == sorted(media)
    assert logged(trace) == ["play", "ended"]
    grid = [at / 10 for at in range(round(10 * path[0][0]) + 3, round(10 * path[-1][0]))]
    errors = [abs(held(path, at) - held(events_of(trace), at)) for at in grid]
    assert sum(errors) / len(errors) < 0.06


# When the hand was where, by the page's own clock: asked from outside, or of the moment at which an
# event is delivered, a busy machine adds its delay, and it may deliver several moves as one.
WATCH = """track => {
  const video = document.querySelector("video");
  window.arrived = [];
  track.addEventListener("pointermove", (event) => {
    for (const { clientY, timeStamp } of event.getCoalescedEvents()) {
      const late = (performance.now() - timeStamp) / 1000;
      window.arrived.push([video.currentTime - late, clientY]);
    }
  });
}"""


def follow(page: Page, heights: list[float]) -> list[tuple[float, float]]:
    """Play the film and move over the track, between heights; return the path in media seconds."""
    track = page.get_by_role("slider", name="Valence")
    box = track.bounding_box()
    assert box
    page.get_by_role("button", name="Play and follow").click()
    expect(page.locator("answer-trace")).to_have_attribute("data-state", "recording")
    track.evaluate(WATCH)
    for before, after in pairwise(heights):
        for part in range(10):
            height = before + (after - before) * part / 10
            page.mouse.move(box["x"] + 60, box["y"] + box["height"] * (1 - height) / 2)
            page.wait_for_timeout(25)
    play_to_the_end(page)
    middle = box["y"] + box["height"] / 2
    return [(at, 2 * (middle - y) / box["height"]) for at, y in page.evaluate("window.arrived")]


def logged(trace: dict[str, Any]) -> list[str]:
    """Return what the player did, apart from waiting for a busy machine."""
    return [kind for kind, *_ in trace["log"] if kind != "stall"]


def events_of(trace: dict[str, Any]) -> list[tuple[float, float]]:
    return [(media, height) for media, _, height in trace["events"]]


def held(path: list[tuple[float, float]], at: float) -> float:
    """Return the height that held at a time."""
    return path[max(0, bisect_right([media for media, _ in path], at) - 1)][1]


def test_a_pause_and_a_leap_ahead_are_in_the_log(open_as: OpenPage) -> None:
    campaign = ask("trace")
    page = show(open_as, campaign, None)
    x, y = middle(page.get_by_role("slider", name="Valence"))
    page.get_by_role("button", name="Play and follow").click()
    expect(page.locator("answer-trace")).to_have_attribute("data-state", "recording")
    page.mouse.move(x, y)
    page.mouse.move(x, y - 30)

    page.keyboard.press(" ")
    expect(page.get_by_text("Paused at")).to_be_visible()
    seek(page, 4)
    page.keyboard.press(" ")
    play_to_the_end(page)

    assert logged(stored(page, campaign)) == ["play", "pause", "seek", "play", "ended"]


def test_a_whole_take_stays_until_another_one_is_whole(open_as: OpenPage) -> None:
    page = show(open_as, ask("trace", seconds=4), None)
    x, y = middle(page.get_by_role("slider", name="Valence"))
    for height in (-40, 40):
        page.get_by_role("button", name="ollow").click()
        expect(page.locator("answer-trace")).to_have_attribute("data-state", "recording")
        page.mouse.move(x, y)
        page.mouse.move(x, y + height)
        if height > 0:
            expect(page.get_by_text("The earlier take stays")).to_be_visible()
            assert value(page)["events"][-1][2] > 0
        play_to_the_end(page)

    assert value(page)["events"][-1][2] < 0
    page.get_by_role("button", name="Use the earlier take").click()
    assert value(page)["events"][-1][2] > 0


def test_a_clip_played_without_a_move_is_no_trace(open_as: OpenPage) -> None:
    page = show(open_as, ask("trace", seconds=1), None)

    page.get_by_role("button", name="Play and follow").click()
    play_to_the_end(page)
    page.keyboard.press("Enter")

    expect(page.locator("[data-slot=problem]")).to_contain_text("Nothing was set")
    assert value(page) is None


def test_a_finger_draws_a_relative_trace_and_takes_hold_again(
    open_as: OpenPage, phone: BrowserContext
) -> None:
    campaign = ask("trace", range="relative", seconds=3)
    page = show(open_as, campaign, phone)
    finger, track = Finger(page), page.get_by_role("slider", name="Valence")
    x, y = middle(track)
    page.get_by_role("button", name="Play and follow").tap()
    for _ in range(3):
        finger.down(x, y + 60)
        finger.move(x, y)
        finger.move(x, y - 60)
        finger.up()
    play_to_the_end(page)

    trace = stored(page, campaign)
    assert trace["events"][0][2] == 0
    assert trace["events"][-1][2] > 1.5


def test_keys_that_are_held_move_a_trace(open_as: OpenPage) -> None:
    page = show(open_as, ask("trace", seconds=3), None)
    page.get_by_role("button", name="Play and follow").click()

    page.keyboard.down("ArrowUp")
    page.wait_for_timeout(600)
    page.keyboard.up("ArrowUp")
    play_to_the_end(page)

    heights = [height for _, _, height in value(page)["events"]]
    assert heights == sorted(heights)
    assert 0.2 < heights[-1] < 0.8
    assert len(heights) > 5


def test_never_more_events_than_a_trace_may_have(open_as: OpenPage) -> None:
    page = show(open_as, ask("trace"), None)

    kept = widget(page).evaluate(
        """async () => {
          const { Take } = await import(document.querySelector("script[src*=label-desk]").src
            .replace(/label-desk.*/, "instruments/trace-take.js"));
          const take = new Take({ from: 0, most: 100 });
          for (let i = 0; i < 500; i += 1) take.add(i / 100, i, i < 480 ? Math.floor(i / 60) : i);
          return take.events;
        }"""
    )

    assert len(kept) <= 100
    assert [event[2] for event in kept[-20:]] == list(range(480, 500))
    assert {event[2] for event in kept[:-20]} == set(range(8))
