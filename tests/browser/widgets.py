"""What the tests of single widgets share: a campaign that asks one question, and what it stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Locator, Page, expect

from annotation.models import Campaign, Label
from tests import factories
from tests.browser.desk import STATE, film, open_desk

TIMED = ("segments", "trace")
LAST = {"name": "why", "instrument": "free-text", "prompt": "Why?", "required": True}
# Beyond the window at its left or its right, apart from what is for screen readers only.
OUTSIDE = """[...document.querySelectorAll("body *")].filter((one) => {
  const {left, right, width} = one.getBoundingClientRect();
  const hidden = one.closest(".visually-hidden, svg") || !one.checkVisibility();
  return width && !hidden && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


def ask(instrument: str, *, seconds: int = 5, clips: int = 2, **keys: Any) -> Campaign:
    """Make a running campaign with one question, about films where it is one about time."""
    asked = {"name": "felt", "instrument": instrument, "prompt": "What is felt?", **keys}
    collection = factories.make_collection(0 if instrument in TIMED else clips, people=clips)
    person = factories.make_consenting_participant()
    for number in range(clips if instrument in TIMED else 0):
        media = f"clips/{collection.pk}-{number}.mp4"
        film_of = {"kind": "video", "mime": "video/mp4", "duration": seconds, "media": media}
        film(factories.make_clip(collection, person, **film_of), seconds)
    for clip in collection.clips.filter(kind="image"):
        factories.draw_media(clip)
    # A scheme needs a question that has to be answered.
    last = [] if keys.get("required", True) else [{**LAST}]
    return factories.make_campaign(collection, questions=[asked, *last], full_view=False)


def show(open_as: Callable[..., Page], campaign: Campaign, window: BrowserContext | None) -> Page:
    """Open the labelling page in a window, the usual one or another."""

    def opened(user: Any, address: str) -> Page:
        return open_as(user, address, window) if window else open_as(user, address)

    return open_desk(opened, campaign)


def widget(page: Page) -> Locator:
    return page.locator("[data-question=felt]").locator(
        "xpath=.//*[starts-with(name(), 'answer-')]"
    )


def value(page: Page) -> Any:
    return widget(page).evaluate("one => one.value")


def stored(page: Page, campaign: Campaign) -> Any:
    """Send the answer, and return what the server has of it."""
    page.get_by_role("button", name="Send").click()
    expect(page.locator(STATE)).to_have_text("Saved")
    return Label.objects.get(task__campaign=campaign).value["felt"]


def seek(page: Page, seconds: float) -> None:
    """Put the film at a time, and wait until it is there."""
    page.locator("video").evaluate(
        """(video, at) => new Promise((done) => {
          video.addEventListener("seeked", () => done(), { once: true });
          video.currentTime = at;
        })""",
        seconds,
    )


class Finger:
    """A finger on a touch screen, which can stay and move."""

    def __init__(self, page: Page) -> None:
        self.session: CDPSession = page.context.new_cdp_session(page)

    def down(self, x: float, y: float) -> None:
        self._send("touchStart", [{"x": x, "y": y}])

    def move(self, x: float, y: float) -> None:
        self._send("touchMove", [{"x": x, "y": y}])

    def up(self) -> None:
        self._send("touchEnd", [])

    def _send(self, kind: str, points: list[dict[str, float]]) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
